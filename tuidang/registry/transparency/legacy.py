# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records from before the log on their way into it: a file, batch after batch, by the million.

How far a file has come is what its batches say, and nothing else: a batch that is undone gives
its lines back. Nothing of a record is kept in a table. The salts are drawn, used and forgotten,
so nobody can ever open these entries, and nobody holds a code for them.
"""

import os
from collections import Counter
from datetime import UTC, date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Sum

from tuidang.pure.ledger.batches import Previous, seal_batch
from tuidang.pure.ledger.coarsening import Minima
from tuidang.pure.ledger.entries import AUDIT_HEAD, CARRIED_OVER, Counted, Entry, OperatorNote
from tuidang.pure.ledger.legacy import RANDOMNESS, legacy_entries, tell
from tuidang.pure.ledger.received import receive
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.transparency.errors import (
    LegacyFileDone,
    LegacyFileUnfinished,
    LegacyLinesUnknown,
)
from tuidang.registry.transparency.legacy_table import Checked, LegacyTable
from tuidang.registry.transparency.models import Batch, LegacyBatch, LegacyFile
from tuidang.registry.transparency.plan import LegacyLines, Plan

CHUNK = 10_000  # records whose commitments are made at once


def find_begun(digest: bytes) -> LegacyFile | None:
    """Return the file whose import was begun; it was checked then, and is not checked again.

    Raises LegacyFileDone if all of it is in batches, LegacyFileUnfinished while another file
    is: one that was changed after its import began would count most people twice. Raises
    LegacyLinesUnknown in a database that has forgotten a part of what was imported.
    """
    _check_known()
    for row in LegacyFile.objects.all():
        done = progress(row)
        if bytes(row.digest) == digest and done == row.persons:
            raise LegacyFileDone(persons=row.persons)
        if bytes(row.digest) != digest and 0 < done < row.persons:
            raise LegacyFileUnfinished(
                digest=bytes(row.digest).hex(), done=done, persons=row.persons
            )
    return LegacyFile.objects.filter(digest=digest).first()


@transaction.atomic
def begin_import(checked: Checked, *, now: datetime, by: Doer = REGISTRY) -> LegacyFile:
    """Make the row of a file that was checked and has no bad lines; raises as `find_begun`."""
    begun = find_begun(checked.digest)
    if begun is not None:
        return begun
    row = LegacyFile.objects.create(digest=checked.digest, persons=checked.persons)
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
