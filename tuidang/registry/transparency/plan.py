# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the next batch will hold, read from the tables once and then fixed.

Nothing here writes. A plan is about to become public, so it must never hold more than the
log may say: entries, and which rows they stand for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tuidang.pure.ledger.batches import (
    Choice,
    Minima,
    Previous,
    Waiting,
    choose,
    corrections_decided_before,
    seal_batch,
)
from tuidang.pure.ledger.entries import (
    AUDIT_HEAD,
    Counted,
    Entry,
    Link,
    OperatorNote,
    Seal,
    day_date,
)
from tuidang.pure.ledger.received import receive
from tuidang.registry.transparency.corrections import entry_of
from tuidang.registry.transparency.models import Correction, Leaf, LeafQuerySet, Note, Received
from tuidang.registry.transparency.models import Link as LinkRow

Row = tuple[UUID, bytes, int, int, date]  # id, commitment, orgs, class, accepted on


@dataclass(frozen=True, slots=True)
class LegacyLines:
    """Which lines of a legacy file a batch holds: from `first`, `end` not included."""

    file_id: UUID
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One batch: its entries, and the rows that they stand for.

    Leaves, corrections and links are found by their commitment, notes by kind and digest;
    `received` are the rows that R covers. Legacy entries have no rows, only lines of a file.
    """

    first_index: int
    entries: Sequence[Entry]
    leaves: dict[bytes, UUID]
    received: list[UUID]
    corrections: dict[bytes, UUID] = field(default_factory=dict)
    links: dict[bytes, UUID] = field(default_factory=dict)
    notes: dict[tuple[int, bytes], UUID] = field(default_factory=dict)
    legacy: LegacyLines | None = None

    @property
    def seal(self) -> Seal:
        """The last entry."""
        seal = self.entries[-1]
        assert isinstance(seal, Seal)  # noqa: S101 -- seal_batch ends every batch with one
        return seal

    @property
    def size(self) -> int:
        """The size of the log after this batch."""
        return self.first_index + len(self.entries)

    def counted(self) -> list[tuple[int, Counted]]:
        """Return the D entries, each with its index in the log."""
        numbered = enumerate(self.entries, self.first_index)
        return [(index, entry) for index, entry in numbered if isinstance(entry, Counted)]


def next_plan(
    previous: Previous | None, *, audit_head: bytes, now: datetime, at_once: bool
) -> Plan:
    """Return the batch that would be published now, which is not before the last one.

    No D entry of it is carried over: earlier records have batches of their own.
    """
    today = now.astimezone(UTC).date()
    waiting = list(_waiting(Leaf.objects.waiting(now=now, at_once=at_once)))
    choice = _choose(waiting, today)
    arrived = {bytes(c): row for row, c in _unsealed().values_list("id", "commitment")}
    corrections = {bytes(row.commitment): row for row in _corrections(today)}
    links = list(LinkRow.objects.unpublished())
    notes = _notes()
    entries = seal_batch(
        [
            *choice.leaves,
            *(entry_of(row) for row in corrections.values()),
            *(Link(bytes(row.commitment), bytes(row.nullifier)) for row in links),
            *(OperatorNote(*each) for each in notes),
            OperatorNote(AUDIT_HEAD, audit_head),
        ],
        receive(arrived),
        previous,
        first_day=_first_day(previous, today),
        last_day=today,
        flags=choice.flags,
    )
    leaving = {leaf.commitment for leaf in choice.leaves}
    return Plan(
        first_index=previous.index + 1 if previous else 0,
        entries=entries,
        leaves={row[1]: row[0] for row in waiting if row[1] in leaving},
        received=list(arrived.values()),
        corrections={commitment: row.id for commitment, row in corrections.items()},
        links={bytes(row.commitment): row.id for row in links},
        notes=notes,
    )


def _waiting(leaves: LeafQuerySet) -> Iterator[Row]:
    """Give the leaves that have waited longest, up to MAX_BATCH, so that memory stays bounded.

    Where there are more, also the oldest MIN_CELL of every cell: so a cell looks small only if
    it is, and nobody says less, or goes out flagged, because their company was not looked at.
    """
    oldest = list(_rows(leaves, settings.MAX_BATCH))
    yield from oldest
    if len(oldest) < settings.MAX_BATCH:
        return
    known = {row[0] for row in oldest}
    for orgs, klass in leaves.order_by("orgs", "klass").values_list("orgs", "klass").distinct():
        cell = leaves.filter(orgs=orgs, klass=klass)
        yield from (row for row in _rows(cell, settings.MIN_CELL) if row[0] not in known)


def _rows(leaves: LeafQuerySet, most: int) -> Iterator[Row]:
    """Give the rows that have waited longest; among those of a day, chance decides."""
    columns = ("id", "commitment", "orgs", "klass", "day")
    for row, commitment, *said in leaves.order_by("day", "id")[:most].values_list(*columns):
        yield row, bytes(commitment), *said


def _choose(rows: Sequence[Row], today: date) -> Choice:
    """Let the minima decide who goes out, and how much is said of each."""
    known = (Waiting(Counted(orgs, klass, c), since) for _, c, orgs, klass, since in rows)
    return choose(known, today, Minima(settings.MIN_BATCH, settings.MIN_CELL))


def _corrections(today: date) -> QuerySet[Correction]:
    waiting = Correction.objects.filter(index=None, day__lt=corrections_decided_before(today))
    return waiting.select_related("leaf")


def _notes() -> dict[tuple[int, bytes], UUID]:
    """Give the notes that wait. The same digest under another kind waits for the next batch:
    notes of one batch ascend strictly by their digests."""
    rows = Note.objects.filter(index=None).order_by("-kind").values_list("kind", "digest", "id")
    by_digest = {bytes(digest): (kind, row) for kind, digest, row in rows}
    return {(kind, digest): row for digest, (kind, row) in by_digest.items()}


def _first_day(previous: Previous | None, today: date) -> date:
    """The first batch begins with the day on which the first commitment came in."""
    if previous is None:
        earliest = _unsealed().order_by("day").values_list("day", flat=True).first()
        return min(earliest or today, today)
    sealed = day_date(previous.seal.last_day)
    return min(today, sealed + timedelta(days=1))


def _unsealed() -> QuerySet[Received]:
    return Received.objects.filter(batch=None)
