# SPDX-License-Identifier: AGPL-3.0-or-later
"""Totals in words: the rows of their tables, and the sentence on who spoke.

One way to say a total on every page. It must never add up what overlaps.
"""

from dataclasses import dataclass

from django.utils.translation import gettext

from tuidang.pure.ledger.entries import (
    CLASS_WITHHELD,
    OTHER_NAMED,
    OTHER_UNNAMED,
    SELF_ALIAS,
    SELF_NAMED,
)
from tuidang.pure.tally import Totals
from tuidang.web.shared.choices import CLASSES, ORGANIZATIONS, word
from tuidang.web.shared.numbers import said_number, said_roughly


@dataclass(frozen=True)
class Row:
    """One line of a table: words and a number, as people read them."""

    words: str
    number: str


@dataclass(frozen=True)
class SaidTotals:
    """Totals as people read them; `roughly`, `untold` and `carried_over` may be empty."""

    persons: str
    roughly: str
    own: str
    others: str
    unnamed: str
    untold: str
    carried_over: str
    organizations: list[Row]
    unlike: list[Row]
    classes: list[Row]


def say_totals(totals: Totals, language: str) -> SaidTotals:
    """Put totals into the active language, whose code `language` is."""
    return SaidTotals(
        persons=said_number(totals.persons),
        roughly=said_roughly(totals.persons, language),
        **_speakers(totals),
        carried_over=said_number(totals.carried_over) if totals.carried_over else "",
        organizations=_organizations(totals),
        unlike=_unlike(totals),
        classes=[
            Row(word_of(klass), said_number(n)) for klass, n in sorted(totals.by_class.items())
        ],
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
