# SPDX-License-Identifier: Apache-2.0
"""Quarters and milestones: the periods and counts that have a page of their own.

Plain calendar and arithmetic, so that a stranger finds the same pages. Nothing here may ask
what day it is: whether a quarter is over, the seals say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"([1-9][0-9]{3})-q([1-4])\Z")
FIRST_MILESTONES = (1_000, 10_000, 100_000, 1_000_000)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three calendar months, in UTC."""

    year: int
    number: int

    @property
    def name(self) -> str:
        """How it stands in an address, such as `2026-q4`."""
        return f"{self.year}-q{self.number}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.next().first_day - timedelta(days=1)

    def next(self) -> "Quarter":
        """Return the quarter after it."""
        years, number = divmod(self.number, 4)
        return Quarter(self.year + years, number + 1)


def quarter_of(day: date) -> Quarter:
    """Return the quarter that a day belongs to."""
    return Quarter(day.year, (day.month + 2) // 3)


def parse_quarter(name: str) -> Quarter | None:
    """Return the quarter of this name, None if there is no such quarter."""
    found = _NAME.match(name)
    return Quarter(int(found[1]), int(found[2])) if found else None


def milestones(persons: int) -> Iterator[int]:
    """Yield each milestone up to a count of persons, ascending.

    1,000, 10,000, 100,000 and 1 million; from there on each million, from 10 million each ten
    million, from 100 million each hundred million, and so on.
    """
    yield from (each for each in FIRST_MILESTONES if each <= persons)
    step, reached = FIRST_MILESTONES[-1], FIRST_MILESTONES[-1]
    while (reached := reached + step) <= persons:
        yield reached
        step = reached if reached == 10 * step else step
