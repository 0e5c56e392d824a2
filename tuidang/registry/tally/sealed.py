# SPDX-License-Identifier: AGPL-3.0-or-later
"""The seals of all published batches, read once and then kept in memory.

A published batch never changes, so they are read again only when a newer one is there: after
ten years, reading them for every visitor would take a second of a processor. What may still
change, a checkpoint's further signatures, must not be kept here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

from tuidang.pure.ledger.entries import Seal, day_date
from tuidang.pure.tally import Period, by_day
from tuidang.registry.transparency.models import Batch


@dataclass(frozen=True, slots=True)
class SealedBatch:
    """A published batch: its seal, its last day (UTC), and the net count of persons after it."""

    seal: Seal
    day: date
    persons: int


@dataclass(frozen=True, slots=True)
class Sealed:
    """All published batches, oldest first, and what each sealed day added."""

    batches: tuple[SealedBatch, ...] = ()
    days: tuple[Period, ...] = ()


_known: tuple[UUID, Sealed] | None = None


def sealed(newest: Batch | None) -> Sealed:
    """Return the batches up to `newest`, which is the last published one. Makes no query or one."""
    global _known  # noqa: PLW0603 -- one for the whole process, replaced in one step
    if newest is None:
        return Sealed()
    if _known is None or _known[0] != newest.pk:
        _known = newest.pk, _read(newest)
    return _known[1]


def _read(newest: Batch) -> Sealed:
    rows = Batch.objects.published().filter(number__lte=newest.number)
    seals = [row.seal for row in rows.defer("checkpoint").order_by("number")]
    batches = tuple(
        SealedBatch(seal, day_date(seal.last_day), sum(cell.count for cell in seal.cells))
        for seal in seals
    )
    return Sealed(batches, tuple(by_day(_one_a_day(seals))))


def _one_a_day(seals: Iterable[Seal]) -> Iterator[Seal]:
    """Tell several batches of one day as one: the last of them, from where the first began."""
    for _, group in groupby(seals, key=lambda seal: seal.last_day):
        same = list(group)
        flags = max(seal.flags for seal in same)
        yield replace(same[-1], first_day=same[0].first_day, flags=flags)
