# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims, decisions, and ten minutes to take them back."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.registry.declarations.desk import (
    DAY,
    NOW,
    Desk,
    all_columns,
    body,
    found_in,
    hand_in,
    person,
    text_forms,
    unnamed,
)
from tuidang.pure.receipt import Code
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.errors import (
    AlreadyPublished,
    SecondPersonNeeded,
    StateRefused,
)
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review import jobs
from tuidang.registry.review.actions import (
    accept_cluster,
    accept_one,
    claim,
    queue,
    reject_many,
    release,
    return_one,
    undo,
)
from tuidang.registry.review.errors import (
    ClaimedByOther,
    NotACluster,
    NothingThere,
    QuestionUnfit,
    UndoLapsed,
)
from tuidang.registry.review.models import Claim, Decision
from tuidang.registry.transparency.actions import publish
from tuidang.registry.transparency.models import Leaf

SAME = "这是一段样本文字，谁也没有这样声明过，只用来看看相近的文字会不会排在一起。"
MINUTE = timedelta(minutes=1)


def state_of(code: Code) -> str:
    """Ask for a declaration's state with its code."""
    row = declarations.find(code)
    assert row is not None
    return row.state


def accept(desk: Desk, row: Declaration, **facts: object) -> Decision:
    """Accept one as the first volunteer."""
    usual = {"by": desk.first.doer, "now": NOW}
    return accept_one(row.id, desk.first.unlocked, **(usual | facts))  # type: ignore[arg-type]


def test_a_claim_keeps_others_from_deciding(desk: Desk) -> None:
    """While one volunteer has it open, another can neither claim nor decide it."""
    row, code = hand_in()
    held = claim(row.id, by=desk.second.doer, now=NOW)
    for decide in (
        lambda: claim(row.id, by=desk.first.doer, now=NOW),
        lambda: accept(desk, row),
        lambda: return_one(row.id, "样本？", by=desk.first.doer, now=NOW),
        lambda: reject_many([row.id], "test", by=desk.first.doer, now=NOW),
    ):
        with pytest.raises(ClaimedByOther) as refused:
            decide()
        assert refused.value.until == held.until
    assert state_of(code) == "received"


def test_a_claim_lapses_and_can_be_renewed_or_released(desk: Desk) -> None:
    """After a quarter of an hour, or once released, another volunteer may."""
    row, _ = hand_in()
    claim(row.id, by=desk.second.doer, now=NOW)
    claim(row.id, by=desk.second.doer, now=NOW + 10 * MINUTE)
    with pytest.raises(ClaimedByOther):
        claim(row.id, by=desk.first.doer, now=NOW + 20 * MINUTE)
    claim(row.id, by=desk.first.doer, now=NOW + 25 * MINUTE)
    release(row.id, by=desk.second.doer)
    assert Claim.objects.get().by == desk.first.doer.id
    release(row.id, by=desk.first.doer)
    assert not Claim.objects.exists()


def test_a_decision_is_written_down_and_lets_go(desk: Desk) -> None:
    """Accepting notes verb, doer and day, ends the claim, and holds the leaves for ten minutes."""
    row, code = hand_in()
    claim(row.id, by=desk.first.doer, now=NOW)
    decision = accept(desk, row)
    assert (decision.verb, decision.by, decision.day) == ("accept", desk.first.doer.id, DAY)
    assert decision.undo_until == NOW + 10 * MINUTE == Leaf.objects.get().hold_until
    assert not Claim.objects.exists()
    assert state_of(code) == "accepted"


def test_a_volunteer_may_leave_persons_out(desk: Desk) -> None:
    """Reasons given with an acceptance reach the persons."""
    row, _ = hand_in()
    accept(desk, row, not_counted={1: "not_voluntary"})
    assert row.persons.get().not_counted == "not_voluntary"


def test_what_is_not_there_is_not_decided(desk: Desk) -> None:
    """An id that nothing has is refused, also among others, and then nothing is decided."""
    row, code = hand_in()
    for decide in (
        lambda: claim(uuid.uuid4(), by=desk.first.doer, now=NOW),
        lambda: reject_many([row.id, uuid.uuid4()], "test", by=desk.first.doer, now=NOW),
    ):
        with pytest.raises(NothingThere), transaction.atomic():
            decide()
    assert state_of(code) == "received"


def test_a_cluster_is_accepted_together(desk: Desk) -> None:
    """Near texts are accepted in one go, and say so; a text that is not near is refused."""
    near = [hand_in(body(statement=SAME + "。" * n))[0] for n in range(3)]
    far, code = hand_in(body(statement="完全不同的另一段样本文字，与前面的几段没有任何关系可言。"))
    facts = {"by": desk.first.doer, "now": NOW}
    for wrong in ([near[0].id, far.id], [near[0].id]):
        with pytest.raises(NotACluster), transaction.atomic():
            accept_cluster(wrong, desk.first.unlocked, **facts)
    decisions = accept_cluster([row.id for row in near], desk.first.unlocked, **facts)
    assert len(decisions) == 3
    assert set(Declaration.objects.filter(state="accepted").values_list("manner")) == {("cluster",)}
    assert state_of(code) == "received"


def test_a_question_goes_out_and_is_kept_sealed(desk: Desk) -> None:
    """The question is in the mailbox, and with the decision only sealed to the ring."""
    row, code = hand_in()
    decision = return_one(row.id, "  样本：哪一年？ ", by=desk.first.doer, now=NOW)
    row.refresh_from_db()
    assert declarations.open_mail(row, code)[1].content == {"question": "样本：哪一年？"}
    note = desk.second.unlocked.unseal(decision.ring_month, bytes(decision.note_sealed or b""))
    assert "样本：哪一年？" in note.decode("unicode_escape")
    assert found_in(all_columns(), text_forms("样本：哪一年？")) == []


@pytest.mark.parametrize("question", ["", "  \n", "样" * 2001])
def test_a_question_must_be_one(desk: Desk, question: str) -> None:
    """Empty and overlong questions are refused, and the declaration stays."""
    row, code = hand_in()
    with pytest.raises(QuestionUnfit):
        return_one(row.id, question, by=desk.first.doer, now=NOW)
    assert state_of(code) == "received"


def test_many_are_rejected_at_once_for_a_reason(desk: Desk) -> None:
    """Each is rejected with the same reason and a sealed note."""
    rows = [hand_in()[0] for _ in range(3)]
    ids = [row.id for row in rows]
    decisions = reject_many(ids, "invented", by=desk.first.doer, now=NOW, note="样本备注")
    assert {decision.declaration_id for decision in decisions} == set(ids)
    assert set(Declaration.objects.values_list("state", "reason")) == {("rejected", "invented")}
    assert found_in(all_columns(), text_forms("样本备注")) == []


DECISIONS: dict[str, Callable[[Desk, Declaration], Decision]] = {
    "accept": accept,
    "return": lambda desk, row: return_one(row.id, "样本？", by=desk.first.doer, now=NOW),
    "reject": lambda desk, row: reject_many([row.id], "test", by=desk.first.doer, now=NOW)[0],
}


@pytest.mark.parametrize("verb", DECISIONS)
def test_every_decision_can_be_undone_within_ten_minutes(desk: Desk, verb: str) -> None:
    """Undone, by any volunteer, it waits again, and the decision is gone."""
    row, code = hand_in()
    decision = DECISIONS[verb](desk, row)
    undo(decision, by=desk.second.doer, now=NOW + 9 * MINUTE)
    assert state_of(code) == "received"
    assert [item.id for item in queue(desk.first.unlocked)] == [row.id]
    assert not Decision.objects.exists()
    assert not Leaf.objects.exists()
    with pytest.raises(NothingThere):
        undo(decision, by=desk.first.doer, now=NOW)


@pytest.mark.parametrize("verb", DECISIONS)
def test_after_ten_minutes_a_decision_stands(desk: Desk, verb: str) -> None:
    """At ten minutes undo is refused, and nothing changes."""
    row, code = hand_in()
    decision = DECISIONS[verb](desk, row)
    before = state_of(code)
    with pytest.raises(UndoLapsed):
        undo(decision, by=desk.first.doer, now=NOW + 10 * MINUTE)
    assert state_of(code) == before


def test_what_is_published_is_not_undone(desk: Desk) -> None:
    """Published at once, within the ten minutes, an acceptance stands."""
    row, code = hand_in()
    decision = accept(desk, row)
    publish(now=NOW + MINUTE, at_once=True)
    with pytest.raises(AlreadyPublished):
        undo(decision, by=desk.first.doer, now=NOW + 2 * MINUTE)
    assert state_of(code) == "accepted"


def test_the_daily_batch_waits_for_the_ten_minutes(desk: Desk) -> None:
    """What can still be undone is not published by the timetable."""
    row, code = hand_in()
    decision = accept(desk, row)
    publish(now=NOW + MINUTE)
    undo(decision, by=desk.first.doer, now=NOW + 2 * MINUTE)
    assert state_of(code) == "received"


def test_a_withdrawn_declaration_is_not_brought_back(desk: Desk) -> None:
    """Undo after a withdrawal was carried out is refused."""
    row, _ = hand_in()
    decision = accept(desk, row)
    declarations.ask_withdrawal(row, day=DAY)
    declarations.apply_requests(day=DAY)
    with pytest.raises(StateRefused):
        undo(decision, by=desk.first.doer, now=NOW + MINUTE)


def test_only_the_last_decision_can_be_undone(desk: Desk) -> None:
    """A later decision closes the earlier one, within the ten minutes too."""
    row, code = hand_in()
    first = DECISIONS["return"](desk, row)
    row.refresh_from_db()
    declarations.answer(row, "样本", day=DAY)
    declarations.apply_requests(day=DAY)
    last = accept(desk, row, by=desk.second.doer)
    with pytest.raises(UndoLapsed):
        undo(first, by=desk.first.doer, now=NOW + MINUTE)
    undo(last, by=desk.first.doer, now=NOW + MINUTE)
    assert state_of(code) == "received"


def test_the_database_holds_one_undo_a_declaration(desk: Desk) -> None:
    """Two decisions of the same declaration cannot both be open to undo."""
    row, _ = hand_in()
    accept(desk, row)
    second = Decision(declaration=row, verb="accept", by=desk.second.doer.id, day=DAY)
    second.undo_until = NOW
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_two_volunteers_accept_many_unnamed(desk: Desk) -> None:
    """The first leaves it in the queue, the second completes it, and undo takes back one step."""
    row, code = hand_in(body(person(), unnamed=unnamed(21)))
    accept(desk, row)
    (item,) = queue(desk.first.unlocked)
    assert item.first_accept == desk.first.doer.id
    with pytest.raises(SecondPersonNeeded):
        accept(desk, row)
    second = accept(desk, row, by=desk.second.doer)
    assert state_of(code) == "accepted"
    undo(second, by=desk.first.doer, now=NOW + MINUTE)
    assert state_of(code) == "received"
    assert queue(desk.first.unlocked)[0].first_accept == desk.first.doer.id


def test_times_are_forgotten_when_they_are_over(desk: Desk) -> None:
    """The timetable forgets lapsed claims, the end of undo, and the leaves' waiting."""
    row, other = hand_in()[0], hand_in()[0]
    accept(desk, row)
    claim(other.id, by=desk.first.doer, now=NOW)
    jobs.forget_times(NOW + 9 * MINUTE)
    assert (Claim.objects.count(), Decision.objects.undoable(NOW).count()) == (1, 1)
    jobs.forget_times(NOW + 15 * MINUTE)
    assert not Claim.objects.exists()
    assert Decision.objects.get().undo_until is None
    assert Leaf.objects.get().hold_until is None


def test_notes_go_with_the_text_they_are_about(desk: Desk) -> None:
    """Once the sealed declaration is deleted, so are the notes of its decisions."""
    row, _ = hand_in()
    reject_many([row.id], "test", by=desk.first.doer, now=NOW, note="样本备注")
    jobs.forget_times(NOW)
    assert Decision.objects.get().note_sealed is not None
    Declaration.objects.filter(pk=row.pk).update(sealed=None)
    jobs.forget_times(NOW)
    assert Decision.objects.get().note_sealed is None
