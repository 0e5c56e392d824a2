# SPDX-License-Identifier: AGPL-3.0-or-later
"""Quarters and milestones as the seals tell them, for pages that can be cited.

What is said of a quarter that is over, or of a milestone, must never change again: it comes
from the seals of published batches alone, and no clock is asked. A quarter is over once a
batch of a later one is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tuidang.pure.merkle.notes import split_note
from tuidang.pure.periods import Quarter, milestones, quarter_of
from tuidang.pure.tally import Totals, cells_of, difference, totals
from tuidang.registry.tally.sealed import SealedBatch, sealed
from tuidang.registry.transparency.models import Batch


@dataclass(frozen=True, slots=True)
class Standing:
    """The log after one batch: its totals, and the checkpoint with the log's own signatures.

    Lines of witnesses and auditors are left out: they may still be added.
    """

    batch: int
    day: date
    size: int
    totals: Totals
    checkpoint: str


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """What the batches of a quarter added, and the log as it stood after the last of them.

    `days` has the day of each of these batches, oldest first.
    """

    quarter: Quarter
    over: bool
    days: tuple[date, ...]
    below_minima: int
    added: Totals
    standing: Standing


@dataclass(frozen=True, slots=True)
class Milestone:
    """A count of persons, and the log after the batch that first reached it."""

    persons: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class Index:
    """Which quarters and milestones there are, newest first; the first quarter may go on."""

    quarters: tuple[Quarter, ...]
    running: Quarter | None
    milestones: tuple[int, ...]


def index() -> Index:
    """Return what has a page."""
    batches = _batches()
    if not batches:
        return Index((), None, ())
    first, last = quarter_of(batches[0].day), quarter_of(batches[-1].day)
    quarters = [first]
    while quarters[-1] < last:
        quarters.append(quarters[-1].next())
    most = max(batch.persons for batch in batches)
    return Index(tuple(reversed(quarters)), last, tuple(reversed(list(milestones(most)))))


def quarter_figures(quarter: Quarter) -> QuarterFigures | None:
    """Return the figures of a quarter, None before the log begins or after its last batch.

    A batch belongs to the quarter of its last day.
    """
    batches = _batches()
    until = [each for each in batches if quarter_of(each.day) <= quarter]
    if not until or quarter_of(batches[-1].day) < quarter:
        return None
    within = [each for each in until if quarter_of(each.day) == quarter]
    before = until[-len(within) - 1] if len(within) < len(until) else None
    earlier = cells_of(before.seal) if before else {}
    return QuarterFigures(
        quarter=quarter,
        over=len(until) < len(batches),
        days=tuple(each.day for each in within),
        below_minima=sum(each.seal.below_minima for each in within),
        added=totals(difference(cells_of(until[-1].seal), earlier)),
        standing=_standing(until[-1]),
    )


def milestone(persons: int) -> Milestone | None:
    """Return the first batch after which this many persons were counted, None if it is no
    milestone or has not been reached."""
    if persons not in milestones(persons):
        return None
    reached = (each for each in _batches() if each.persons >= persons)
    batch = next(reached, None)
    return Milestone(persons, _standing(batch)) if batch else None


def own_lines(checkpoint: str) -> str:
    """Return a checkpoint with the lines of the log and its clock alone."""
    text, lines = split_note(checkpoint.encode())
    origin = text.partition("\n")[0]
    own = [line.text for line in lines if line.name in (origin, f"{origin}/clock")]
    return f"{text}\n{''.join(own)}"


def _batches() -> Sequence[SealedBatch]:
    return sealed(Batch.objects.published().last_batch()).batches


def _standing(after: SealedBatch) -> Standing:
    batch = Batch.objects.get(number=after.seal.batch)
    return Standing(
        batch=batch.number,
        day=batch.last_day,
        size=batch.size,
        totals=totals(cells_of(after.seal)),
        checkpoint=own_lines(batch.checkpoint),
    )
