# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published figures, for the page and the interface: seals of the log, nothing else.

Every figure here can be recounted from the public files; claims about earlier times stand
beside them, apart. Nothing here may read a declaration, or count what is not published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Sum

from tuidang.pure.ledger.batches import Minima
from tuidang.pure.tally import Period, Totals, cells_of, difference, totals
from tuidang.registry.tally.carried_over import Claim, claims
from tuidang.registry.tally.models import ReviewCount
from tuidang.registry.tally.sealed import SealedBatch, sealed
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

    A day belongs to the period if its batch was sealed in it. Makes three queries,
    and one more where a batch is new.
    """
    newest = Batch.objects.published().last_batch()
    known = sealed(newest)
    days = tuple(
        each
        for each in known.days
        if (first is None or each.last_day >= first) and (last is None or each.last_day <= last)
    )
    minima = Minima(settings.MIN_BATCH, settings.MIN_CELL)
    return Published(
        totals=totals(cells_of(newest.seal if newest else None)),
        cells=cells_of(newest.seal if newest else None),
        days=days,
        in_period=totals(_added(known.batches, first, last)),
        reviewed=_reviewed(),
        checkpoint=newest.checkpoint if newest else "",
        sealed_up_to=newest.last_day if newest else None,
        batches=len(known.batches),
        minima=minima,
        minima_lowered=minima.batch < Minima().batch or minima.cell < Minima().cell,
        below_minima=any(each.below_minima for each in days),
        carried_over=claims(),
    )


def _added(
    batches: Sequence[SealedBatch], first: date | None, last: date | None
) -> dict[tuple[int, int], int]:
    """Return the difference of two seals: the last within the period, and the last before it."""
    before = [each.seal for each in batches if first is not None and each.day < first]
    until = [each.seal for each in batches if last is None or each.day <= last]
    earlier = before[-1] if before else None
    later = until[-1] if len(until) > len(before) else earlier
    return difference(cells_of(later), cells_of(earlier))


def _reviewed() -> dict[str, int]:
    rows = ReviewCount.objects.values_list("manner").annotate(total=Sum("persons"))
    return dict(rows.order_by("manner"))
