# SPDX-License-Identifier: Apache-2.0
"""From entries to totals: how many persons, and what they named.

One person who leaves three organisations is one person; the figures of the organisations
therefore add up to more than the persons, and must never be added. What the figures do
not show stands in `transparency-log.md` section 1.

Cells map (orgs, class) to a number of persons. Differences may be negative: a correction
takes back what an earlier day counted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tuidang.pure.ledger.entries import (
    CARRIED_OVER,
    LEAGUE,
    PARTY,
    PIONEERS,
    UNSPECIFIED,
    WITHHELD,
    Correction,
    Counted,
    Entry,
    Seal,
    day_date,
)

Cells = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Totals:
    """Persons, counted once each, and how many of them fall under each heading.

    `party`, `league` and `pioneers` overlap. `unspecified` said "all"; `withheld` are
    those whose organisations are not published. `by_class` has the class without its
    carried-over bit; `carried_over` says how many have that bit.
    """

    persons: int
    party: int
    league: int
    pioneers: int
    unspecified: int
    withheld: int
    by_class: Mapping[int, int]
    carried_over: int


@dataclass(frozen=True, slots=True)
class Period:
    """What one batch added, for the days (UTC, inclusive) that its seal names."""

    first_day: date
    last_day: date
    below_minima: bool
    totals: Totals


def cells_of(seal: Seal | None) -> dict[tuple[int, int], int]:
    """Return the cumulative cells of a seal; none before the first one."""
    return {(cell.orgs, cell.class_): cell.count for cell in seal.cells} if seal else {}


def count(entries: Iterable[Entry]) -> dict[tuple[int, int], int]:
    """Return the net cells of these entries, recounted without looking at seals."""
    cells: dict[tuple[int, int], int] = {}
    for entry in entries:
        if isinstance(entry, Counted | Correction):
            step = 1 if isinstance(entry, Counted) else -1
            key = (entry.orgs, entry.class_)
            cells[key] = cells.get(key, 0) + step
    return {key: number for key, number in cells.items() if number}


def difference(later: Cells, earlier: Cells) -> dict[tuple[int, int], int]:
    """Return what was added between two seals, without the cells that did not change."""
    changes = {key: later.get(key, 0) - earlier.get(key, 0) for key in {*later, *earlier}}
    return {key: number for key, number in changes.items() if number}


def totals(cells: Cells) -> Totals:
    """Return the totals of these cells."""

    def naming(bit: int) -> int:
        named = ((orgs, n) for (orgs, _), n in cells.items() if orgs != WITHHELD)
        return sum(n for orgs, n in named if orgs & bit)

    def having(value: int) -> int:
        return sum(n for (orgs, _), n in cells.items() if orgs == value)

    by_class: dict[int, int] = {}
    for (_, class_), number in sorted(cells.items()):
        plain = class_ & ~CARRIED_OVER
        by_class[plain] = by_class.get(plain, 0) + number
    return Totals(
        persons=sum(cells.values()),
        party=naming(PARTY),
        league=naming(LEAGUE),
        pioneers=naming(PIONEERS),
        unspecified=having(UNSPECIFIED),
        withheld=having(WITHHELD),
        by_class=by_class,
        carried_over=sum(n for (_, class_), n in cells.items() if class_ & CARRIED_OVER),
    )


def by_day(seals: Iterable[Seal], before: Seal | None = None) -> Iterator[Period]:
    """Yield what each seal added to the one before it; `before` is the seal to start after."""
    earlier = before
    for seal in seals:
        added = totals(difference(cells_of(seal), cells_of(earlier)))
        days = day_date(seal.first_day), day_date(seal.last_day)
        yield Period(*days, seal.below_minima, added)
        earlier = seal
