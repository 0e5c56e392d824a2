# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures by day for programs, with what each column counts and what it does not.

The same lines as the interface gives, free of rights. Nothing may stand here that the seals
of the public log do not say.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop

from tuidang.registry.tally.figures import Published, published
from tuidang.web.public.log_files import JSON, MINUTES, OPEN
from tuidang.web.public.refusals import only
from tuidang.web.public.tally_files import COLUMNS, day_row, tally_csv
from tuidang.web.shared.choices import CLASSES

CSV = "text/csv; charset=utf-8"
LICENCE = {"id": "CC0-1.0", "url": "https://creativecommons.org/publicdomain/zero/1.0/"}
CAVEATS = (
    gettext_noop(
        "The figure covers three organisations. Nearly all pupils join the Young Pioneers. It "
        "cannot be compared with the number of Party members."
    ),
    gettext_noop(
        "The log shows that the totals are the sum of its entries, and that nothing was removed "
        "or back-dated since it began. It does not show that the entries are distinct, real "
        "people."
    ),
)
# In English in the file, in each language on the page.
MEANINGS: Mapping[str, str] = {
    "first_day": gettext_noop(
        "The first day (UTC) that the seal of the batch covers: the day after the line before. "
        "In the first line the day on which the first declaration came in."
    ),
    "last_day": gettext_noop(
        "The day (UTC) on which the batch was sealed. It tells when people were published, not "
        "when they declared."
    ),
    "persons": gettext_noop(
        "People added to the count, each once, whatever number of organisations they named. "
        "Corrections are subtracted; where they prevail, the number is negative."
    ),
    "party": gettext_noop(
        "How many of them named the Communist Party. Somebody may name several organisations: "
        "the columns on organisations overlap and must not be added."
    ),
    "league": gettext_noop("How many of them named the Youth League."),
    "pioneers": gettext_noop("How many of them named the Young Pioneers."),
    "unspecified": gettext_noop(
        "How many said “all”, or did not say which organisation. They are in none of the three "
        "columns before."
    ),
    "withheld": gettext_noop(
        "How many belong to a group so small that their organisations are not published."
    ),
    **{f"class_{klass}": words for klass, words in CLASSES.items()},
    "below_minima": gettext_noop(
        "1 if a batch of this line went out below the minima, because people had waited for three "
        "weeks; otherwise 0."
    ),
    "carried_over": gettext_noop(
        "How many of the people come from records older than the log. They are counted in all "
        "columns before, too."
    ),
}


@only("GET", "HEAD")
def days_csv(_request: HttpRequest) -> HttpResponse:
    """Give one line a sealed day."""
    return HttpResponse(tally_csv(published()), content_type=CSV, headers=_HEADERS)


@only("GET", "HEAD")
def days_json(_request: HttpRequest) -> HttpResponse:
    """Give the same lines with everything that is needed to read them."""
    body = json.dumps(days(published()), ensure_ascii=False, indent=1).encode() + b"\n"
    return HttpResponse(body, content_type=JSON, headers=_HEADERS)


def days(figures: Published) -> dict[str, Any]:
    """Return the lines, what their columns mean, and the checkpoint that they come from."""
    sealed = figures.sealed_up_to
    return {
        "version": 1,
        "origin": figures.checkpoint.partition("\n")[0] or None,
        "licence": LICENCE,
        "time_zone": "UTC",
        "sealed_up_to": sealed.isoformat() if sealed else None,
        "checkpoint": figures.checkpoint or None,
        "minima": {
            "batch": figures.minima.batch,
            "cell": figures.minima.cell,
            "lowered": figures.minima_lowered,
        },
        "read_first": list(CAVEATS),
        "columns": {name: MEANINGS[name] for name in COLUMNS},
        "days": [day_row(period) for period in figures.days],
    }


_HEADERS = {**OPEN, "Cache-Control": MINUTES}
