# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of a declaration, put together for a page or a program.

It must never hold a name, a text or an organisation, although the mailbox does: whoever
looks over a shoulder, or finds a code, learns that something was declared, and not what.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from tuidang.pure.receipt import Code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.actions import ReceiptState
from tuidang.registry.declarations.models import Declaration
from tuidang.web.shared.choices import (
    DECLARATION_STATES,
    NOT_COUNTED,
    PERSON_STATES,
    REJECTIONS,
    word,
)


@dataclass(frozen=True)
class ReceivedProof:
    """That a person's commitment came in: its place among those of a batch, and the path."""

    number: int
    batch: int
    index: int
    count: int
    path: tuple[str, ...]
    r_proof: str
    day: date


@dataclass(frozen=True)
class LoggedProof:
    """That a person's entry stands in the log: a c2sp.org/tlog-proof@v1."""

    number: int
    batch: int
    proof: str
    day: date


@dataclass(frozen=True)
class ShownPerson:
    """One person: the state in codes and in words."""

    number: int
    state: str
    reason: str
    words: str
    leaf_index: int | None


@dataclass(frozen=True)
class Alike:
    """Neighbouring persons of whom the same is to be said; `numbers` as "3" or "4–20"."""

    numbers: str
    words: str
    leaf_index: int | None


@dataclass(frozen=True)
class ReceiptView:
    """Everything that may be shown. `question` is the volunteer's open question, or empty."""

    declaration: ReceiptState
    words: str
    reason: str
    persons: list[ShownPerson]
    question: str = ""
    received: list[ReceivedProof] = field(default_factory=list)
    logged: list[LoggedProof] = field(default_factory=list)
    has_packet: bool = False

    @property
    def alike(self) -> list[Alike]:
        """The persons, neighbours of the same state told together: there may be 500."""
        groups = groupby(self.persons, key=lambda person: (person.words, person.leaf_index))
        return [_alike(list(group), *said) for said, group in groups]


def receipt_view(declaration: Declaration, code: Code) -> ReceiptView:
    """Read the state and open the mailbox with its code, for this one answer."""
    state = actions.state_of(declaration)
    pieces = actions.open_mail(declaration, code)
    questions = [piece.content["question"] for piece in pieces if piece.kind == "question"]
    return ReceiptView(
        declaration=state,
        words=word(DECLARATION_STATES, state.state),
        reason=word(REJECTIONS, state.reason) if state.reason else "",
        persons=[_person(person) for person in state.persons],
        question=questions[-1] if questions and state.question_open else "",
        received=[p for each in pieces if each.kind == "received" for p in _received(*each[1:])],
        logged=[p for each in pieces if each.kind == "logged" for p in _logged(*each[1:])],
        has_packet=declaration.packet is not None,
    )


def _alike(persons: list[ShownPerson], words: str, leaf_index: int | None) -> Alike:
    first, last = persons[0].number, persons[-1].number
    return Alike(f"{first}" if first == last else f"{first}–{last}", words, leaf_index)


def _person(person: Any) -> ShownPerson:
    said = word(PERSON_STATES, person.state)
    if person.reason:
        said = f"{said} · {word(NOT_COUNTED, person.reason)}"
    return ShownPerson(person.number, person.state, person.reason, said, person.leaf_index)


def _received(day: date, content: Mapping[str, Any]) -> list[ReceivedProof]:
    return [
        ReceivedProof(
            number=person["number"],
            batch=content["batch"],
            index=person["index"],
            count=content["count"],
            path=tuple(person["path"]),
            r_proof=content["r_proof"],
            day=day,
        )
        for person in content["persons"]
    ]


def _logged(day: date, content: Mapping[str, Any]) -> list[LoggedProof]:
    return [
        LoggedProof(person["number"], content["batch"], person["proof"], day)
        for person in content["persons"]
    ]
