# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody applies for, and what keeps it from standing on a certificate.

Checked where it is typed, before anything is sealed. A problem may carry the characters that
no font has, since the page shows them to who typed them; nothing else that was typed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tuidang.pure.credential.claim_rules import MAX_CHINESE_NAME, MAX_PLACE
from tuidang.pure.credential.face import Script
from tuidang.pure.credential.numbers import NumberError, read_number
from tuidang.pure.ledger.links import LinkError, canonical_legal_name
from tuidang.pure.naming import MAX_NAME, name_problem
from tuidang.registry.certificates.paper.errors import FontsMissing
from tuidang.registry.certificates.paper.fonts import missing_characters

Relation = Literal["self", "relative", "friend"]
Look = Literal["none", "desk", "call"]

RELATIONS: tuple[Relation, ...] = ("self", "relative", "friend")
LOOKS: tuple[Look, ...] = ("none", "desk", "call")
SCRIPTS = ("Hans", "Hant")
FIRST_BIRTH = date(1900, 1, 1)
OF_AGE = 18

# What can be wrong with a field of a wish, for which whoever shows it has words.
WISH_PROBLEMS: Mapping[str, str] = {
    "legal_name_parts": "Surname and given names are not told apart.",
    "legal_name_form": "The legal name is not written as in the machine-readable zone.",
    "birth_date_range": "The birth date lies before 1900 or in the future.",
    "minor_alone": "Somebody under age applies, or a friend for them; a parent has to.",
    "chinese_name_form": "The Chinese name is not one name of at most 40 characters.",
    "birth_place_form": "The place of birth is not a text of at most 60 visible characters.",
    "unprintable": "No font of the paper has some of the characters.",
    "orgs_not_declared": "An organisation is chosen that the declaration does not name.",
    "alias_none": "The alias is to be shown, and no alias was declared.",
    "stated_range": "The stated day lies in the future, or before the Party was founded.",
    "replaces_form": "The number of the certificate to be replaced is not one.",
    "replaces_unknown": "No valid certificate of this person has the number to be replaced.",
    "choice_unknown": "A value is none of those offered.",
    "does_not_fit": "Together it is more than fits into the code on the paper.",
}
FOUNDED = date(1921, 7, 1)


@dataclass(frozen=True, slots=True)
class WishProblem:
    """What is wrong with the field `where` of the wish for person `number`; see WISH_PROBLEMS."""

    number: int
    where: str
    code: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Wish:
    """A certificate that is wished for one person of a declaration, numbered from 1.

    `legal_name` as `canonical_legal_name` understands it. The birth date is always needed, and
    is left off the paper on wish. `orgs` are those that the paper shall name, 0 for none.
    `replaces` is the number of a certificate of the same person that this one supersedes.
    """

    number: int
    legal_name: str
    birth_date: date
    relation: Relation = "self"
    chinese_name: str = ""
    show_birth_date: bool = True
    birth_place: str = ""
    orgs: int = 0
    show_alias: bool = False
    stated_on: date | None = None
    with_proof: bool = True
    script: Script = "Hans"
    look: Look = "none"
    replaces: str = ""

    def __repr__(self) -> str:
        return f"Wish(number={self.number})"


def wish_problems(wish: Wish, *, day: date) -> Iterator[WishProblem]:
    """Give everything that can be seen to be wrong without the declaration."""

    def problem(field_name: str, code: str, **facts: str) -> WishProblem:
        return WishProblem(wish.number, field_name, code, facts)

    try:
        canonical_legal_name(wish.legal_name)
    except LinkError as error:
        yield problem("legal_name", error.code)
    if not FIRST_BIRTH <= wish.birth_date <= day:
        yield problem("birth_date", "birth_date_range")
    elif wish.relation != "relative" and _is_minor(wish.birth_date, day):
        yield problem("relation", "minor_alone")
    if wish.stated_on is not None and not FOUNDED <= wish.stated_on <= day:
        yield problem("stated_on", "stated_range")
    choices = ((wish.relation, RELATIONS), (wish.look, LOOKS), (wish.script, SCRIPTS))
    names = ("relation", "look", "script")
    for name, (value, offered) in zip(names, choices, strict=True):
        if value not in offered:
            yield problem(name, "choice_unknown")
    if wish.replaces and not _is_number(wish.replaces):
        yield problem("replaces", "replaces_form")
    yield from _text_problems(wish)


def _text_problems(wish: Wish) -> Iterator[WishProblem]:
    name, place = wish.chinese_name, wish.birth_place
    if name and (name_problem(name) or len(name) > MAX_CHINESE_NAME or name.isascii()):
        yield WishProblem(wish.number, "chinese_name", "chinese_name_form")
    if place and (len(place) > MAX_PLACE or place != place.strip() or not place.isprintable()):
        yield WishProblem(wish.number, "birth_place", "birth_place_form")
    for where, text in (("chinese_name", name), ("birth_place", place)):
        if missing := unprintable(text):
            yield WishProblem(wish.number, where, "unprintable", {"characters": missing})


def unprintable(text: str) -> str:
    """Return the characters that no font of the paper has.

    Where the fonts are not installed at all nobody can say: the office then cannot print, and
    `tuidang doctor` says so.
    """
    try:
        return "".join(missing_characters(text[: MAX_NAME * 2]))
    except FontsMissing:
        return ""


def _is_minor(birth_date: date, day: date) -> bool:
    had_birthday = (day.month, day.day) >= (birth_date.month, birth_date.day)
    return day.year - birth_date.year - (not had_birthday) < OF_AGE


def _is_number(text: str) -> bool:
    try:
        read_number(text)
    except NumberError:
        return False
    return True
