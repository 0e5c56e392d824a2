# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the next batch will hold, read from the tables once and then fixed.

Nothing here writes. A plan is about to become public, so it must never hold more than the
log may say: entries, and which rows they stand for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from tuidang.pure.ledger.batches import Choice, Minima, Previous, Waiting, choose, seal_batch
from tuidang.pure.ledger.entries import (
    AUDIT_HEAD,
    Counted,
    Entry,
    OperatorNote,
    Seal,
    day_date,
)
from tuidang.pure.ledger.received import receive
from tuidang.registry.transparency.models import Leaf, Received


@dataclass(frozen=True, slots=True)
class Plan:
    """One batch: its entries, the rows of its leaves and its received commitments."""

    first_index: int
    entries: Sequence[Entry]
    leaves: dict[bytes, UUID]
    received: list[UUID]

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
    """Return the batch that would be published now, which is not before the last one."""
    today = now.astimezone(UTC).date()
    waiting = list(
        Leaf.objects.waiting(now=now, at_once=at_once).values_list(
            "id", "commitment", "orgs", "klass", "day"
        )
    )
    choice = _choose([(bytes(c), orgs, klass, day) for _, c, orgs, klass, day in waiting], today)
    arrived = {bytes(c): row for row, c in _unsealed().values_list("id", "commitment")}
    entries = seal_batch(
        [*choice.leaves, OperatorNote(AUDIT_HEAD, audit_head)],
        receive(arrived),
        previous,
        first_day=_first_day(previous, today),
        last_day=today,
        flags=choice.flags,
    )
    leaving = {leaf.commitment for leaf in choice.leaves}
    leaves = {bytes(row[1]): row[0] for row in waiting if bytes(row[1]) in leaving}
    first_index = previous.index + 1 if previous else 0
    return Plan(first_index, entries, leaves, list(arrived.values()))


def _choose(rows: Sequence[tuple[bytes, int, int, date]], today: date) -> Choice:
    """Let the minima decide who goes out, and how much is said of each."""
    known = (Waiting(Counted(orgs, klass, c), since) for c, orgs, klass, since in rows)
    return choose(known, today, Minima(settings.MIN_BATCH, settings.MIN_CELL))


def _first_day(previous: Previous | None, today: date) -> date:
    """The first batch begins with the day on which the first commitment came in."""
    if previous is None:
        earliest = _unsealed().order_by("day").values_list("day", flat=True).first()
        return min(earliest or today, today)
    sealed = day_date(previous.seal.last_day)
    return min(today, sealed + timedelta(days=1))


def _unsealed() -> QuerySet[Received]:
    return Received.objects.filter(batch=None)
