# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records from before the log on their way into it: a file, batch after batch, by the million.

How far a file has come is what its batches say, and nothing else: a batch that is undone gives
its lines back. Nothing of a record is kept in a table. The salts are drawn, used and forgotten,
so nobody can ever open these entries, and nobody holds a code for them.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Sum

from tuidang.pure.intake.legacy_records import MAX_LINE, LegacyRecordError, RecordReader
from tuidang.pure.ledger.batches import Previous, seal_batch
from tuidang.pure.ledger.coarsening import Minima
from tuidang.pure.ledger.entries import AUDIT_HEAD, CARRIED_OVER, Counted, Entry, OperatorNote
from tuidang.pure.ledger.legacy import RANDOMNESS, Cell, LegacyRecord, legacy_entries, tell
from tuidang.pure.ledger.received import receive
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.transparency.errors import (
    LegacyFileChanged,
    LegacyFileDone,
    LegacyFileUnfinished,
    LegacyLinesUnknown,
)
from tuidang.registry.transparency.models import Batch, LegacyBatch, LegacyFile
from tuidang.registry.transparency.plan import LegacyLines, Plan

CHUNK = 10_000  # records whose commitments are made at once
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

    def check(self) -> Checked:
        """Read everything once, and say what is there and what cannot be read."""
        self._file.seek(0)
        digest = hashlib.file_digest(self._file, "sha256").digest()
        self._rewind()
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


@transaction.atomic
def begin_import(checked: Checked, *, now: datetime, by: Doer = REGISTRY) -> LegacyFile:
    """Return the row of a file that was checked, made now unless its import was begun before.

    Raises LegacyFileDone if all of it is in batches, LegacyFileUnfinished while another file
    is: one that was changed after its import began would count most people twice. Raises
    LegacyLinesUnknown in a database that has forgotten a part of what was imported.
    """
    _check_known()
    for row in LegacyFile.objects.all():
        done = progress(row)
        if bytes(row.digest) == checked.digest and done == row.persons:
            raise LegacyFileDone(persons=row.persons)
        if bytes(row.digest) != checked.digest and 0 < done < row.persons:
            raise LegacyFileUnfinished(
                digest=bytes(row.digest).hex(), done=done, persons=row.persons
            )
    row, made = LegacyFile.objects.get_or_create(
        digest=checked.digest, defaults={"persons": checked.persons}
    )
    if made:
        day = now.astimezone(UTC).date()
        audit.record("import_records", row.id, by=by, day=day, persons=checked.persons)
    return row


def _check_known() -> None:
    """Hold that every carried-over person of the log stands in a batch of some file."""
    last = Batch.objects.last_batch()
    cells = last.cells if last else []
    carried = sum(count for _, class_, count in cells if class_ & CARRIED_OVER)
    spans = LegacyBatch.objects.aggregate(lines=Sum(F("end") - F("first")))
    known = spans["lines"] or 0
    if carried > known:
        raise LegacyLinesUnknown(carried=carried, known=known)


def progress(file: LegacyFile) -> int:
    """Return how many lines of a file are in batches, published or under way."""
    end: int | None = file.batches.aggregate(end=Max("end"))["end"]
    return end or 0


class LegacyPlans:
    """Makes the plans of a file's batches, for `actions.publish(plan=…)`."""

    def __init__(self, table: LegacyTable, file: LegacyFile, *, most: int) -> None:
        self._table = table
        self._file = file
        self._most = most

    def __call__(
        self, previous: Previous | None, *, audit_head: bytes, now: datetime, at_once: bool
    ) -> Plan:
        """Return the plan of the next lines; the publisher is alone while it asks.

        Commitments received are left for the daily batch: these persons were not received.
        """
        today = now.astimezone(UTC).date()
        first = progress(self._file)
        end = self._end(first)
        persons, flags = self._entries(first, end, day=today)
        body: list[Entry] = [*persons, OperatorNote(AUDIT_HEAD, audit_head)]
        entries = seal_batch(
            body, receive(()), previous, first_day=today, last_day=today, flags=flags
        )
        return Plan(
            first_index=previous.index + 1 if previous else 0,
            entries=entries,
            leaves={},
            received=[],
            legacy=LegacyLines(self._file.pk, first, end),
        )

    def _end(self, first: int) -> int:
        """Take a rest along that would be too small for a batch of its own."""
        end = first + self._most
        return self._file.persons if self._file.persons - end < settings.MIN_BATCH else end

    def _entries(self, first: int, end: int, *, day: date) -> tuple[list[Counted], int]:
        records = self._table.read(first, end)
        sizes = Counter((each.orgs, each.class_) for each in records)
        told = tell(sizes, Minima(settings.MIN_BATCH, settings.MIN_CELL))
        entries: list[Counted] = []
        for start in range(0, len(records), CHUNK):
            chunk = records[start : start + CHUNK]
            entries += legacy_entries(
                chunk,
                told.cells,
                origin=settings.ORIGIN,
                day=day,
                randomness=os.urandom(RANDOMNESS * len(chunk)),
            )
        return entries, told.flags
