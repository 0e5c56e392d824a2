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
    EntryUnknown,
    MailboxErased,
    NoQuestionOpen,
    NotWithdrawable,
    PersonsDiffer,
    QuestionFirst,
    RecallAsked,
    RecallByDeclarant,
    RecallGone,
    SecondPersonNeeded,
    StateRefused,
    WithdrawalWaiting,
)
from tuidang.registry.declarations.keyed_hashes import lookup_hash
from tuidang.registry.declarations.models import Declaration, Person, Recall, Request
from tuidang.registry.declarations.opened import Opened
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.transparency.policies import (
    check_can_correct,
    check_can_retract_correction,
)

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
    if is_published(row) or is_being_published(row):
        raise AlreadyPublished(row.state)


def check_can_withdraw(row: Declaration) -> None:
    """Raise NotWithdrawable once it is rejected or withdrawn."""
    if row.state not in _UNDECIDED_OR_ACCEPTED:
        raise NotWithdrawable(row.state)


def check_can_erase(row: Declaration) -> None:
    """Raise QuestionFirst while a volunteer's question waits for its answer."""
    if not can_erase(row):
        raise QuestionFirst(row.state)


def can_erase(row: Declaration) -> bool:
    """Say whether the mailbox may be erased now, or is already."""
    return row.state != State.RETURNED


def check_can_be_told(row: Declaration) -> None:
    """Raise MailboxErased if nothing can be delivered, or soon not any more."""
    if row.is_erased or is_waiting(row, Request.Kind.ERASE):
        raise MailboxErased(row.state)


def check_can_recall(person: Person) -> None:
    """Raise unless a volunteer may ask that this person count no longer.

    EntryUnknown, WithdrawalWaiting, RecallAsked, transparency's NotPublished and
    CorrectedAlready.
    """
    check_can_correct(leaf_of(person))
    if is_waiting(person.declaration, Request.Kind.WITHDRAW):
        raise WithdrawalWaiting(person.declaration.state)
    if Recall.objects.filter(person=person).exists():
        raise RecallAsked


def check_can_confirm_recall(recall: Recall, *, by: Doer) -> Recall:
    """Return the recall as it is now, or raise unless `by` may be the second.

    RecallGone, WithdrawalWaiting, SecondPersonNeeded for who was the first.
    """
    now = _as_it_is(recall)
    if now.correction is not None:
        raise RecallGone
    row = now.person.declaration
    if is_waiting(row, Request.Kind.WITHDRAW):
        raise WithdrawalWaiting(row.state)
    if now.first == by.id:
        raise SecondPersonNeeded(row.state)
    return now


def check_can_take_back_recall(recall: Recall) -> Recall:
    """Return the recall as it is now, or raise once its correction has gone out.

    RecallGone, RecallByDeclarant, transparency's CorrectionPublished.
    """
    now = _as_it_is(recall)
    if now.reason == Recall.Reason.WITHDRAWN:
        raise RecallByDeclarant
    if now.correction is not None:
        check_can_retract_correction(now.correction)
    return now


def check_can_answer(row: Declaration) -> None:
    """Raise NoQuestionOpen unless a question waits and nothing has been answered to it."""
    if row.state != State.RETURNED or is_waiting(row, Request.Kind.ANSWER):
        raise NoQuestionOpen(row.state)


def is_published(row: Declaration) -> bool:
    """Say whether a leaf of one of its persons stands in the public log."""
    return _leaves_in(row, Batch.State.PUBLISHED)


def is_being_published(row: Declaration) -> bool:
    """Say whether a batch holds a leaf of it that is not public yet: nothing takes it back."""
    return _leaves_in(row, Batch.State.PREPARED)


def _leaves_in(row: Declaration, state: str) -> bool:
    return Person.objects.filter(declaration=row, leaf__batch__state=state).exists()


def _as_it_is(recall: Recall) -> Recall:
    found = Recall.objects.select_related("person__declaration", "person__leaf", "correction")
    now = found.filter(pk=recall.pk).first()
    if now is None:
        raise RecallGone
    return now


def leaf_of(person: Person) -> Leaf:
    """Return the leaf of a person who counts; raise EntryUnknown if there is none."""
    if person.leaf is None:
        raise EntryUnknown
    return person.leaf


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
