#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# The figures, in one run, written to docs/benchmarks.md.
set -euo pipefail
cd "$(dirname "$0")/.."
unset TUIDANG_DATA TUIDANG_DATABASE DJANGO_SETTINGS_MODULE
exec .venv/bin/python -m bench
