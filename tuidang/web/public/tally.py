# SPDX-License-Identifier: AGPL-3.0-or-later
"""The totals, as a page: what the last seal says, what that shows, and what it does not.

Every figure here can be recounted from the log. A total must never stand without the
sentences that say how to read it.
"""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from tuidang.pure.ledger.batches import Minima
from tuidang.pure.ledger.entries import (
    CLASS_WITHHELD,
    OTHER_NAMED,
    OTHER_UNNAMED,
    SELF_ALIAS,
    SELF_NAMED,
)
from tuidang.pure.tally import Period, Totals
from tuidang.registry.tally.figures import Published, published
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.chart import Chart, bar_chart
from tuidang.web.public.pages import site_address
from tuidang.web.public.refusals import only
from tuidang.web.shared.choices import CLASSES, MANNERS, ORGANIZATIONS, word
from tuidang.web.shared.numbers import said_number, said_roughly

PAGE = "tally/"
# More days than this belong into the CSV file.
SHOWN_DAYS = 60


@dataclass(frozen=True)
class Row:
    """One line of a table: words and a number, as people read them."""

    words: str
    number: str


@dataclass(frozen=True)
class Day:
    """One sealed day."""

    day: date
    persons: str
    below_minima: bool


@dataclass(frozen=True)
class TallyView:
    """The page's figures in words."""

    figures: Published
    persons: str
    roughly: str
    own: str
    others: str
    unnamed: str
    untold: str
    organizations: list[Row]
    unlike: list[Row]
    classes: list[Row]
    reviewed: list[Row]
    days: list[Day]
    chart: Chart | None
    minima: Minima
    usual: Minima


@only("GET", "HEAD")
def tally(request: HttpRequest, language: str) -> HttpResponse:
    """Show the totals of the last seal."""
    view = tally_view(published(), language)
    page = rendered("tally", language, PAGE, tally=view, address=site_address(request))
    return answer(request, page)


def tally_view(figures: Published, language: str) -> TallyView:
    """Put the figures into words."""
    days = figures.days[-SHOWN_DAYS:]
    totals = figures.totals
    return TallyView(
        figures=figures,
        persons=said_number(totals.persons),
        roughly=said_roughly(totals.persons, language),
        **_speakers(totals),
        organizations=_organizations(totals),
        unlike=_unlike(totals),
        classes=[Row(word_of(klass), said_number(n)) for klass, n in totals.by_class.items()],
        reviewed=[Row(word(MANNERS, m), said_number(figures.reviewed.get(m, 0))) for m in MANNERS],
        days=[_day(each) for each in reversed(days)],
        chart=bar_chart([(each.last_day, each.totals.persons) for each in days]),
        minima=figures.minima,
        usual=Minima(),
    )


def word_of(klass: int) -> str:
    """Say a class of the log in the active language."""
    return gettext(CLASSES[klass]) if klass in CLASSES else str(klass)


def _speakers(totals: Totals) -> dict[str, str]:
    """Say how many spoke for themselves; `untold` is empty where every class is published."""
    by_class = totals.by_class
    unnamed, untold = by_class.get(OTHER_UNNAMED, 0), by_class.get(CLASS_WITHHELD, 0)
    return {
        "own": said_number(by_class.get(SELF_NAMED, 0) + by_class.get(SELF_ALIAS, 0)),
        "others": said_number(by_class.get(OTHER_NAMED, 0) + unnamed),
        "unnamed": said_number(unnamed),
        "untold": said_number(untold) if untold else "",
    }


def _organizations(totals: Totals) -> list[Row]:
    named = {"party": totals.party, "league": totals.league, "pioneers": totals.pioneers}
    return [Row(word(ORGANIZATIONS, code), said_number(number)) for code, number in named.items()]


def _unlike(totals: Totals) -> list[Row]:
    """Give those whose organisations are not known one by one."""
    rows = [Row(word(ORGANIZATIONS, "unspecified"), said_number(totals.unspecified))]
    if totals.withheld:
        rows.append(Row(word_of(CLASS_WITHHELD), said_number(totals.withheld)))
    return rows


def _day(period: Period) -> Day:
    return Day(period.last_day, said_number(period.totals.persons), period.below_minima)
