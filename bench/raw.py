# SPDX-License-Identifier: AGPL-3.0-or-later
"""Raw limits: what the database alone takes, one durable row after another, eight at a time."""

import secrets
import sqlite3
import tempfile
import threading
import time
from pathlib import Path

import psycopg

ROW_BYTES = 5_000  # about what a sealed declaration of one person takes
WRITERS = 8


def postgres_inserts(address: str, seconds: float = 3.0) -> float:
    """Return durable single-row inserts a second into a bare table."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS raw_limit")
        connection.execute("CREATE TABLE raw_limit (id uuid PRIMARY KEY, lookup bytea UNIQUE, "
                           "sealed bytea)")  # fmt: skip

    def insert(until: float, counts: list[int]) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            count, body = 0, secrets.token_bytes(ROW_BYTES)
            while time.perf_counter() < until:
                connection.execute(
                    "INSERT INTO raw_limit VALUES (gen_random_uuid(), %s, %s)",
                    (secrets.token_bytes(32), body),
                )
                count += 1
            counts.append(count)

    return _rate(insert, seconds)


def sqlite_inserts(seconds: float = 3.0) -> float:
    """Return durable single-row inserts a second into a bare SQLite table, one writer."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "raw.sqlite3", isolation_level=None)
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "CREATE TABLE raw_limit (id BLOB PRIMARY KEY, sealed BLOB)"
        )
        count, body, until = 0, secrets.token_bytes(ROW_BYTES), time.perf_counter() + seconds
        while time.perf_counter() < until:
            connection.execute(
                "INSERT INTO raw_limit VALUES (?, ?)", (secrets.token_bytes(16), body)
            )
            count += 1
        connection.close()
    return count / seconds


def _rate(insert: object, seconds: float) -> float:
    counts: list[int] = []
    until = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=insert, args=(until, counts))  # type: ignore[arg-type]
        for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds
