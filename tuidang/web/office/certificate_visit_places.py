# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where on the form of a visit something is wrong, and what its fields are called."""

from dataclasses import dataclass

from django.utils.translation import gettext

# What the rules call a field, and what the form calls it.
PLACES = {
    "organizations": "orgs",
    "declared_by": "relation",
    "stated_on": "stated",
    "legal_name": "surname",
    "birth_date": "birth",
    "chinese_name": "chinese",
    "birth_place": "birthplace",
    "show_alias": "alias",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that is wrong: the field's id, its label, and words."""

    place: str
    label: str
    words: str


def label_of(place: str) -> str:
    """Name a field in the active language."""
    labels = {
        "name": gettext("Name to be declared"),
        "orgs": gettext("Organisations declared"),
        "relation": gettext("Who applies"),
        "consent": gettext("Do they agree?"),
        "surname": gettext("Surname, in Latin letters as in the passport"),
        "given": gettext("Given names, in Latin letters as in the passport"),
        "chinese": gettext("Name in Chinese characters (optional)"),
        "birth": gettext("Birth date, as in the document"),
        "birthplace": gettext("Place of birth (optional)"),
        "page_orgs": gettext("Organisations on the page"),
        "alias": gettext("Alias"),
        "stated": gettext("An earlier day, if one was declared or published"),
        "check": gettext("Identity check"),
        "word": gettext("Second word"),
        "read": gettext("What the visitor has to know"),
    }
    return labels.get(place, "")
