#!/usr/bin/env bash
# SPDX-License-Identifier: AGPL-3.0-or-later
# Start a throw-away PostgreSQL 15 as an unprivileged user on a free port of the loopback interface.
# `scripts/postgres.sh start DIR` prints the address for TUIDANG_TEST_DATABASE; `stop DIR` ends it
# and deletes it. DIR must not exist before.
set -euo pipefail
action=${1:?start or stop}; folder=${2:?a folder}
bin=/usr/lib/postgresql/15/bin

# PostgreSQL refuses to run as root; Debian's package brings the user `postgres`.
as_user() { if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --clear-groups -- "$@"; else "$@"; fi; }

case $action in
  start)
    mkdir -m 700 "$folder"
    if [ "$(id -u)" = 0 ]; then chown postgres: "$folder"; fi
    cd /
    as_user "$bin/initdb" -D "$folder/data" -U tuidang -A trust -E UTF8 --locale=C.UTF-8 >/dev/null
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # Durability stays on, as in production: what the benchmark measures has reached the disk.
    as_user "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/server.log" \
      -o "-h 127.0.0.1 -p $port -k $folder -c max_connections=120 -c log_statement=none -c log_min_error_statement=panic ${TUIDANG_POSTGRES_OPTIONS:-}" \
      start >/dev/null
    as_user "$bin/createdb" -h 127.0.0.1 -p "$port" -U tuidang tuidang
    echo "postgresql://tuidang@127.0.0.1:$port/tuidang"
    ;;
  stop)
    cd /
    as_user "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null || true
    rm -rf "$folder"
    ;;
esac
