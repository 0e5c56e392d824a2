# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing into the rows what the log says about them, for tens of thousands at once.

Only called inside the transaction that commits a batch. It must touch exactly the planned
rows: one that was taken back meanwhile overturns the plan.
"""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Case, Value, When

from tuidang.pure.ledger.entries import Counted
from tuidang.registry.transparency.errors import PlanOvertaken
from tuidang.registry.transparency.models import Batch, Leaf, Received
from tuidang.registry.transparency.plan import Plan

CHUNK = 400  # one CASE arm and one IN value a row; SQLite once allowed 999 of both

Numbered = tuple[int, Counted]


def mark_leaves(plan: Plan, batch: Batch) -> None:
    """Give each planned leaf its index and its published cell; PlanOvertaken if one is gone."""
    for chunk in _chunks_by_cell(plan.counted()):
        cell = chunk[0][1]
        places = {plan.leaves[entry.commitment]: index for index, entry in chunk}
        arms = [When(pk=pk, then=Value(index)) for pk, index in places.items()]
        marked = (
            Leaf.objects.unpublished()
            .filter(pk__in=places)
            .update(
                index=Case(*arms),
                batch=batch,
                published_orgs=cell.orgs,
                published_klass=cell.class_,
                hold_until=None,
            )
        )
        if marked != len(chunk):
            raise PlanOvertaken


def mark_received(plan: Plan, batch: Batch) -> None:
    """Say which R covers each planned commitment."""
    for start in range(0, len(plan.received), CHUNK):
        chunk = plan.received[start : start + CHUNK]
        if Received.objects.filter(pk__in=chunk, batch=None).update(batch=batch) != len(chunk):
            raise PlanOvertaken


def _chunks_by_cell(counted: list[Numbered]) -> Iterator[list[Numbered]]:
    """Yield the leaves in chunks that say the same: one statement can set what they share."""

    def cell(each: Numbered) -> tuple[int, int]:
        return each[1].orgs, each[1].class_

    for _, group in groupby(sorted(counted, key=cell), key=cell):
        row = list(group)
        for start in range(0, len(row), CHUNK):
            yield row[start : start + CHUNK]
