# SPDX-License-Identifier: AGPL-3.0-or-later
"""What became of a declaration, put together for a page or a program.

It must never hold a name, a text or an organisation, although the mailbox does: whoever
looks over a shoulder, or finds a code, learns that something was declared, and not what.
"""

import json
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

_KINDS = ("received", "logged", "correction", "corrected")


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
    """That a person's entry, or its correction, is in the log: a c2sp.org/tlog-proof@v1."""

    number: int
    batch: int
    proof: str
    day: date


@dataclass(frozen=True)
class CorrectionOpening:
    """What opens a person's correction: day, true reason and who decided, as JSON."""

    number: int
    opening: str
    day: date


@dataclass(frozen=True)
class ShownPerson:
    """One person: the state in codes and in words."""

    number: int
    state: str
    reason: str
    words: str
    leaf_index: int | None
    corrected_by: int | None


@dataclass(frozen=True)
class Alike:
    """Neighbouring persons of whom the same is to be said; `numbers` as "3" or "4–20"."""

    numbers: str
    words: str
    leaf_index: int | None
    corrected_by: int | None


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
    corrections: list[CorrectionOpening] = field(default_factory=list)
    corrected: list[LoggedProof] = field(default_factory=list)
    has_packet: bool = False

    @property
    def shows_erasure(self) -> bool:
        """Whether to say that the mailbox is erased; a withdrawal in time says so by itself."""
        state = self.declaration
        return state.erased and (state.published or state.state != "withdrawn")

    @property
    def alike(self) -> list[Alike]:
        """The persons, neighbours of the same state told together: there may be 500."""
        groups = groupby(self.persons, key=lambda p: (p.words, p.leaf_index, p.corrected_by))
        return [_alike(list(group), *said) for said, group in groups]


def receipt_view(declaration: Declaration, code: Code) -> ReceiptView:
    """Read the state and open the mailbox with its code, for this one answer."""
    state = actions.state_of(declaration)
    pieces = actions.open_mail(declaration, code)
    questions = [piece.content["question"] for piece in pieces if piece.kind == "question"]
    mail = {kind: [each for each in pieces if each.kind == kind] for kind in _KINDS}
    return ReceiptView(
        declaration=state,
        words=word(DECLARATION_STATES, state.state),
        reason=word(REJECTIONS, state.reason) if state.reason else "",
        persons=[_person(person) for person in state.persons],
        question=questions[-1] if questions and state.question_open else "",
        received=[proof for each in mail["received"] for proof in _received(*each[1:])],
        logged=[proof for each in mail["logged"] for proof in _logged(*each[1:])],
        corrections=[one for each in mail["correction"] for one in _corrections(*each[1:])],
        corrected=[proof for each in mail["corrected"] for proof in _logged(*each[1:])],
        has_packet=declaration.packet is not None and not state.erased,
    )


def _alike(persons: list[ShownPerson], words: str, index: int | None, by: int | None) -> Alike:
    first, last = persons[0].number, persons[-1].number
    return Alike(f"{first}" if first == last else f"{first}–{last}", words, index, by)


def _person(person: Any) -> ShownPerson:
    said = word(PERSON_STATES, person.state)
    if person.reason:
        said = f"{said} · {word(NOT_COUNTED, person.reason)}"
    indexes = person.leaf_index, person.corrected_by
    return ShownPerson(person.number, person.state, person.reason, said, *indexes)


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


def _corrections(day: date, content: Mapping[str, Any]) -> list[CorrectionOpening]:
    return [
        CorrectionOpening(person["number"], json.dumps(person["opening"], sort_keys=True), day)
        for person in content["persons"]
    ]
