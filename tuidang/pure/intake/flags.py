# SPDX-License-Identifier: Apache-2.0
"""What a reviewer should look at before accepting a declaration.

Each rule is one sentence and pure: the same declaration raises the same flags. A flag
orders the queue and keeps a declaration out of batch decisions. It must never reject
anything, or say anything about a person but their number.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.pointers import CONTACT_KINDS, Pointer, pointers
from tuidang.pure.names import parse_names
from tuidang.pure.naming import HAN

__all__ = ["MANY_UNNAMED", "RULES", "Flag", "Pointer", "Rule", "flags", "pointers"]

# More people without names than this need a second reviewer (intake spec, section 1).
MANY_UNNAMED = 20

_FOUNDING_OF_THE_STATE = date(1949, 10, 1)
_TEST_WORDS = re.compile(
    r"测试|測試|试一试|試一試|\btest(?:ing)?\b|asdf|qwer|^x{3,}$", re.IGNORECASE
)
_SENTENCE_SIGNS = re.compile(r"[!！“”\"《》〈〉…~～]|[?？]$")
_HAN_RUN = re.compile(f"[{HAN}]")
_LONGEST_CHINESE_NAME = 7
_LONGEST_LATIN_NAME = 5  # words


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to look: the name of a rule, and the number of a person or None."""

    rule: str
    person_number: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a stable name, one sentence for reviewers, and how it finds.

    `find` gives the numbers (from 1) of the persons concerned, or None for the whole.
    """

    name: str
    sentence: str
    find: Callable[[Declaration], Iterable[int | None]]


def flags(declaration: Declaration) -> tuple[Flag, ...]:
    """Run every rule; the order is that of RULES, then that of the persons."""
    return tuple(Flag(rule.name, number) for rule in RULES for number in rule.find(declaration))


def _whole(holds: bool) -> Iterator[None]:  # noqa: FBT001  (it is the subject, not a switch)
    if holds:
        yield None


def _by_name(holds: Callable[[str], bool]) -> Callable[[Declaration], Iterable[int | None]]:
    return lambda declaration: (
        number for number, person in enumerate(declaration.persons, 1) if holds(person.name)
    )


def _contact(declaration: Declaration) -> Iterator[None]:
    kinds = {pointer.kind for pointer in pointers(declaration.statement)}
    return _whole(bool(kinds & CONTACT_KINDS))


def _place_shown(declaration: Declaration) -> Iterator[None]:
    kinds = {pointer.kind for pointer in pointers(declaration.statement)}
    return _whole(declaration.show != "count" and bool(kinds - CONTACT_KINDS))


def _many_unnamed(declaration: Declaration) -> Iterator[None]:
    others = declaration.unnamed
    return _whole(others is not None and others.count > MANY_UNNAMED)


def _unasked_by_collector(declaration: Declaration) -> Iterator[int | None]:
    for number, person in enumerate(declaration.persons, 1):
        if (person.declared_by, person.consent) == ("collector", "unasked"):
            yield number
    others = declaration.unnamed
    if others and (others.declared_by, others.consent) == ("collector", "unasked"):
        yield None


def _repeated_name(declaration: Declaration) -> Iterator[int]:
    times = Counter(person.name for person in declaration.persons)
    for number, person in enumerate(declaration.persons, 1):
        if times[person.name] > 1:
            yield number


def _is_sentence(name: str) -> bool:
    if _SENTENCE_SIGNS.search(name):
        return True
    if "·" not in name and len(_HAN_RUN.findall(name)) > _LONGEST_CHINESE_NAME:
        return True
    return len(name.split()) > _LONGEST_LATIN_NAME


def _is_several(name: str) -> bool:
    read = parse_names(name)
    return read.persons != (name,) or read.unnamed > 0


def _is_test(name: str) -> bool:
    return _TEST_WORDS.search(name) is not None


RULES: tuple[Rule, ...] = (
    Rule(
        "contact",
        "The statement holds a telephone or identity number, an address or a messenger name.",
        _contact,
    ),
    Rule(
        "place_shown",
        "The statement is to be shown and names a school, an employer or a town.",
        _place_shown,
    ),
    Rule(
        "name_shown",
        "A name is to be shown to everybody.",
        lambda declaration: _whole(declaration.show == "text_and_name"),
    ),
    Rule("many_unnamed", f"More than {MANY_UNNAMED} people have no name.", _many_unnamed),
    Rule(
        "declared_before",
        "An earlier receipt was given, so that somebody may be counted already.",
        lambda declaration: _whole(declaration.declared_before),
    ),
    Rule(
        "counted_before",
        "The declarant says that they are counted already, and asks not to be counted again.",
        lambda declaration: _whole(declaration.counted_before),
    ),
    Rule(
        "unasked_by_collector",
        "A collector declares somebody who could not be asked.",
        _unasked_by_collector,
    ),
    Rule("repeated_name", "The same name stands in the declaration twice.", _repeated_name),
    Rule("sentence_name", "A name looks like a sentence or a slogan.", _by_name(_is_sentence)),
    Rule("several_names", "One name may be the names of several people.", _by_name(_is_several)),
    Rule("test_word", "A name looks like somebody trying the form.", _by_name(_is_test)),
    Rule(
        "test_statement",
        "The statement looks like somebody trying the form.",
        lambda declaration: _whole(_is_test(declaration.statement)),
    ),
    Rule(
        "stated_long_ago",
        "The stated date lies before the founding of the state.",
        lambda declaration: _whole(
            declaration.stated_on is not None and declaration.stated_on < _FOUNDING_OF_THE_STATE
        ),
    ),
)
