# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published figures, for the page and the interface: seals of the log, nothing else.

Every figure here can be recounted from the public files; claims about earlier times stand
beside them, apart. Nothing here may read a declaration, or count what is not published.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from django.conf import settings
from django.db.models import Sum

from tuidang.pure.ledger.batches import Minima
from tuidang.pure.ledger.entries import Seal, day_date
from tuidang.pure.tally import Period, Totals, by_day, cells_of, difference, totals
from tuidang.registry.tally.carried_over import Claim, claims
from tuidang.registry.tally.models import ReviewCount
from tuidang.registry.transparency.models import Batch


@dataclass(frozen=True, slots=True)
class Published:
    """What the log says up to its last seal, and what the days asked for added to it.

    `cells` are the last seal's (orgs, class) counts, which `totals` sums up; `days` has one
    period a sealed day, newest last; `in_period` is their sum. `reviewed` maps single,
    cluster and batch to persons, over the whole log. `checkpoint` is the signed text, empty
    before the log begins. `carried_over` are claims about the time before the log: no figure
    here holds any of them.
    """

    totals: Totals
    cells: dict[tuple[int, int], int]
    days: tuple[Period, ...]
    in_period: Totals
    reviewed: dict[str, int]
    checkpoint: str
    sealed_up_to: date | None
    batches: int
    minima: Minima
    minima_lowered: bool
    below_minima: bool
    carried_over: tuple[Claim, ...]


def published(first: date | None = None, last: date | None = None) -> Published:
    """Return the figures of the last seal, and the days from `first` to `last`, both inclusive.

    A day belongs to the period if its batch was sealed in it. Makes three queries.
    """
    batches = list(Batch.objects.published().order_by("number"))
    seals = [batch.seal for batch in batches]
    newest = seals[-1] if seals else None
    days = tuple(
        each
        for each in by_day(_one_a_day(seals))
        if (first is None or each.last_day >= first) and (last is None or each.last_day <= last)
    )
    minima = Minima(settings.MIN_BATCH, settings.MIN_CELL)
    return Published(
        totals=totals(cells_of(newest)),
        cells=cells_of(newest),
        days=days,
        in_period=totals(_added(seals, first, last)),
        reviewed=_reviewed(),
        checkpoint=batches[-1].checkpoint if batches else "",
        sealed_up_to=batches[-1].last_day if batches else None,
        batches=len(batches),
        minima=minima,
        minima_lowered=minima.batch < Minima().batch or minima.cell < Minima().cell,
        below_minima=any(each.below_minima for each in days),
        carried_over=claims(),
    )


def _one_a_day(seals: Iterable[Seal]) -> Iterator[Seal]:
    """Tell several batches of one day as one: the last of them, from where the first began."""
    for _, group in groupby(seals, key=lambda seal: seal.last_day):
        same = list(group)
        flags = max(seal.flags for seal in same)
        yield replace(same[-1], first_day=same[0].first_day, flags=flags)


def _added(seals: list[Seal], first: date | None, last: date | None) -> dict[tuple[int, int], int]:
    """Return the difference of two seals: the last within the period, and the last before it."""
    before = [seal for seal in seals if first is not None and day_date(seal.last_day) < first]
    until = [seal for seal in seals if last is None or day_date(seal.last_day) <= last]
    earlier = before[-1] if before else None
    later = until[-1] if len(until) > len(before) else earlier
    return difference(cells_of(later), cells_of(earlier))


def _reviewed() -> dict[str, int]:
    rows = ReviewCount.objects.values_list("manner").annotate(total=Sum("persons"))
    return dict(rows.order_by("manner"))
