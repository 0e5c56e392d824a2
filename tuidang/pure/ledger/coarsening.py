# SPDX-License-Identifier: Apache-2.0
"""Which waiting leaves go out today, and how much is said of each.

Small company gives people away. So a leaf leaves only in a batch and in a cell of others
like it; it says less when it has waited for a week, and leaves in any case, flagged, after
three. Decides from plain values: which day it is, the caller says.

Source: `transparency-log.md` section 1. Someone who floods us with declarations of their
own defeats these minima; the threat model says so.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tuidang.pure.ledger.entries import (
    CARRIED_OVER,
    CLASS_WITHHELD,
    FLAG_BELOW_MINIMA,
    WITHHELD,
    Counted,
)

COARSEN_AFTER_DAYS = 7
OVERDUE_AFTER_DAYS = 21


@dataclass(frozen=True, slots=True)
class Minima:
    """The least number of D leaves in a batch, and in each (orgs, class) cell of it."""

    batch: int = 1000
    cell: int = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A D leaf as it would go out at best, and the day since which it could have."""

    leaf: Counted
    since: date


@dataclass(frozen=True, slots=True)
class Choice:
    """The D leaves that go out, as they are published, and the flags of their seal."""

    leaves: tuple[Counted, ...]
    flags: int


def choose(waiting: Iterable[Waiting], today: date, minima: Minima) -> Choice:
    """Return what goes out today: all that find company, and all that are overdue.

    A leaf is recognised by its commitment; orgs and class may be coarser than they came.
    The order of the result says nothing.
    """
    known = list(waiting)
    leaves = _coarsen(known, today, minima.cell)
    if len(leaves) < minima.batch:
        # A batch that must go out small takes nobody along who may still wait.
        leaves = _coarsen([each for each in known if _overdue(each, today)], today, minima.cell)
    return Choice(tuple(leaves), _flags(leaves, minima))


def corrections_decided_before(today: date) -> date:
    """Return the day (a Monday) before which the C leaves that go out today were decided.

    So they go out with the first batch of a week, all of the week before together. Seven days
    after the last ones would not do: after a quiet month the next correction would go out at
    once, and its batch would tell on which day somebody asked for it.
    """
    return today - timedelta(days=today.weekday())


def _coarsen(waiting: list[Waiting], today: date, minimum: int) -> list[Counted]:
    """Send each leaf out at the finest step at which enough go with it."""
    steps: list[Callable[[Waiting], Counted | None]] = [
        lambda each: each.leaf,
        lambda each: _without_class(each.leaf) if _old(each, today) else None,
        lambda each: _without_both(each.leaf) if _old(each, today) else None,
    ]
    leaving: list[Counted] = []
    for step in steps:
        found, waiting = _full_cells(waiting, step, minimum)
        leaving += found
    return leaving + [_without_both(each.leaf) for each in waiting if _overdue(each, today)]


def _full_cells(
    waiting: list[Waiting], step: Callable[[Waiting], Counted | None], minimum: int
) -> tuple[list[Counted], list[Waiting]]:
    """Return the leaves whose cell is full when told at this step, and those who wait on."""
    told = [(each, step(each)) for each in waiting]
    sizes = Counter(_cell(leaf) for _, leaf in told if leaf)
    leaving: list[Counted] = []
    staying: list[Waiting] = []
    for each, leaf in told:
        if leaf and sizes[_cell(leaf)] >= minimum:
            leaving.append(leaf)
        else:
            staying.append(each)
    return leaving, staying


def _flags(leaves: list[Counted], minima: Minima) -> int:
    if not leaves:
        return 0
    smallest = min(Counter(_cell(leaf) for leaf in leaves).values())
    below = len(leaves) < minima.batch or smallest < minima.cell
    return FLAG_BELOW_MINIMA if below else 0


def _cell(leaf: Counted) -> tuple[int, int]:
    return leaf.orgs, leaf.class_


def _without_class(leaf: Counted) -> Counted:
    """Keep only whether the leaf was carried over: that is no secret of the person."""
    class_ = CLASS_WITHHELD | leaf.class_ & CARRIED_OVER
    return Counted(leaf.orgs, class_, leaf.commitment)


def _without_both(leaf: Counted) -> Counted:
    return Counted(WITHHELD, CLASS_WITHHELD | leaf.class_ & CARRIED_OVER, leaf.commitment)


def _old(each: Waiting, today: date) -> bool:
    return (today - each.since).days >= COARSEN_AFTER_DAYS


def _overdue(each: Waiting, today: date) -> bool:
    return (today - each.since).days >= OVERDUE_AFTER_DAYS
