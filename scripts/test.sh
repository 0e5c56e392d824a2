#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Every test: the house rules, then all tests on SQLite with the coverage of code and templates, but
# for the long ones, which follow without it; then the journeys in a real browser, and beside them
# those tests on PostgreSQL that touch a database.
set -euo pipefail
cd "$(dirname "$0")/.."
began=$SECONDS journeys=0 on_postgres=0 postgres=
# In memory where there is room: thousands of tests wait for a disk that none of them pulls out.
shared=/dev/shm
if [ "$(df --output=avail "$shared" 2>/dev/null | tail -n 1)" -gt 2000000 ] 2>/dev/null &&
  ! grep -q "^[^ ]* $shared [^ ]* [^ ]*noexec" /proc/mounts; then
  scratch=$(mktemp -d -p "$shared")
else
  scratch=$(mktemp -d)
fi
finish() {
  if [ -n "$postgres" ]; then
    kill "$postgres" 2>/dev/null || true
    wait "$postgres" || true
  fi
  [ ! -d "$scratch/postgres" ] || scripts/postgres.sh stop "$scratch/postgres"
  rm -rf "$scratch"
}
trap finish EXIT
chmod 711 "$scratch"
export COVERAGE_FILE="$scratch/coverage" TUIDANG_MEMORY="$scratch/memory" TMPDIR="$scratch"
unset TUIDANG_DATA TUIDANG_DATABASE DJANGO_SETTINGS_MODULE
# Hundreds of processes start; compiling all they import each time would take a minute.
unset PYTHONDONTWRITEBYTECODE
# A database that lives for two minutes need not survive a power cut.
export TUIDANG_POSTGRES_OPTIONS="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
mkdir -m 700 "$scratch/memory"
step() { echo; echo "== $* ($((SECONDS - began)) s)"; }

step "House rules"
scripts/check.sh
step "Tests on SQLite, and how much they cover"
tests=(tests --ignore tests/journeys --ignore tests/architecture)
long="slow or fuzzed or hypothesis or unmeasured"
.venv/bin/pytest -q -n 2 --dist worksteal -m "not ($long)" --cov --cov-report=term "${tests[@]}"
step "Long tests on SQLite: faults, fuzzing, deaths; measuring them would take twice as long"
.venv/bin/pytest -q -n 2 --dist worksteal -m "$long" "${tests[@]}"
step "Journeys in a browser, and beside them, since they often wait, tests on PostgreSQL"
address=$(scripts/postgres.sh start "$scratch/postgres")
TUIDANG_TEST_DATABASE=$address .venv/bin/pytest -q -n 2 --dist worksteal -m "not slow and not fuzzed" \
  tests/registry tests/web tests/cli >"$scratch/postgres.txt" 2>&1 &
postgres=$!
.venv/bin/pytest -q -n 2 --dist loadfile tests/journeys || journeys=$?
step "What the tests on PostgreSQL said"
wait "$postgres" || on_postgres=$?
postgres=
cat "$scratch/postgres.txt"
[ "$journeys$on_postgres" = 00 ]
step "All tests passed"
