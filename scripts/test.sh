#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Every test: the house rules, then all tests on SQLite with the coverage of code and templates,
# then those that touch a database on PostgreSQL, then the journeys in a real browser.
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
step() { echo; echo "== $* ($((SECONDS - began)) s)"; }

step "House rules"
scripts/check.sh
step "Tests on SQLite, and how much they cover"
tests=(tests --ignore tests/journeys --ignore tests/architecture)
.venv/bin/pytest -q -n 2 --dist worksteal -m "not slow and not fuzzed" --cov --cov-report=term "${tests[@]}"
step "Long tests on SQLite: faults, fuzzing, deaths; measuring them would take twice as long"
.venv/bin/pytest -q -n 2 --dist worksteal -m "slow or fuzzed" "${tests[@]}"
step "Tests on PostgreSQL"
address=$(scripts/postgres.sh start "$scratch/postgres")
TUIDANG_TEST_DATABASE=$address .venv/bin/pytest -q -n 2 --dist worksteal -m "not slow and not fuzzed" tests/registry tests/web tests/cli
step "Journeys in a browser"
.venv/bin/pytest -q -n 2 --dist loadfile tests/journeys
step "All tests passed"
