# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages to cite: one for each quarter, one for each milestone, and their index.

What stands on the page of a quarter that is over, or of a milestone, comes from seals alone
and must give the same bytes for ever: no clock, no figure that may still change. Only what the
operator sets for the whole site can change around it.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext

from tuidang.pure.ledger.batches import Minima
from tuidang.pure.periods import parse_quarter
from tuidang.registry.tally import periods
from tuidang.web.public.answers import rendered, tagged_answer
from tuidang.web.public.refusals import only, refuse
from tuidang.web.public.said_totals import say_totals
from tuidang.web.shared.numbers import said_number

PAGE = "figures/"


@only("GET", "HEAD")
def index(request: HttpRequest, language: str) -> HttpResponseBase:
    """List the quarters and milestones that have a page."""
    found = periods.index()
    told = {
        "quarters": found.quarters,
        "running": found.running,
        "milestones": [{"persons": n, "words": said_number(n)} for n in found.milestones],
    }
    return tagged_answer(request, rendered("figures", language, PAGE, index=told))


@only("GET", "HEAD")
def quarter(request: HttpRequest, language: str, name: str) -> HttpResponseBase:
    """Show what a quarter added; 404 before the log begins, and for quarters to come."""
    named = parse_quarter(name)
    figures = periods.quarter_figures(named) if named else None
    if named is None or figures is None:
        return refuse(request, 404)
    words = gettext("Quarter %(number)s of %(year)s") % {"number": named.number, "year": named.year}
    values = {
        "figures": figures,
        "added": say_totals(figures.added, language),
        "total": say_totals(figures.standing.totals, language),
    }
    return _shown(request, language, f"{PAGE}{name}/", "quarter", words, figures.standing, values)


@only("GET", "HEAD")
def milestone(request: HttpRequest, language: str, persons: str) -> HttpResponseBase:
    """Show the batch that first reached a count of persons; 404 until one has."""
    figures = periods.milestone(int(persons))
    if figures is None:
        return refuse(request, 404)
    number = said_number(figures.persons)
    words = gettext("%(persons)s people counted") % {"persons": number}
    values = {
        "milestone": figures,
        "persons": number,
        "total": say_totals(figures.standing.totals, language),
    }
    page = f"{PAGE}{persons}/"
    return _shown(request, language, page, "milestone", words, figures.standing, values)


def _shown(
    request: HttpRequest,
    language: str,
    page: str,
    template: str,
    words: str,
    standing: periods.Standing,
    values: dict[str, Any],
) -> HttpResponse:
    citation = gettext(
        "Register of Declarations (%(origin)s): %(what)s, as of %(day)s (UTC), size of the log "
        "%(size)s. %(address)s"
    ) % {
        "origin": standing.checkpoint.partition("\n")[0],
        "what": words,
        "day": standing.day.isoformat(),
        "size": standing.size,
        "address": f"{request.scheme}://{request.get_host()}/{language}/{page}",
    }
    html = rendered(template, language, page, citation=citation, minima=_minima(), **values)
    return tagged_answer(request, html)


def _minima() -> dict[str, Any]:
    now, usual = Minima(settings.MIN_BATCH, settings.MIN_CELL), Minima()
    lowered = now.batch < usual.batch or now.cell < usual.cell
    return {"now": now, "usual": usual, "lowered": lowered}
