# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of a declaration as somebody filled it in: shown again, and put into a body.

The rules themselves are in `pure.intake`; here stands only which field holds what, and what
is wrong with it. A receipt code that was typed anywhere is never shown again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext

from tuidang.pure.intake.problems import Problem
from tuidang.pure.names import NameList, parse_names
from tuidang.web.public.countries import COUNTRIES
from tuidang.web.public.form_fields import Group, Typed, holds_code, read_group, shown, typed_one
from tuidang.web.public.form_places import Told, label_of, line_words, person_of, place_of
from tuidang.web.public.wordings import WORDINGS
from tuidang.web.shared.messages import problem_words

FIRST_ROWS = 4
MORE_ROWS = 4
MOST_ROWS = 40
# Shown again as typed: the template's name, and the field's.
_VALUES = {
    "names": "names",
    "others_count": "others-count",
    "total": "total",
    "statement": "statement",
    "wording": "wording",
    "country": "country",
    "province": "province",
    "stated_on": "stated-on",
    "surname": "surname",
    "given": "given",
    "birth": "birth",
    "counted_before": "counted-before",
}


@dataclass
class Form:
    """What was typed, ready to be shown again, and what is wrong with it.

    `key` is the form's random key; `earlier_ticket` holds an earlier receipt code, sealed.
    """

    typed: Typed
    key: str
    earlier_ticket: str = ""
    summary: list[Told] = field(default_factory=list)
    problems: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = [self._person(number) for number in range(1, self._rows() + 1)]
        self.others = read_group(self.typed, "others", by="relative", may_be_self=False)
        self.names = read_group(self.typed, "names", by="friend", may_be_self=False)
        self.listed: NameList = parse_names(self.one("names"))
        self.values = {name: shown(self.typed, typed) for name, typed in _VALUES.items()}

    def one(self, name: str) -> str:
        """Give what was typed into a field."""
        return typed_one(self.typed, name)

    @property
    def field_names(self) -> list[str]:
        """The fields that this form knows; nothing else is carried from step to step."""
        parts = ("name", "kind", "orgs", "by", "consent")
        groups = [*self.people, self.others, self.names]
        return [f"{g.place}-{part}" for g in groups for part in parts] + list(_VALUES.values())

    def _rows(self) -> int:
        wished = self.one("rows")
        asked = int(wished) if wished.isascii() and wished.isdigit() and len(wished) < 4 else 0
        return min(max(asked, FIRST_ROWS), MOST_ROWS)

    def _person(self, number: int) -> Group:
        title = gettext("You") if number == 1 else gettext("Person %(number)s") % {"number": number}
        by = "self" if number == 1 else "relative"
        return read_group(self.typed, f"p{number}", title=title, by=by, may_be_self=True)

    def grow(self) -> None:
        """Make room for more people one by one."""
        self.more_wished = True
        last = min(len(self.people) + MORE_ROWS, MOST_ROWS)
        self.people += [self._person(number) for number in range(len(self.people) + 1, last + 1)]

    # What the template asks for.

    more_wished = False

    @property
    def more_open(self) -> bool:
        """Say whether the folded people hold anything."""
        return self.more_wished or any(not each.empty or each.problems for each in self.people[1:])

    @property
    def may_grow(self) -> bool:
        """Say whether there is room for more people one by one."""
        return len(self.people) < MOST_ROWS

    @property
    def others_open(self) -> bool:
        """Say whether the unnamed hold anything."""
        return bool(self.values["others_count"] or self.others.orgs or self.others.problems)

    @property
    def names_open(self) -> bool:
        """Say whether the list holds anything."""
        return bool(self.values["names"] or self.names.orgs or self.names.problems)

    @property
    def total_open(self) -> bool:
        """Say whether a total was stated."""
        return bool(self.values["total"] or "total" in self.problems)

    @property
    def earlier_open(self) -> bool:
        """Say whether an earlier receipt is known or was refused, or somebody counts already."""
        wished = self.values["counted_before"]
        return bool(self.earlier_ticket or "earlier" in self.problems or wished)

    @property
    def bind_open(self) -> bool:
        """Say whether a legal name was typed."""
        places = ("surname", "given", "birth")
        return any(self.values[each] or each in self.problems for each in places)

    @property
    def countries(self) -> list[tuple[str, str]]:
        """The countries on offer, none first."""
        return [("", gettext("– not said –")), *((c, gettext(n)) for c, n in COUNTRIES.items())]

    @property
    def wordings(self) -> list[tuple[str, str]]:
        """The ready wordings on offer, none first."""
        return [("", gettext("None")), *((code, gettext(text)) for code, text in WORDINGS.items())]

    # What the interface is given.

    @property
    def filled(self) -> list[Group]:
        """The people who were typed one by one."""
        return [group for group in self.people if not group.empty]

    def body(self, language: str, earlier_receipt: str) -> dict[str, object]:
        """Put what was typed into the words of the interface."""
        body: dict[str, object] = {
            "language": language,
            "show": "count",
            "persons": [group.person() for group in self.filled] + self._listed_persons(),
            "idempotency_key": self.key,
        }
        optional = {
            "unnamed": self._unnamed(),
            "total": _number(self.one("total")),
            "statement": self._statement(),
            "place": self._place(),
            "stated_on": self.one("stated-on").strip(),
            "bind": self._bind(),
            "earlier_receipt": earlier_receipt,
            "counted_before": self.one("counted-before") == "yes" or None,
        }
        return body | {name: value for name, value in optional.items() if value not in ("", None)}

    def _listed_persons(self) -> list[dict[str, object]]:
        # The rules take a masked name as an alias, whatever is said here.
        chosen = self.names.chosen()
        return [{"name": name, "kind": "real", **chosen} for name in self.listed.persons]

    def _unnamed(self) -> dict[str, object] | None:
        """Give the unnamed: those of the field, those of the list, or the sum of both."""
        count = _number(self.one("others-count"))
        listed = self.listed.unnamed
        if count is None:
            return {"count": listed, **self.names.chosen()} if listed else None
        return {"count": count + listed if isinstance(count, int) else count} | self.others.chosen()

    def _statement(self) -> str:
        own, wording = self.one("statement"), WORDINGS.get(self.one("wording"), "")
        return own if own.strip() or not wording else gettext(wording)

    def _place(self) -> dict[str, object] | None:
        country, province = self.one("country"), self.one("province").strip()
        if not country and not province:
            return None
        return {"country": country, **({"province": province} if province else {})}

    def _bind(self) -> dict[str, object] | None:
        surname, given, birth = (self.one(each).strip() for each in ("surname", "given", "birth"))
        if not (surname or given or birth):
            return None
        return {"legal_name": f"{surname}<<{given}" if given else surname, "birth_date": birth}

    # What is wrong.

    def find_own_problems(self) -> None:
        """Find what only a form can get wrong: a list's lines, and codes in any field."""
        for problem in self.listed.problems:
            self.tell("names", line_words(problem))
        both = self.listed.unnamed and self.one("others-count").strip()
        if both and self.names.chosen() != self.others.chosen():
            self.tell("others-count", problem_words("unnamed_differ"))
        places = [f"{group.place}-name" for group in self.people]
        for place in [*places, *(each for each in _VALUES.values() if each != "statement")]:
            if holds_code(self.one(place)):
                self.tell(place, problem_words("statement_receipt_code"))

    def add(self, problems: Iterable[Problem]) -> None:
        """Take in what the rules found, each at its field."""
        unnamed_in_list = not self.one("others-count").strip()
        for problem in problems:
            words = problem_words(problem.code, problem.facts)
            person = person_of(problem.path)
            if person is None:
                self.tell(place_of(problem.path, unnamed_in_list=unnamed_in_list), words)
            elif person[0] < len(self.filled):
                group = self.filled[person[0]]
                self.tell(f"{group.place}-{person[1]}", words, label=group.title)
            else:
                self.tell("names" if person[1] == "name" else f"names-{person[1]}", words)

    def tell(self, place: str, words: str, *, label: str = "") -> None:
        """Put words to a field and into the summary, once."""
        told = Told(place, label or label_of(place), words)
        if told in self.summary:
            return
        self.summary.append(told)
        start, _, part = place.rpartition("-")
        groups = {group.place: group for group in [*self.people, self.others, self.names]}
        if place == "names":
            start, part = place, place
        problems = groups[start].problems if start in groups else self.problems
        part = part if start in groups else place.replace("-", "_")
        problems.setdefault(part, []).append(words)


def _number(typed: str) -> int | str | None:
    """Read a typed number; what is none goes on as typed, for the rules to refuse."""
    plain = typed.strip()
    if not plain:
        return None
    return int(plain) if plain.isdecimal() and len(plain) < 10 else plain
