# SPDX-License-Identifier: AGPL-3.0-or-later
"""The totals, as a page: what the last seal says, what that shows, and what it does not.

Every figure here can be recounted from the log. A total must never stand without the
sentences that say how to read it.
"""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse

from tuidang.pure.ledger.batches import Minima
from tuidang.pure.tally import Period
from tuidang.registry.tally.figures import Published, published
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.chart import Chart, bar_chart
from tuidang.web.public.pages import site_address
from tuidang.web.public.refusals import only
from tuidang.web.public.said_claims import SaidClaim, say_claims
from tuidang.web.public.said_totals import Row, SaidTotals, say_totals
from tuidang.web.shared.choices import MANNERS, word
from tuidang.web.shared.numbers import said_number

PAGE = "tally/"
# More days than this belong into the CSV file.
SHOWN_DAYS = 60


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
    said: SaidTotals
    claims: list[SaidClaim]
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
    return TallyView(
        figures=figures,
        said=say_totals(figures.totals, language),
        claims=say_claims(figures.carried_over, language),
        reviewed=[Row(word(MANNERS, m), said_number(figures.reviewed.get(m, 0))) for m in MANNERS],
        days=[_day(each) for each in reversed(days)],
        chart=bar_chart([(each.last_day, each.totals.persons) for each in days]),
        minima=figures.minima,
        usual=Minima(),
    )


def _day(period: Period) -> Day:
    return Day(period.last_day, said_number(period.totals.persons), period.below_minima)
