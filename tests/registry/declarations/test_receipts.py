# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a code sees, asks and answers."""

from datetime import timedelta

import pytest

from tests.registry.declarations.desk import DAY, NOW, Desk, body, hand_in, other, person, unnamed
from tuidang.pure.intake.problems import IntakeError
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import DECLARANT
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import NoQuestionOpen, NotWithdrawable, WithdrawalWaiting
from tuidang.registry.declarations.models import PUBLIC_COLUMNS, Declaration, Request
from tuidang.registry.declarations.receipts import PersonState, ReceiptState
from tuidang.registry.transparency.actions import publish
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.vault.errors import Unopenable


def state(code: Code) -> ReceiptState:
    """Look a code up, as the public door does."""
    row = actions.find(code)
    assert row is not None
    return actions.state_of(row)


def ask(row: Declaration, desk: Desk) -> None:
    """Return a declaration with a question."""
    actions.return_with_question(row, "样本：哪一年？", by=desk.first.doer, day=DAY)


def test_the_public_door_loads_only_what_it_may_read(desk: Desk) -> None:
    """Finding, the state and the mailbox never load a column that the public role lacks."""
    _, code = hand_in()
    row = actions.find(code)
    assert row is not None
    actions.state_of(row)
    actions.open_mail(row, code)
    loaded = {field.attname for field in row._meta.concrete_fields} - row.get_deferred_fields()
    assert loaded == set(PUBLIC_COLUMNS)


def test_what_just_came_in_is_received(desk: Desk) -> None:
    """Before anything is decided each person is received, and all can be withdrawn."""
    _, code = hand_in(body(person(), unnamed=unnamed(1)))
    assert state(code) == ReceiptState(
        state="received",
        day=DAY,
        decided_on=None,
        reason="",
        persons=(PersonState(1, "received"), PersonState(2, "received")),
        mail=(),
        received_in_log=False,
        question_open=False,
        withdrawable=True,
        published=False,
        erased=False,
        erasable=True,
    )


def test_accepted_persons_are_counted_and_then_logged(desk: Desk) -> None:
    """A leaf that waits is counted; once its batch is published it is logged."""
    row, code = hand_in(body(person(), other("样本乙", "unasked")))
    desk.accept(row)
    unasked = PersonState(2, "not_counted", "unasked")
    assert state(code).persons == (PersonState(1, "counted"), unasked)
    publish(now=NOW, at_once=True)
    seen = state(code)
    assert seen.persons == (PersonState(1, "logged", leaf_index=0), unasked)
    assert (seen.state, seen.withdrawable, seen.published) == ("accepted", True, True)


def test_what_is_only_prepared_is_not_said_to_be_in_the_log(desk: Desk) -> None:
    """Until the checkpoint is public the leaf has no index for anybody."""
    row, code = hand_in()
    desk.accept(row)
    publish(now=NOW, at_once=True)
    Batch.objects.update(state=Batch.State.PREPARED)
    assert state(code).persons == (PersonState(1, "counted"),)
    assert not state(code).published


def test_a_rejection_is_told_with_its_reason(desk: Desk) -> None:
    """Nobody of a rejected declaration is counted, and the reason is one of the list."""
    row, code = hand_in()
    actions.reject(row, "unreadable", by=desk.first.doer, day=DAY)
    seen = state(code)
    assert (seen.state, seen.reason, seen.withdrawable) == ("rejected", "unreadable", False)
    assert seen.persons == (PersonState(1, "not_counted", "rejected"),)


def test_a_question_is_read_and_answered_with_the_code(desk: Desk) -> None:
    """The question waits in the mailbox; the answer reaches the volunteer with the declaration."""
    row, code = hand_in()
    ask(row, desk)
    assert (state(code).state, state(code).question_open) == ("returned", True)
    pieces = actions.open_mail(row, code)
    assert [piece.kind for piece in pieces] == ["openings", "question"]
    assert pieces[1].content == {"question": "样本：哪一年？"}
    row.refresh_from_db()
    actions.answer(row, " 样本：今年。 ", day=DAY)
    assert not state(code).question_open
    assert actions.apply_requests(day=DAY) == 1
    assert state(code).state == "received"
    row.refresh_from_db()
    assert desk.opened(row).answers == ("样本：今年。",)
    assert desk.accept(row).state == "accepted"


def test_there_is_one_answer_to_a_question(desk: Desk) -> None:
    """Without an open question, or with an answer that waits, there is nothing to answer."""
    row, _ = hand_in()
    with pytest.raises(NoQuestionOpen):
        actions.answer(row, "样本", day=DAY)
    ask(row, desk)
    row.refresh_from_db()
    actions.answer(row, "样本", day=DAY)
    with pytest.raises(NoQuestionOpen):
        actions.answer(row, "样本", day=DAY)
    assert Request.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  ", "missing"),
        ("样" * 5001, "too_long"),
        ("样\x07本", "text_control"),
        ("样\ud800本", "text_control"),
        ("receipt", "statement_receipt_code"),
    ],
)
def test_an_answer_is_held_to_the_rules_of_a_statement(desk: Desk, text: str, code: str) -> None:
    """Empty, overlong and broken answers, and those that hold a receipt code, are refused."""
    row, receipt = hand_in()
    ask(row, desk)
    row.refresh_from_db()
    typed = f"样本 {receipt.digits()}" if text == "receipt" else text
    with pytest.raises(IntakeError) as refused:
        actions.answer(row, typed, day=DAY)
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [
        ("answer", code)
    ]
    assert not Request.objects.exists()


def test_a_withdrawal_shows_at_once_and_is_carried_out_later(desk: Desk) -> None:
    """Asked, it shows as withdrawn; carried out, leaves, text and packet are gone."""
    row, code = hand_in(fingerprint=bytes(32))
    desk.accept(row)
    actions.ask_withdrawal(row, day=DAY)
    actions.ask_withdrawal(row, day=DAY)
    seen = state(code)
    assert (seen.state, seen.withdrawable) == ("withdrawn", False)
    assert seen.persons == (PersonState(1, "not_counted", "withdrawn"),)
    assert actions.apply_requests(day=DAY) == 1
    row.refresh_from_db()
    assert (row.state, row.decided_on, row.sealed, row.packet) == ("withdrawn", DAY, None, None)
    assert not Leaf.objects.exists()
    assert state(code).persons == seen.persons
    assert AuditRow.objects.get(verb="withdraw").doer == DECLARANT.id
    with pytest.raises(NotWithdrawable):
        actions.ask_withdrawal(row, day=DAY)


def test_nothing_is_decided_once_a_withdrawal_is_asked_for(desk: Desk) -> None:
    """Between asking and carrying out, no volunteer can accept it, and the queue leaves it out."""
    row, _ = hand_in()
    actions.ask_withdrawal(row, day=DAY)
    with pytest.raises(WithdrawalWaiting):
        desk.accept(row)
    assert not Declaration.objects.waiting_for_review().exists()


def test_an_answer_to_a_question_that_was_taken_back_changes_nothing(desk: Desk) -> None:
    """The declaration keeps its state; the volunteer can still read the answer."""
    row, _ = hand_in()
    ask(row, desk)
    row.refresh_from_db()
    actions.answer(row, "样本", day=DAY)
    actions.reopen(row, by=desk.first.doer, day=DAY)
    desk.accept(row)
    actions.apply_requests(day=DAY + timedelta(days=1))
    row.refresh_from_db()
    assert (row.state, desk.opened(row).answers) == ("accepted", ("样本",))


def test_the_mailbox_opens_with_its_own_code_alone(desk: Desk) -> None:
    """Another code opens nothing of it."""
    row, _ = hand_in()
    with pytest.raises(Unopenable):
        actions.open_mail(row, Code(bytes(11)))
