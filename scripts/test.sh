#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Every test: the house rules, then all tests on SQLite, then those that touch a database on
# PostgreSQL, then the journeys in a real browser; at the end the coverage of all of them together.
set -euo pipefail
cd "$(dirname "$0")/.."
began=$SECONDS
scratch=$(mktemp -d)
finish() {
  [ ! -d "$scratch/postgres" ] || scripts/postgres.sh stop "$scratch/postgres"
  rm -rf "$scratch"
}
trap finish EXIT
chmod 711 "$scratch"
export COVERAGE_FILE="$scratch/coverage" TUIDANG_MEMORY="$scratch/memory"
unset TUIDANG_DATA TUIDANG_DATABASE DJANGO_SETTINGS_MODULE
mkdir -m 700 "$scratch/memory"
pytest=(.venv/bin/pytest -q -n 2 --cov --cov-report= --cov-append)

step() { echo; echo "== $* ($((SECONDS - began)) s)"; }

step "House rules"
scripts/check.sh
step "Tests on SQLite"
"${pytest[@]}" tests --ignore tests/journeys --ignore tests/architecture
step "Tests on PostgreSQL"
address=$(scripts/postgres.sh start "$scratch/postgres")
TUIDANG_TEST_DATABASE=$address "${pytest[@]}" tests/registry tests/web tests/cli
step "Journeys in a browser"
.venv/bin/pytest -q -s --cov --cov-report= --cov-append tests/journeys
step "Coverage"
.venv/bin/coverage combine --quiet --keep "$scratch" 2>/dev/null || true
.venv/bin/coverage report
step "All tests passed"
