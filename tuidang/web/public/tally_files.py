# SPDX-License-Identifier: AGPL-3.0-or-later
"""The totals for programs: JSON and CSV, from the same figures as the page.

The caveats of the page travel with them: a figure from before the log is never mixed in.
"""

import csv
import io
from datetime import date
from typing import Any

from tuidang.pure.tally import Period, Totals
from tuidang.registry.tally.carried_over import Claim
from tuidang.registry.tally.figures import Published

CLASSES = (0, 1, 2, 3, 7)
_COUNTED = ("persons", "party", "league", "pioneers", "unspecified", "withheld")
COLUMNS = (
    *("first_day", "last_day"),
    *_COUNTED,
    *(f"class_{klass}" for klass in CLASSES),
    "below_minima",
    "carried_over",
)
STATEMENTS = "/.well-known/tuidang/statements/"


def tally_json(
    figures: Published, first: date | None = None, last: date | None = None
) -> dict[str, Any]:
    """Write the totals of the last seal, and of the period asked for."""
    sealed = figures.sealed_up_to
    return {
        "sealed_up_to": sealed.isoformat() if sealed else None,
        "batches": figures.batches,
        "checkpoint": figures.checkpoint or None,
        "totals": _totals(figures.totals),
        "cells": [
            {"organizations": orgs, "class": klass, "persons": number}
            for (orgs, klass), number in sorted(figures.cells.items())
        ],
        "period": {
            "from": first.isoformat() if first else None,
            "to": last.isoformat() if last else None,
            "totals": _totals(figures.in_period),
            "days": [_day(period) for period in figures.days],
        },
        "reviewed": dict(figures.reviewed),
        "minima": {
            "batch": figures.minima.batch,
            "cell": figures.minima.cell,
            "lowered": figures.minima_lowered,
        },
        "carried_over": {
            "audited": False,
            "claims": [_claim(each) for each in figures.carried_over],
        },
    }


def tally_csv(figures: Published) -> str:
    """Write one line a sealed day, oldest first."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(day_row(period) for period in figures.days)
    return out.getvalue()


def day_row(period: Period) -> dict[str, str | int]:
    """Return what one sealed day added, by COLUMNS."""
    totals = period.totals
    return {
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        **{name: getattr(totals, name) for name in _COUNTED},
        **{f"class_{klass}": totals.by_class.get(klass, 0) for klass in CLASSES},
        "below_minima": int(period.below_minima),
        "carried_over": totals.carried_over,
    }


def _totals(totals: Totals) -> dict[str, Any]:
    return {
        "persons": totals.persons,
        "from_earlier_records": totals.carried_over,
        "organizations": {
            "party": totals.party,
            "league": totals.league,
            "pioneers": totals.pioneers,
            "unspecified": totals.unspecified,
            "withheld": totals.withheld,
        },
        "classes": {str(klass): totals.by_class.get(klass, 0) for klass in CLASSES},
    }


def _day(period: Period) -> dict[str, Any]:
    return {
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "below_minima": period.below_minima,
        **_totals(period.totals),
    }


def _claim(claim: Claim) -> dict[str, Any]:
    """Write a figure from before the log, with the file that is signed for it."""
    return {
        "persons": claim.persons,
        "as_of": claim.as_of.isoformat(),
        "source": claim.source,
        "source_url": claim.source_url or None,
        "language": claim.language,
        "recorded_on": claim.recorded_on.isoformat(),
        "statement": f"{STATEMENTS}{claim.sha256}.note",
        "sha256": claim.sha256,
        "index": claim.index,
    }
