# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where in the form a problem belongs: from a path of the interface to a field and its label.

A path that belongs to no field leads to the top of the page, not to a guess.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from tuidang.pure.intake.problems import LineProblem
from tuidang.web.shared.messages import problem_words

_PERSON = re.compile(r"persons\[(\d+)\](?:\.(\w+))?")
_PARTS = {"kind": "kind", "organizations": "orgs", "declared_by": "by", "consent": "consent"}
_PLACES = {
    "persons": "p1-name",
    "unnamed": "others-count",
    "unnamed.count": "others-count",
    "unnamed.organizations": "others-orgs",
    "unnamed.declared_by": "others-by",
    "unnamed.consent": "others-consent",
    "total": "total",
    "statement": "statement",
    "place": "country",
    "place.country": "country",
    "place.province": "province",
    "stated_on": "stated-on",
    "bind": "surname",
    "bind.legal_name": "surname",
    "bind.birth_date": "birth",
    "earlier_receipt": "earlier",
}


@dataclass(frozen=True)
class Told:
    """One line of the summary: the field's place and label (empty for none), and the words."""

    place: str
    label: str
    words: str


def person_of(path: str) -> tuple[int, str] | None:
    """Give the person (from 0) and the part of the field that a path names, if it names one."""
    found = _PERSON.fullmatch(path)
    return (int(found[1]), _PARTS.get(found[2] or "", "name")) if found else None


def place_of(path: str, *, unnamed_in_list: bool) -> str:
    """Give the place of a path that names no single person; "" where there is none."""
    place = _PLACES.get(path, "")
    if unnamed_in_list and place.startswith("others-"):
        return place.replace("others-count", "names").replace("others-", "names-")
    return place


def label_of(place: str) -> str:
    """Name a field in the active language."""
    if place.startswith("others-"):
        return gettext("And others, without names")
    if place.startswith("names"):
        return gettext("Many names at once")
    labels = {
        "p1-name": gettext("You"),
        "total": gettext("Check the number of people"),
        "statement": gettext("Statement"),
        "country": gettext("Country or region"),
        "province": gettext("Province or state, nothing finer"),
        "stated-on": gettext("If it was said on an earlier day: which"),
        "surname": gettext("Bind my legal name to it"),
        "given": gettext("Bind my legal name to it"),
        "birth": gettext("Birth date"),
        "earlier": gettext("Receipt code of the earlier declaration"),
    }
    return labels.get(place, "")


def line_words(problem: LineProblem) -> str:
    """Say what is wrong with a line of a list."""
    words = problem_words(problem.code, problem.facts)
    if not problem.line:
        return words
    return gettext("Line %(line)s: %(words)s") % {"line": problem.line, "words": words}
