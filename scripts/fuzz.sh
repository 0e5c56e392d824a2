#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Every parser with 10,000 cases (500 in `make test`): all tests that `tests/fuzzing.py` marks.
set -euo pipefail
cd "$(dirname "$0")/.."
export TUIDANG_HYPOTHESIS=nightly
unset TUIDANG_DATA TUIDANG_DATABASE DJANGO_SETTINGS_MODULE
mapfile -t files < <(grep -rl --include='test_*.py' '^@fuzzed' tests | sort)
exec .venv/bin/pytest -q -n 2 -m fuzzed "${files[@]}"
