# SPDX-License-Identifier: AGPL-3.0-or-later
"""A file of earlier records, read line by line, however long it is.

It is a list of people: nothing of a line may be kept, printed, or stand in an error.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from tuidang.pure.intake.legacy_records import MAX_LINE, LegacyRecordError, RecordReader
from tuidang.pure.ledger.legacy import Cell, LegacyRecord
from tuidang.registry.transparency.errors import LegacyFileChanged

MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line (the heading is 1) that cannot be read, with a code and plain words."""

    line: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a whole file holds: its SHA-256, persons by (orgs, class), and the first bad lines."""

    digest: bytes
    cells: Mapping[Cell, int]
    problems: tuple[BadLine, ...]

    @property
    def persons(self) -> int:
        """How many lines the file has below its heading."""
        return sum(self.cells.values())


class LegacyTable:
    """A file of earlier records, open for as long as it is imported; reads it line by line.

    Raises LegacyRecordError where the heading is none, LegacyFileChanged where somebody writes
    to the file meanwhile.
    """

    def __init__(self, path: Path, *, today: date) -> None:
        self._file = path.open("rb")
        self._state = self._now()
        try:
            self._reader = RecordReader(self._file.readline(MAX_LINE + 1), today=today)
        except LegacyRecordError:
            self._file.close()
            raise
        self._start = self._file.tell()
        self._next = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def digest(self) -> bytes:
        """Return the SHA-256 of the whole file, by which an import that was begun is known."""
        self._file.seek(0)
        digest = hashlib.file_digest(self._file, "sha256").digest()
        self._check_same()
        self._rewind()
        return digest

    def check(self) -> Checked:
        """Read everything once, and say what is there and what cannot be read."""
        digest = self.digest()
        cells: Counter[Cell] = Counter()
        problems: list[BadLine] = []
        for number, line in enumerate(self._lines(), 2):
            try:
                record = self._reader.read(line)
            except LegacyRecordError as error:
                problems.append(BadLine(number, error.code, error.message))
                if len(problems) == MOST_PROBLEMS:
                    break
            else:
                cells[record.orgs, record.class_] += 1
        if not cells and not problems:
            problems.append(BadLine(2, "empty", "there is no line below the heading"))
        self._check_same()
        self._rewind()
        return Checked(digest, cells, tuple(problems))

    def read(self, first: int, end: int) -> list[LegacyRecord]:
        """Return the records from `first` (from 0) up to `end`, which the file is known to have."""
        if self._next != first:
            self._rewind()
            for _ in zip(range(first), self._lines(), strict=False):
                pass
        wanted = zip(range(first, end), self._lines(), strict=False)
        try:
            records = [self._reader.read(line) for _, line in wanted]
        except LegacyRecordError as error:
            raise LegacyFileChanged from error
        self._next = end
        self._check_same()
        if len(records) != end - first:
            raise LegacyFileChanged
        return records

    def _lines(self) -> Iterator[bytes]:
        """Give the lines from here on; one that is too long comes in pieces, each refused."""
        while line := self._file.readline(MAX_LINE + 1):
            yield line

    def _rewind(self) -> None:
        self._file.seek(self._start)
        self._next = 0

    def _now(self) -> tuple[int, int, int]:
        found = os.fstat(self._file.fileno())
        return found.st_size, found.st_mtime_ns, found.st_ino

    def _check_same(self) -> None:
        if self._now() != self._state:
            raise LegacyFileChanged
