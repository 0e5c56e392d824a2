#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Write the locked requirement files anew: versions and hashes, no server named.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-.uv/bin/uv}
for name in base run test page uv; do
  "$uv" pip compile --quiet --generate-hashes --python-version 3.11 --no-emit-index-url --no-header \
    "requirements/$name.in" -o "requirements/$name.txt"
done
