# SPDX-License-Identifier: AGPL-3.0-or-later
"""The application for certificates as somebody filled it in: shown again, and put into wishes.

The rules are in `registry.certificates.wishes`; here stands only which field holds what, and
what is wrong with it. A receipt code or a second word that was typed is never shown again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext

from tuidang.pure.waiting import urgency_of
from tuidang.registry.certificates.actions import Wish, WishProblem
from tuidang.registry.certificates.policies import MAX_PERSONS
from tuidang.registry.certificates.wishes import wish_problems
from tuidang.web.public.certificate_fields import COMMON, Block, label_of, place_of, read_block
from tuidang.web.public.form_fields import Typed, holds_code, typed_one
from tuidang.web.public.form_places import Told
from tuidang.web.shared.certificate_choices import APPLICANTS, LOOKS, PROOFS, SCRIPTS, URGENCIES
from tuidang.web.shared.choices import ORGANIZATIONS, options
from tuidang.web.shared.messages import problem_words, words


@dataclass(repr=False)
class ApplicationForm:
    """What was typed for some persons of one declaration, and what is wrong with it.

    `word_ticket` holds the second word, sealed; `persons` are the numbers of those for whom it
    is, in order.
    """

    typed: Typed
    persons: tuple[int, ...]
    script: str
    word_ticket: str = ""
    summary: list[Told] = field(default_factory=list)
    problems: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.blocks = [read_block(self.typed, number) for number in self.persons]
        preset = {"proof": "with", "look": "none", "script": self.script, "urgency": "3"}
        self.values = {name: self.one(name) or preset.get(name, "") for name in COMMON}

    def one(self, name: str) -> str:
        """Give what was typed into a field; nothing where it holds a receipt code."""
        value = typed_one(self.typed, name).strip()
        return "" if holds_code(value) else value

    # What the template asks for.

    @property
    def relations(self) -> list[tuple[str, str]]:
        """Who may apply."""
        return options(APPLICANTS)

    @property
    def organizations(self) -> list[tuple[str, str]]:
        """The organisations that the page may name."""
        return options(ORGANIZATIONS, leave_out="unspecified")

    @property
    def proofs(self) -> list[tuple[str, str]]:
        """With the proof attached, or without."""
        return options(PROOFS)

    @property
    def looks(self) -> list[tuple[str, str]]:
        """How a document can be looked at."""
        return options(LOOKS)

    @property
    def scripts(self) -> list[tuple[str, str]]:
        """In which script the page is written."""
        return options(SCRIPTS)

    @property
    def urgencies(self) -> list[tuple[str, str]]:
        """How soon it is needed."""
        return [(str(bucket), gettext(words)) for bucket, words in URGENCIES.items()]

    # What the registry is given.

    def suggest(self) -> None:
        """Fill empty Latin fields from the Chinese name."""
        for block in self.blocks:
            block.suggest()

    def check(self, *, day: date) -> None:
        """Find everything that can be seen to be wrong here, and put it into the summary."""
        for block in self.blocks:
            for part, code in block.own_problems():
                self.tell(f"{block.place}-{part}", problem_words(code), block)
            if not block.problems:
                self.add(wish_problems(self._wish(block), day=day))
        self._check_common(day)

    def wishes(self) -> list[Wish]:
        """Give the wishes of a form that `check` has passed."""
        return [self._wish(block) for block in self.blocks]

    @property
    def urgency(self) -> int:
        """The bucket that was chosen; the most patient one where it is none of those offered."""
        return int(self.values["urgency"]) if self.values["urgency"] in {"1", "2"} else 3

    @property
    def needed_by(self) -> date | None:
        """The day of an interview, if one was typed."""
        return date.fromisoformat(self.values["needed"]) if self.values["needed"] else None

    def add(self, problems: Iterable[WishProblem]) -> None:
        """Take in what the registry found, each at its field."""
        for problem in problems:
            block = self.block(problem.number)
            said = problem_words(problem.code, dict(problem.facts))
            place = place_of(problem.where)
            self.tell(place if place in COMMON else f"{block.place}-{place}", said, block)

    def block(self, number: int) -> Block:
        """Give the fields of one person."""
        return next(each for each in self.blocks if each.number == number)

    def tell(self, place: str, said: str, block: Block | None = None) -> None:
        """Put words to a field and into the summary, once."""
        part = place.removeprefix(f"{block.place}-") if block else place
        told = Told(place, label_of(part, block.number if block else 0), said)
        if told in self.summary:
            return
        self.summary.append(told)
        held = self.problems if part == place or block is None else block.problems
        held.setdefault(part, []).append(said)

    def hidden(self) -> Iterator[tuple[str, str]]:
        """Give the fields to be sent once more, without any code or word."""
        for number in self.persons:
            yield "person", str(number)
        for block in self.blocks:
            yield from block.hidden()
        yield from ((name, value) for name, value in self.values.items() if value)
        yield "word-ticket", self.word_ticket

    def _check_common(self, day: date) -> None:
        try:
            past = self.needed_by is not None and self.needed_by < day
        except ValueError:
            self.tell("needed", problem_words("date_unreadable"))
        else:
            if past:
                self.tell("needed", words("day_past"))
            elif self.needed_by and urgency_of(self.needed_by, day) < self.urgency:
                self.tell("urgency", words("urgency_too_late"))
        if self.values["read"] != "yes":
            self.tell("read", words("unread"))

    def _wish(self, block: Block) -> Wish:
        return block.wish(
            script=self.values["script"],
            look=self.values["look"],
            with_proof=self.values["proof"] == "with",
        )


def chosen_persons(typed: Typed, size: int) -> tuple[int, ...]:
    """Give the numbers of the persons that were ticked, ascending, at most as many as may be."""
    sent = {each for each in typed.get("person", []) if each.isascii() and each.isdigit()}
    numbers = {int(each) for each in sent if len(each) < 4}
    return tuple(sorted(number for number in numbers if 1 <= number <= size))[:MAX_PERSONS]
