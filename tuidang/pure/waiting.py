# SPDX-License-Identifier: Apache-2.0
"""By which day to ask for something that is needed on a given day, reckoned from plain facts.

It must never promise: half of what went before took longer than the median.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

# Coarse buckets of urgency, and the most days that each of the first two means.
WEEK, MONTH, LATER = 1, 2, 3
_DAYS = {WEEK: 7, MONTH: 31}
# Without any figure: a publication, two volunteers, and room for one question.
GUESSED_DAYS = 7


@dataclass(frozen=True, slots=True)
class ApplyBy:
    """The last day to apply for what is needed on a day, and how many days were reckoned with.

    `late`: that day has passed. `guessed`: there was no figure to reckon with.
    """

    needed: date
    day: date
    days: int
    late: bool
    guessed: bool


def urgency_of(needed: date, today: date) -> int:
    """Give the bucket that a day falls into."""
    left = (needed - today).days
    return next((bucket for bucket, days in _DAYS.items() if left <= days), LATER)


def apply_by(needed: date, today: date, medians: Mapping[int, int | None]) -> ApplyBy:
    """Reckon the last day to apply: twice the median of the day's bucket, and one for the log.

    `medians` gives days by bucket, None where there are none; the most urgent bucket that has
    a figure stands in for one without. `needed` is not before `today`.
    """
    bucket = urgency_of(needed, today)
    known = [
        days for each in (bucket, WEEK, MONTH, LATER) if (days := medians.get(each)) is not None
    ]
    days = 2 * known[0] + 1 if known else GUESSED_DAYS
    last = needed - timedelta(days=days)
    return ApplyBy(needed, last, days, late=last < today, guessed=not known)
