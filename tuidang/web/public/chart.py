# SPDX-License-Identifier: AGPL-3.0-or-later
"""A bar chart as the numbers of an inline SVG; the template draws it.

It must never be the only place where a figure stands: the table beside it has them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tuidang.web.shared.numbers import said_number

WIDTH = 640
HEIGHT = 200
_TOP = 20
_BOTTOM = 24
_LEFT = 84
_WIDEST_BAR = 28.0
# Fewer days than this do not fill the width, so that a first day does not look like a wall.
_FEWEST = 7


@dataclass(frozen=True)
class Bar:
    """One bar, in the units of the drawing."""

    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Chart:
    """The whole drawing; `most` is what the upper line stands for."""

    bars: list[Bar]
    most: str
    first: str
    last: str
    base: int = HEIGHT - _BOTTOM
    top: int = _TOP
    left: int = _LEFT
    right: int = WIDTH
    height: int = HEIGHT


def bar_chart(days: Sequence[tuple[date, int]]) -> Chart | None:
    """Draw persons by day, oldest first; None where there is nothing to see."""
    most = max((number for _, number in days), default=0)
    if most <= 0:
        return None
    step = (WIDTH - _LEFT) / max(len(days), _FEWEST)
    bars = [_bar(place, number / most, step) for place, (_, number) in enumerate(days)]
    first, last = days[0][0].isoformat(), days[-1][0].isoformat()
    return Chart(bars, said_number(most), first, last if len(days) > 1 else "")


def _bar(place: int, share: float, step: float) -> Bar:
    width = min(step * 0.8, _WIDEST_BAR)
    # A day on which corrections prevail has no bar; its number stands in the table.
    height = max(share, 0) * (HEIGHT - _TOP - _BOTTOM)
    x = _LEFT + place * step + (step - width) / 2
    return Bar(f"{x:.1f}", f"{HEIGHT - _BOTTOM - height:.1f}", f"{width:.1f}", f"{height:.1f}")
