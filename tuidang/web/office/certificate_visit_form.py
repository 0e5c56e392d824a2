# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visit as a volunteer filled it in: shown again, and put into a declaration, a wish and a check.

The rules are in `pure.intake` and `registry.certificates.wishes`; here stands only which field
holds what, and what is wrong with it. The second word is never shown again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from tuidang.pure.credential.claims import IdentityCheck
from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.organizations import ORGANIZATIONS, organization_byte
from tuidang.pure.intake.problems import IntakeError, Problem
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import contains_code
from tuidang.registry.certificates.actions import Wish, WishProblem
from tuidang.registry.certificates.wishes import wish_problems
from tuidang.web.office.certificate_check import CheckForm, typed_check
from tuidang.web.office.certificate_visit_places import PLACES, Told, label_of
from tuidang.web.office.said import REFUSED
from tuidang.web.office.words import refusal
from tuidang.web.shared import certificate_choices as offered
from tuidang.web.shared.choices import CONSENTS, KINDS, options
from tuidang.web.shared.choices import ORGANIZATIONS as ORGANIZATION_WORDS
from tuidang.web.shared.languages import LANGUAGES
from tuidang.web.shared.messages import problem_words, words

PRESET = {"kind": "real", "relation": "self", "proof": "with", "urgency": "1"}
FIELDS = (
    *("name", "kind", "surname", "given", "chinese", "birth", "birthplace", "nobirth"),
    *("relation", "consent", "alias", "stated", "counted", "proof", "script", "urgency", "read"),
    "language",
)


@dataclass
class VisitForm:
    """What was typed about one visitor, and what is wrong with it; `key` makes twice once."""

    typed: Mapping[str, Sequence[str]]
    key: str
    language: str
    day: date
    problems: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        script = "Hant" if self.language == "zh-hant" else "Hans"
        preset = PRESET | {"language": self.language, "script": script}
        self.values = {name: self.one(name) or preset.get(name, "") for name in FIELDS}
        self.orgs = [each for each in ORGANIZATION_WORDS if each in self.typed.get("orgs", ())]
        self.page_orgs = [each for each in ORGANIZATIONS if each in self.typed.get("page_orgs", ())]
        told = {name: self.one(name) for name in ("check", "document", "seen")}
        self.check: CheckForm = typed_check(told, day=self.day)

    def one(self, name: str) -> str:
        """Give what was typed into a field; nothing where it holds a receipt code."""
        value = (self.typed.get(name) or [""])[-1].strip()
        return "" if contains_code(value) else value

    # What the template asks for.

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """The words of every choice."""
        return {
            "kinds": options(KINDS),
            "relations": options(offered.APPLICANTS),
            "consents": options(CONSENTS, leave_out="unasked"),
            "organizations": options(ORGANIZATION_WORDS),
            "page": options(ORGANIZATION_WORDS, leave_out="unspecified"),
            "proofs": options(offered.PROOFS),
            "scripts": options(offered.SCRIPTS),
            "urgencies": [(str(each), gettext(said)) for each, said in offered.URGENCIES.items()],
        }

    @property
    def wrong(self) -> set[str]:
        """The fields that something is wrong with."""
        return {each.place for each in self.problems}

    # What the registry is given.

    def read(self) -> tuple[Declaration, Wish, IdentityCheck] | None:
        """Return what was filled in; None where the form now tells what is wrong."""
        declaration, check = self._declaration(), self._check()
        wish = self._wish()
        if self.values["read"] != "yes":
            self.tell("read", words("unread"))
        word = self.one("word")
        if word != self.one("word2"):
            self.tell("word", words("words_differ"))
        elif not word:
            self.tell("word", words("missing"))
        if self.problems or declaration is None or wish is None or check is None:
            return None
        return declaration, wish, check

    def add_wish_problems(self, problems: Iterable[WishProblem]) -> None:
        """Take in what the registry found about the wish."""
        for problem in problems:
            place = "page_orgs" if problem.where == "orgs" else problem.where
            self.tell(place, problem_words(problem.code, dict(problem.facts)))

    def tell(self, place: str, said: str) -> None:
        """Put words to a field; the first that is wrong with it is told."""
        place = PLACES.get(place, place)
        if place not in self.wrong:
            self.problems.append(Told(place, label_of(place), said))

    def _declaration(self) -> Declaration | None:
        try:
            return parse_declaration(self._body(), today=self.day)
        except IntakeError as error:
            for problem in error.problems:
                self.tell(_part(problem), problem_words(problem.code, problem.facts))
            return None

    def _body(self) -> dict[str, Any]:
        """Put the fields into the words of the interface; the legal name is bound if it may be."""
        values = self.values
        alone = values["relation"] == "self"
        person = {"name": values["name"], "kind": values["kind"], "organizations": self.orgs}
        person["declared_by"] = values["relation"]
        if values["consent"] and not alone:
            person["consent"] = values["consent"]
        body = {
            "language": LANGUAGES.get(values["language"], "en"),
            "show": "count",
            "persons": [person],
            "idempotency_key": self.key,
            "counted_before": values["counted"] == "yes",
        }
        if values["stated"]:
            body["stated_on"] = values["stated"]
        if alone:
            body["bind"] = {"legal_name": self._legal_name(), "birth_date": values["birth"]}
        return body

    def _legal_name(self) -> str:
        surname, given = self.values["surname"], self.values["given"]
        return f"{surname}<<{given}" if given else surname

    def _wish(self) -> Wish | None:
        values = self.values
        days = {name: self._day(name) for name in ("birth", "stated")}
        if days["birth"] is None:
            return None
        wish = Wish(
            number=1,
            legal_name=self._legal_name(),
            birth_date=days["birth"],
            relation=values["relation"],  # type: ignore[arg-type]  # the rules look
            chinese_name=values["chinese"],
            show_birth_date=not values["nobirth"],
            birth_place=values["birthplace"],
            orgs=organization_byte(self.page_orgs) if self.page_orgs else 0,
            show_alias=bool(values["alias"]),
            stated_on=days["stated"],
            with_proof=values["proof"] == "with",
            script=values["script"],  # type: ignore[arg-type]  # the rules look
            look="desk",
        )
        self.add_wish_problems(wish_problems(wish, day=self.day))
        return wish

    def _day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.values[name]) if self.values[name] else None
        except ValueError:
            self.tell(name, problem_words("date_unreadable"))
            return None

    def _check(self) -> IdentityCheck | None:
        try:
            return self.check.read()
        except REFUSED as error:
            self.tell("check", refusal(error.code))
            return None


def _part(problem: Problem) -> str:
    """Return the last part of a path: the field."""
    return problem.path.rpartition(".")[2]
