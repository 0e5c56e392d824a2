# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a receipt code may see: the state, and what is in the mailbox.

Runs in the public process with its few rights, so it reads only what is granted there
(`grants.py`). The state never holds a name, a text or an organisation; the mailbox does,
and opens with the code alone, for one answer.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings

from tuidang.pure.receipt import Code, DeclarantKeys, mailbox_identity
from tuidang.registry.declarations.keyed_hashes import lookup_hash
from tuidang.registry.declarations.models import Declaration, Person, Request
from tuidang.registry.declarations.policies import can_erase
from tuidang.registry.transparency.models import Batch
from tuidang.registry.vault.models import Mail
from tuidang.registry.vault.sealing import unseal

OPENINGS = "openings"
State = Declaration.State


@dataclass(frozen=True, slots=True)
class PersonState:
    """One person: `received`, `counted` (a leaf waits), `logged` (it is published),
    `correcting` (published, and a correction waits), `corrected`, `not_counted`.

    `reason` says why not counted: one of Person.NotCounted, or the declaration's own `rejected`
    or `withdrawn`. `corrected_by` is the index of the correction once it is published.
    """

    number: int
    state: str
    reason: str = ""
    leaf_index: int | None = None
    corrected_by: int | None = None


@dataclass(frozen=True, slots=True)
class MailState:
    """A piece in the mailbox, from outside: its kind and the day it was put there."""

    kind: str
    day: date


@dataclass(frozen=True, slots=True)
class ReceiptState:
    """What became of a declaration, without anything that was declared.

    `state` is one of Declaration.State; `reason` one of Declaration.Rejection or empty.
    `received_in_log`: the commitments of all persons stand in a published R. `published`: an
    entry of it stands in the log. `erased`: the mailbox is deleted, or will be in a minute.
    """

    state: str
    day: date
    decided_on: date | None
    reason: str
    persons: tuple[PersonState, ...]
    mail: tuple[MailState, ...]
    received_in_log: bool
    question_open: bool
    withdrawable: bool
    published: bool
    erased: bool
    erasable: bool


class Piece(NamedTuple):
    """One opened piece of the mailbox; `content` is a JSON object."""

    kind: str
    day: date
    content: dict[str, Any]


def find(code: Code) -> Declaration | None:
    """Return the declaration of a receipt code, with the public columns only; None if unknown."""
    lookup = lookup_hash(DeclarantKeys(code, settings.ORIGIN).lookup)
    return Declaration.objects.with_lookup(lookup).public().first()


def state_of(declaration: Declaration) -> ReceiptState:
    """Say what became of a declaration; what was asked for shows before it is carried out."""
    waiting = _waiting(declaration)
    decided = _decided_persons(declaration)
    withdrawn = Request.Kind.WITHDRAW in waiting
    state = State.WITHDRAWN if withdrawn else State(declaration.state)
    erased = declaration.is_erased or Request.Kind.ERASE in waiting
    return ReceiptState(
        state=state.value,
        day=declaration.day,
        decided_on=declaration.decided_on,
        reason=declaration.reason,
        persons=_person_states(declaration, state, decided),
        mail=() if erased else _mail_states(declaration),
        received_in_log=declaration.received,
        question_open=state == State.RETURNED and Request.Kind.ANSWER not in waiting,
        withdrawable=state in {State.RECEIVED, State.RETURNED, State.ACCEPTED},
        published=any(person.leaf_index is not None for person in decided),
        erased=erased,
        erasable=not erased and can_erase(declaration),
    )


def open_mail(declaration: Declaration, code: Code) -> list[Piece]:
    """Open the mailbox with its code: the openings first, then mail by day and kind.

    Kinds are `openings` (the packet: `leaves_to_be.packet`), `question` (`{"question"}`),
    `received`, `logged` and `corrected` (`actions.telling`), `correction` (what opens one:
    `actions.recalling`), `application` and `linked` (the certificate office's). Certificates
    are left out: they open with a second word too. Nothing, once it is to be erased. Raises
    vault's Unopenable for another code.
    """
    if Request.Kind.ERASE in _waiting(declaration):
        return []
    identity = mailbox_identity(DeclarantKeys(code, settings.ORIGIN).mailbox_secret)
    mail = Mail.objects.filter(mailbox=declaration.lookup).exclude(kind=Mail.Kind.CERTIFICATE)
    sealed = [*mail.order_by("day", "kind").values_list("kind", "day", "sealed")]
    if declaration.packet is not None:
        sealed.insert(0, (OPENINGS, declaration.day, declaration.packet))
    return [
        Piece(kind, day, json.loads(unseal(bytes(content), [identity])))
        for kind, day, content in sealed
    ]


def sealed_packet(declaration: Declaration) -> bytes | None:
    """Return the packet as it is sealed, None once it is deleted or to be erased."""
    if declaration.packet is None or Request.Kind.ERASE in _waiting(declaration):
        return None
    return bytes(declaration.packet)


def _waiting(declaration: Declaration) -> set[str]:
    """Give the kinds of what was asked for and is not carried out."""
    requests = Request.objects.waiting().filter(declaration=declaration)
    return set(requests.values_list("kind", flat=True))


def _decided_persons(declaration: Declaration) -> tuple[PersonState, ...]:
    rows = Person.objects.filter(declaration=declaration).order_by("number")
    leaf = ("leaf__index", "leaf__batch__state")
    correction = ("leaf__correction", "leaf__correction__index", "leaf__correction__batch__state")
    return tuple(
        _person_state(number, not_counted, _shown(index, batch), asked, _shown(by, by_batch))
        for number, not_counted, index, batch, asked, by, by_batch in rows.values_list(
            "number", "not_counted", *leaf, *correction
        )
    )


def _shown(index: int | None, batch: str | None) -> int | None:
    """Give an index once the public checkpoint covers it; before, it might never be public."""
    return index if batch == Batch.State.PUBLISHED else None


def _person_state(
    number: int, not_counted: str, index: int | None, correction: UUID | None, by: int | None
) -> PersonState:
    if not_counted:
        return PersonState(number, "not_counted", not_counted)
    if index is None:
        return PersonState(number, "counted")
    if correction is None:
        return PersonState(number, "logged", leaf_index=index)
    state = "correcting" if by is None else "corrected"
    return PersonState(number, state, leaf_index=index, corrected_by=by)


def _person_states(
    declaration: Declaration, state: str, decided: tuple[PersonState, ...]
) -> tuple[PersonState, ...]:
    """Give the persons as decided, or all alike where the whole declaration says it.

    Withdrawn after publication, who is published stays so and is corrected.
    """
    if state == State.ACCEPTED:
        return decided
    refused = state in {State.REJECTED, State.WITHDRAWN}
    alike, reason = ("not_counted", str(state)) if refused else ("received", "")
    persons = {n: PersonState(n, alike, reason) for n in range(1, declaration.size + 1)}
    for person in decided:
        if person.leaf_index is not None:
            asked = replace(person, state="correcting") if person.state == "logged" else person
            persons[person.number] = asked
    return tuple(persons.values())


def _mail_states(declaration: Declaration) -> tuple[MailState, ...]:
    mail = Mail.objects.filter(mailbox=declaration.lookup).order_by("day", "kind")
    return tuple(MailState(kind, day) for kind, day in mail.values_list("kind", "day"))
