# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lock store: the newest checkpoint that this log has signed, apart from everything else.

Putting a checkpoint here is the moment at which a batch is decided. It must never go back, so it
must never be restored from a backup, and never lie in the database that one restores.

Source: `transparency-log.md` section 11.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tuidang.registry.transparency.durable import free_bytes, make_folder
from tuidang.registry.transparency.errors import LockMoved, LockUnusable

NAME = "checkpoint.sqlite"
TABLE = """
    CREATE TABLE IF NOT EXISTS checkpoint
    (id INTEGER PRIMARY KEY CHECK (id = 1), note TEXT NOT NULL)
"""
SECONDS = 10  # to wait for another process that reads or writes


class LockStore(Protocol):
    """One signed checkpoint, replaced in one step."""

    def read(self) -> str | None:
        """Return the newest signed checkpoint, None where nothing was ever put in."""

    def swap(self, old: str | None, new: str) -> None:
        """Put `new` where `old` is, durably before it returns; raises LockMoved if it is not.

        Any other error leaves open which of the two is there now: only `read` knows.
        """

    def free_bytes(self) -> int:
        """Return how much room its file system has."""


class SqliteLock:
    """A lock store in a small SQLite database of its own, made by the first swap."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> str | None:
        """Return the newest signed checkpoint, None where nothing was ever put in."""
        if not (self.folder / NAME).exists():
            return None
        with self._open() as connection:
            connection.execute("BEGIN")
            known = connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
            return _present(connection) if known else None

    def swap(self, old: str | None, new: str) -> None:
        """Replace `old` by `new`; raises LockMoved or LockUnusable."""
        make_folder(self.folder)
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(TABLE)
            if _present(connection) != old:
                raise LockMoved
            connection.execute("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)", [new])
            connection.execute("COMMIT")

    def free_bytes(self) -> int:
        """Return how much room its file system has."""
        return free_bytes(self.folder)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """EXTRA: the folder is synced too after a journal is gone, so that no commit comes undone.

        Closing rolls back what was not committed.
        """
        try:
            connection = sqlite3.connect(self.folder / NAME, SECONDS, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = EXTRA")
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise LockUnusable(why=str(error)) from error


def _present(connection: sqlite3.Connection) -> str | None:
    row = connection.execute("SELECT note FROM checkpoint").fetchone()
    return row[0] if row else None
