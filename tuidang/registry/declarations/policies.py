# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be done with a declaration as it stands. Only reads.

Roles are checked above, in review and the office; here only the state of the declaration
counts, so that no road around a page leads to a forbidden step.
"""

from collections.abc import Collection

from django.conf import settings

from tuidang.pure.intake.flags import MANY_UNNAMED
from tuidang.pure.receipt import Code, DeclarantKeys
from tuidang.registry.audit.doers import Doer
from tuidang.registry.declarations.errors import (
    AlreadyPublished,
    EarlierReceiptUnknown,
    NoQuestionOpen,
    NotWithdrawable,
    PersonsDiffer,
    SecondPersonNeeded,
    StateRefused,
    WithdrawalWaiting,
)
from tuidang.registry.declarations.keyed_hashes import lookup_hash
from tuidang.registry.declarations.models import Declaration, Person, Request
from tuidang.registry.declarations.opened import Opened

State = Declaration.State
_UNDECIDED_OR_ACCEPTED = (State.RECEIVED, State.RETURNED, State.ACCEPTED)


def earlier_lookup(code: Code) -> bytes:
    """Return the keyed hash of an earlier receipt, or raise EarlierReceiptUnknown."""
    earlier = lookup_hash(DeclarantKeys(code, settings.ORIGIN).lookup)
    if not Declaration.objects.with_lookup(earlier).exists():
        raise EarlierReceiptUnknown
    return earlier


def needs_two(opened: Opened) -> bool:
    """Say whether the declaration has more unnamed persons than one volunteer may accept."""
    unnamed = opened.declaration.unnamed
    return unnamed is not None and unnamed.count > MANY_UNNAMED


def check_can_accept(row: Declaration, opened: Opened, *, by: Doer) -> None:
    """Raise unless `by` may accept it now: StateRefused, PersonsDiffer, SecondPersonNeeded."""
    check_can_decide(row)
    if opened.declaration.size != row.size:
        raise PersonsDiffer
    if needs_two(opened) and row.first_accept == by.id:
        raise SecondPersonNeeded(row.state)


def check_can_decide(row: Declaration) -> None:
    """Raise StateRefused unless it is received, WithdrawalWaiting if it is to be withdrawn."""
    if row.state != State.RECEIVED:
        raise StateRefused(row.state)
    if is_waiting(row, Request.Kind.WITHDRAW):
        raise WithdrawalWaiting(row.state)


def check_can_reopen(row: Declaration) -> None:
    """Raise unless there is a decision that nothing public rests on yet."""
    undecided = row.state == State.RECEIVED and row.first_accept is None
    if undecided or row.state == State.WITHDRAWN:
        raise StateRefused(row.state)
    if is_published(row):
        raise AlreadyPublished(row.state)


def check_can_withdraw(row: Declaration) -> None:
    """Raise NotWithdrawable once a person is published, or it is rejected or withdrawn."""
    if not can_withdraw(row):
        raise NotWithdrawable(row.state)


def can_withdraw(row: Declaration) -> bool:
    """Say whether the declarant may still withdraw it by themselves."""
    return row.state in _UNDECIDED_OR_ACCEPTED and not is_published(row)


def check_can_answer(row: Declaration) -> None:
    """Raise NoQuestionOpen unless a question waits and nothing has been answered to it."""
    if row.state != State.RETURNED or is_waiting(row, Request.Kind.ANSWER):
        raise NoQuestionOpen(row.state)


def is_published(row: Declaration) -> bool:
    """Say whether a leaf of one of its persons stands in the public log."""
    return Person.objects.filter(declaration=row, leaf__index__isnull=False).exists()


def is_waiting(row: Declaration, kind: str) -> bool:
    """Say whether a request of this kind has not been carried out."""
    return Request.objects.waiting().filter(declaration=row, kind=kind).exists()


def is_counted_before(opened: Opened) -> bool:
    """Say whether the earlier declaration that its receipt named counts, or may yet count."""
    earlier = opened.declaration.earlier_lookup
    if not earlier:
        return False
    refused: Collection[str] = (State.REJECTED, State.WITHDRAWN)
    return Declaration.objects.with_lookup(earlier).exclude(state__in=refused).exists()
