#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Make .venv from the locked requirement file `run` or `test`, with uv from PyPI, and install tuidang into it.
set -euo pipefail
cd "$(dirname "$0")/.."
set_name=${1:?run or test}
python=${PYTHON:-python3}

command -v "$python" >/dev/null || scripts/packages.sh python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "tuidang needs Python 3.11 or newer; $("$python" --version) is installed." >&2; exit 1; }
"$python" -c 'import ensurepip' 2>/dev/null || scripts/packages.sh python3-venv
# What certificates are printed with: full GBK and Big5, and names beyond the common characters.
scripts/packages.sh fonts-noto-cjk fonts-hanazono
# libatomic1 is what the driver of the browser is linked with; gcc builds the hash kernel.
if [ "$set_name" = test ]; then scripts/packages.sh chromium postgresql-15 age poppler-utils qpdf zbar-tools libatomic1 strace openssl gcc libc6-dev; fi

# uv lives beside the environment, because `uv pip sync` removes whatever the lock does not name.
if ! cmp -s requirements/uv.txt .uv/requirements.txt; then
  "$python" -m venv --clear .uv
  .uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
  cp requirements/uv.txt .uv/requirements.txt
fi
[ -x .venv/bin/python ] || "$python" -m venv --without-pip .venv
# Compiled now, once: three processes that each compile Django at their start take ten seconds.
.uv/bin/uv pip sync --quiet --compile-bytecode --python .venv/bin/python --require-hashes "requirements/$set_name.txt"
.uv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
.venv/bin/python scripts/compile_words.py
# Tests need the verifying page; an installation without npm starts all the same and says what is missing.
if [ "$set_name" = test ]; then scripts/page.sh --strict; else scripts/page.sh; fi
.venv/bin/python -m compileall -q tuidang
[ "$set_name" = test ] && touch .venv/test.stamp || rm -f .venv/test.stamp
touch .venv/run.stamp
