# SPDX-License-Identifier: Apache-2.0
"""What a witness remembers, in one SQLite file: the last tree head of each log.

Whatever it is told in a turn is on the disk before the turn ends, and turns of all threads
and processes come one after another. It must never forget a head, nor replace one by a
smaller: no copy of this file may be put back from a backup.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

FILE = "witness.sqlite3"
WAIT = 10  # seconds for the turn of another request
_TABLES = """
CREATE TABLE IF NOT EXISTS cosigner (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    vkey TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS heads (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    time INTEGER NOT NULL CHECK (time > 0),
    note BLOB NOT NULL
);
CREATE TRIGGER IF NOT EXISTS heads_only_grow BEFORE UPDATE ON heads
WHEN NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root != OLD.root)
    OR NEW.time < OLD.time OR NEW.origin != OLD.origin
BEGIN SELECT RAISE(ABORT, 'a head never goes back'); END;
CREATE TRIGGER IF NOT EXISTS heads_stay BEFORE DELETE ON heads
BEGIN SELECT RAISE(ABORT, 'a head is never forgotten'); END;
"""


class MemoryRefused(Exception):
    """The memory cannot be used; the message says why, in plain English."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last head that was cosigned for a log, and the note with the witness's own line."""

    size: int
    root: bytes
    time: int
    note: bytes


class Turn:
    """One exclusive look at the memory; what is put is kept when the turn ends well."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def head(self, origin: str) -> Remembered | None:
        """Return what was last cosigned for this origin."""
        asked = "SELECT size, root, time, note FROM heads WHERE origin = ?"
        row = self._connection.execute(asked, (origin,)).fetchone()
        return Remembered(*row) if row else None

    def last_time(self) -> int:
        """Return the latest time that was ever put under a cosignature, 0 for none."""
        (time,) = self._connection.execute("SELECT coalesce(max(time), 0) FROM heads").fetchone()
        return int(time)

    def put(self, origin: str, head: Remembered) -> None:
        """Keep this head instead of the last; sqlite3.IntegrityError if it goes back."""
        self._connection.execute(
            "INSERT INTO heads VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET"
            " size = excluded.size, root = excluded.root, time = excluded.time,"
            " note = excluded.note",
            (origin, head.size, head.root, head.time, head.note),
        )


class Memory:
    """The memory of one witness key. Safe for many threads and processes at once."""

    def __init__(self, folder: Path, vkey: str) -> None:
        """Open or begin it; MemoryRefused if it is another key's or cannot be used."""
        self._file = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._connection() as connection:
                connection.executescript(f"BEGIN IMMEDIATE; {_TABLES} COMMIT;")
            with self._transaction() as connection:
                connection.execute("INSERT OR IGNORE INTO cosigner VALUES (1, ?)", (vkey,))
                (owner,) = connection.execute("SELECT vkey FROM cosigner").fetchone()
        except (OSError, sqlite3.Error) as error:
            raise MemoryRefused(f"the memory cannot be used: {error}") from error
        if owner != vkey:
            raise MemoryRefused("the memory belongs to another key")

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Give one turn; sqlite3.Error if it cannot be had or kept, and then nothing is."""
        with self._transaction() as connection:
            yield Turn(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        # One for each turn: sqlite3 objects belong to one thread, and 0.2 ms is no matter.
        opened = sqlite3.connect(self._file, timeout=WAIT, isolation_level=None)
        with closing(opened) as connection:
            # EXTRA also syncs the folder, so that a deleted journal cannot come back.
            connection.execute("PRAGMA synchronous = EXTRA")
            yield connection
