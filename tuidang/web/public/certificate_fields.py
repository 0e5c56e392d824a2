# SPDX-License-Identifier: AGPL-3.0-or-later
"""The part of an application that repeats: one person, with what was typed and what is wrong.

It must never show a receipt code that somebody typed into a wrong field.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from tuidang.pure.intake.organizations import ORGANIZATIONS, organization_byte
from tuidang.registry.certificates.actions import Wish
from tuidang.web.public.certificate_spelling import suggested
from tuidang.web.public.form_fields import Typed, holds_code, typed_one

# The fields of one person, below the person's place, and those that hold for all.
PARTS = (
    *("relation", "surname", "given", "chinese", "birth", "nobirth", "birthplace"),
    *("alias", "stated", "replaces"),
)
COMMON = ("proof", "look", "script", "urgency", "needed", "read")
_PLACES = {
    "legal_name": "surname",
    "birth_date": "birth",
    "chinese_name": "chinese",
    "birth_place": "birthplace",
    "show_alias": "alias",
    "stated_on": "stated",
}


@dataclass(repr=False)
class Block:
    """The fields of one person, numbered as in the declaration."""

    number: int
    values: dict[str, str]
    orgs: list[str]
    problems: dict[str, list[str]] = field(default_factory=dict)
    suggested: bool = False
    codes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """What the names of this person's fields begin with."""
        return f"c{self.number}"

    @property
    def more_open(self) -> bool:
        """Say whether the folded fields hold anything."""
        folded = ("alias", "stated", "replaces")
        return any(self.values[each] or each in self.problems for each in folded)

    def suggest(self) -> None:
        """Fill empty Latin fields with a guess at the Chinese name."""
        guess = suggested(self.values["chinese"])
        if guess and not self.values["surname"] and not self.values["given"]:
            self.values["surname"], self.values["given"] = guess
            self.suggested = True

    def own_problems(self) -> Iterator[tuple[str, str]]:
        """Give field and code of what keeps this person's fields from being a wish at all."""
        for part in self.codes:
            yield part, "statement_receipt_code"
        if not self.values["surname"]:
            yield "surname", "missing"
        for part in ("birth", "stated"):
            value = self.values[part]
            if part == "birth" and not value:
                yield part, "missing"
            elif value and not _is_day(value):
                yield part, "date_unreadable"

    def wish(self, *, script: str, look: str, with_proof: bool) -> Wish:
        """Put the fields into a wish; the days in them can be read."""
        surname, given = self.values["surname"], self.values["given"]
        stated = self.values["stated"]
        return Wish(
            number=self.number,
            legal_name=f"{surname}<<{given}" if given else surname,
            birth_date=date.fromisoformat(self.values["birth"]),
            relation=self.values["relation"],  # type: ignore[arg-type]  # the rules look
            chinese_name=self.values["chinese"],
            show_birth_date=not self.values["nobirth"],
            birth_place=self.values["birthplace"],
            orgs=organization_byte(self.orgs) if self.orgs else 0,
            show_alias=bool(self.values["alias"]),
            stated_on=date.fromisoformat(stated) if stated else None,
            with_proof=with_proof,
            script=script,  # type: ignore[arg-type]  # the rules look
            look=look,  # type: ignore[arg-type]  # the rules look
            replaces=self.values["replaces"],
        )

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Give the fields to be sent once more."""
        yield from ((f"{self.place}-{part}", value) for part, value in self.values.items() if value)
        yield from ((f"{self.place}-orgs", word) for word in self.orgs)


def read_block(typed: Typed, number: int) -> Block:
    """Read one person's fields; a receipt code in one of them is dropped and remembered."""
    place = f"c{number}"
    values = {part: typed_one(typed, f"{place}-{part}").strip() for part in PARTS}
    values["relation"] = values["relation"] or "self"
    codes = tuple(part for part, value in values.items() if holds_code(value))
    orgs = [word for word in ORGANIZATIONS if word in typed.get(f"{place}-orgs", [])]
    return Block(number, {**values, **dict.fromkeys(codes, "")}, orgs, codes=codes)


def place_of(wish_field: str) -> str:
    """Give the field of the page for a field of a wish."""
    return _PLACES.get(wish_field, wish_field)


def label_of(part: str, number: int) -> str:
    """Name a field in the active language, with the person where there is one."""
    labels = {
        "relation": gettext("Who applies"),
        "surname": gettext("Surname, in Latin letters as in the passport"),
        "given": gettext("Given names, in Latin letters as in the passport"),
        "chinese": gettext("Name in Chinese characters (optional)"),
        "birth": gettext("Birth date, as in the document"),
        "birthplace": gettext("Place of birth (optional)"),
        "orgs": gettext("Organisations on the page"),
        "alias": gettext("Alias"),
        "stated": gettext("An earlier day, if one was declared or published"),
        "replaces": gettext("Number of a certificate that this one corrects"),
        "look": gettext("Shall somebody look at a document?"),
        "script": gettext("Writing on the page"),
        "urgency": gettext("Needed"),
        "needed": gettext("Day of an interview or a flight (optional)"),
        "word": gettext("Second word"),
        "read": gettext("What a seized certificate proves against its holder"),
    }
    label = labels.get(part, "")
    return f"{label} ({number})" if number > 1 and label else label


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
