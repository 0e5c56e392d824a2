# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was deleted must not lie on in SQLite's write-ahead log.

`secure_delete` overwrites it in the database file; the write-ahead log keeps old pages until
it is emptied. PostgreSQL has rules of its own (design, section 5): WAL, replicas and backups
last at most 30 days there.
"""

from django.db import connection

WAIT_MS = 500  # a checkpoint that waits for readers holds up writers


def empty_journal() -> bool:
    """Write SQLite's write-ahead log into the database and cut it to nothing.

    Returns whether that worked; a long reader can be in the way, then call again later. Must
    not be called inside a transaction.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_MS}")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
    return not busy
