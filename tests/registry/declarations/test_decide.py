# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deciding: leaves for those who count, reasons for those who do not, two volunteers for many."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.registry.declarations.desk import DAY, NOW, Desk, body, hand_in, other, person, unnamed
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import (
    AlreadyPublished,
    PersonsDiffer,
    SealedGone,
    SecondPersonNeeded,
    StateRefused,
)
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.transparency.actions import publish
from tuidang.registry.transparency.models import Leaf
from tuidang.registry.vault.models import Mail

MANY = 21


def leaves_of(row: Declaration) -> list[tuple[int, int, int]]:
    """Give (number, orgs, class) of each person who has a leaf."""
    persons = Person.objects.filter(declaration=row, leaf__isnull=False).order_by("number")
    return list(persons.values_list("number", "leaf__orgs", "leaf__klass"))


def reasons_of(row: Declaration) -> dict[int, str]:
    """Give the reason of each person who is not counted."""
    persons = Person.objects.filter(declaration=row).exclude(not_counted="")
    return dict(persons.values_list("number", "not_counted"))


def test_every_person_gets_a_leaf_with_their_own_organisations(desk: Desk) -> None:
    """A family in which each leaves something else becomes one leaf each, by class."""
    row, _ = hand_in(
        body(
            person("样本甲", organizations=["party", "league", "pioneers"]),
            other("样本乙", organizations=["league"]),
            unnamed=unnamed(2),
        )
    )
    accepted = desk.accept(row)
    assert (accepted.state, accepted.decided_on, accepted.manner) == ("accepted", DAY, "single")
    assert leaves_of(row) == [(1, 7, 0), (2, 2, 2), (3, 0, 3), (4, 0, 3)]
    leaves = Leaf.objects.order_by("person__number")
    assert [bytes(leaf.commitment) for leaf in leaves] == row.all_commitments()


def test_who_could_not_be_asked_is_recorded_and_not_counted(desk: Desk) -> None:
    """Persons with consent "unasked" have a reason and no leaf, named or not."""
    row, _ = hand_in(body(person(), other("样本乙", "unasked"), unnamed=unnamed(1, "unasked")))
    desk.accept(row)
    assert [number for number, *_ in leaves_of(row)] == [1]
    assert reasons_of(row) == {2: "unasked", 3: "unasked"}


def test_who_declares_again_is_not_counted_again(desk: Desk) -> None:
    """With an earlier receipt oneself is a repeat; those one brings for the first time count."""
    _, code = hand_in()
    row, _ = hand_in(body(person(), other("样本乙"), earlier_receipt=code.digits()))
    desk.accept(row)
    assert reasons_of(row) == {1: "repeat"}


def test_who_says_that_they_are_counted_already_is_not_counted_again(desk: Desk) -> None:
    """Without any code the declarant's own word is enough to leave them out, and only them."""
    row, _ = hand_in(body(person(), other("样本乙"), counted_before=True))
    desk.accept(row)
    assert reasons_of(row) == {1: "repeat"}


def test_a_list_that_was_given_before_is_a_repeat_as_a_whole(desk: Desk) -> None:
    """Where nobody declares for themselves, the earlier receipt means all persons."""
    _, code = hand_in()
    row, _ = hand_in(body(other("样本甲"), other("样本乙"), earlier_receipt=code.digits()))
    desk.accept(row)
    assert reasons_of(row) == {1: "repeat", 2: "repeat"}


def test_who_was_rejected_before_is_counted_now(desk: Desk) -> None:
    """An earlier declaration that was rejected did not count, so this one does."""
    earlier, code = hand_in()
    row, _ = hand_in(body(person(), earlier_receipt=code.digits()))
    actions.reject(earlier, "unreadable", by=desk.first.doer, day=DAY)
    desk.accept(row)
    assert reasons_of(row) == {}


def test_a_volunteer_may_say_who_is_not_counted(desk: Desk) -> None:
    """A reason from the closed list takes a person out; other words and numbers are refused."""
    row, _ = hand_in(body(person(), other("样本乙")))
    for wrong in ({3: "deceased"}, {0: "deceased"}, {2: "tired"}):
        with pytest.raises(ValueError, match=r"numbered|not a valid"), transaction.atomic():
            desk.accept(row, not_counted=wrong)
    desk.accept(row, not_counted={2: "deceased"})
    assert reasons_of(row) == {2: "deceased"}


def test_many_unnamed_need_two_volunteers(desk: Desk) -> None:
    """More than 20 unnamed: the first acceptance is noted, only another volunteer completes it."""
    row, _ = hand_in(body(unnamed=unnamed(MANY)))
    first = desk.accept(row)
    assert (first.state, first.first_accept) == ("received", desk.first.doer.id)
    assert not Leaf.objects.exists()
    with pytest.raises(SecondPersonNeeded):
        desk.accept(row)
    second = desk.accept(row, by=desk.second.doer)
    assert (second.state, second.second_accept) == ("accepted", desk.second.doer.id)
    assert Leaf.objects.count() == MANY


def test_twenty_unnamed_need_one_volunteer(desk: Desk) -> None:
    """Up to 20 unnamed are accepted by one."""
    row, _ = hand_in(body(unnamed=unnamed(MANY - 1)))
    assert desk.accept(row).state == "accepted"


@pytest.mark.parametrize(
    "forged",
    [
        {"second_accept": "first"},
        {"first_accept": None, "second_accept": "second"},
        {"state": "accepted", "manner": "single", "decided_on": DAY},
    ],
)
def test_the_database_holds_the_two_person_rule(desk: Desk, forged: dict[str, object]) -> None:
    """No UPDATE makes one volunteer two, or an accepted declaration of a single first one."""
    row, _ = hand_in(body(unnamed=unnamed(MANY)))
    desk.accept(row)
    ids = {"first": desk.first.doer.id, "second": desk.second.doer.id}
    values = {key: ids.get(str(value), value) for key, value in forged.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        Declaration.objects.filter(pk=row.pk).update(**values)


def test_what_is_decided_is_not_decided_again(desk: Desk) -> None:
    """Accepting, returning or rejecting needs a declaration that is received."""
    row, _ = hand_in()
    opened, doer = desk.opened(row), desk.second.doer
    desk.accept(row)
    with pytest.raises(StateRefused):
        actions.accept(row, opened, by=doer, manner="single", day=DAY)
    with pytest.raises(StateRefused):
        actions.reject(row, "test", by=doer, day=DAY)
    with pytest.raises(StateRefused):
        actions.return_with_question(row, "样本？", by=doer, day=DAY)
    assert Leaf.objects.count() == 1


def test_a_rejection_has_a_reason_from_the_list(desk: Desk) -> None:
    """Rejecting keeps the reason's code; a free word is refused."""
    row, _ = hand_in()
    with pytest.raises(ValueError, match="not a valid"), transaction.atomic():
        actions.reject(row, "because", by=desk.first.doer, day=DAY)
    rejected = actions.reject(row, "test", by=desk.first.doer, day=DAY)
    assert (rejected.state, rejected.reason, rejected.decided_on) == ("rejected", "test", DAY)


def test_a_decision_drops_the_fingerprint_of_a_list(desk: Desk) -> None:
    """Accepted and rejected lists keep nothing by which the same list could be told."""
    for decide in (desk.accept, lambda r: actions.reject(r, "test", by=desk.first.doer, day=DAY)):
        row, _ = hand_in(fingerprint=bytes(32))
        assert decide(row).fingerprint is None


def test_persons_and_commitments_must_agree(desk: Desk) -> None:
    """A sealed text with another number of persons than commitments is never accepted."""
    row, _ = hand_in()
    two = actions.Opened(body(person(), other("样本乙")))
    with pytest.raises(PersonsDiffer):
        actions.accept(row, two, by=desk.first.doer, manner="single", day=DAY)


def test_an_acceptance_can_be_taken_back(desk: Desk) -> None:
    """Reopening deletes persons and unpublished leaves, and the declaration waits again."""
    row, _ = hand_in(body(person(), other("样本乙")))
    desk.accept(row, hold_until=NOW + timedelta(minutes=10))
    again = actions.reopen(row, by=desk.second.doer, day=DAY)
    assert (again.state, again.decided_on, again.manner) == ("received", None, "")
    assert not Leaf.objects.exists()
    assert not Person.objects.exists()
    assert desk.accept(row).state == "accepted"


def test_each_of_two_acceptances_is_taken_back_by_itself(desk: Desk) -> None:
    """Reopening takes the second back and leaves the first; once more takes the first."""
    row, _ = hand_in(body(unnamed=unnamed(MANY)))
    desk.accept(row)
    desk.accept(row, by=desk.second.doer)
    once = actions.reopen(row, by=desk.second.doer, day=DAY)
    assert (once.state, once.first_accept) == ("received", desk.first.doer.id)
    twice = actions.reopen(row, by=desk.first.doer, day=DAY)
    assert (twice.state, twice.first_accept) == ("received", None)
    with pytest.raises(StateRefused):
        actions.reopen(row, by=desk.first.doer, day=DAY)


def test_a_question_taken_back_leaves_the_mailbox(desk: Desk) -> None:
    """Reopening a returned declaration deletes the question that was sealed to it."""
    row, _ = hand_in()
    actions.return_with_question(row, "样本？", by=desk.first.doer, day=DAY)
    assert Mail.objects.count() == 1
    assert actions.reopen(row, by=desk.first.doer, day=DAY).state == "received"
    assert not Mail.objects.exists()


def test_a_rejection_can_be_taken_back(desk: Desk) -> None:
    """Reopening a rejected declaration forgets the reason."""
    row, _ = hand_in()
    actions.reject(row, "test", by=desk.first.doer, day=DAY)
    assert actions.reopen(row, by=desk.first.doer, day=DAY).reason == ""


def test_what_is_published_stays(desk: Desk) -> None:
    """After publication an acceptance cannot be taken back."""
    row, _ = hand_in()
    desk.accept(row)
    publish(now=NOW, at_once=True)
    with pytest.raises(AlreadyPublished):
        actions.reopen(row, by=desk.first.doer, day=DAY)
    assert Leaf.objects.get().index is not None


def test_a_deleted_text_is_not_opened(desk: Desk) -> None:
    """Once the sealed text is gone, opening says so."""
    row, _ = hand_in()
    row.sealed = None
    with pytest.raises(SealedGone):
        desk.opened(row)


def test_the_audit_says_what_was_done_and_never_about_whom(desk: Desk) -> None:
    """Decisions write a row each, with counts and codes alone."""
    row, _ = hand_in(body(person("样本甲"), other("样本乙", "unasked"), statement="这是样本。"))
    desk.accept(row)
    actions.reopen(row, by=desk.second.doer, day=DAY)
    actions.return_with_question(row, "样本？", by=desk.first.doer, day=DAY)
    rows = AuditRow.objects.filter(subject=row.id)
    facts = {each.verb: (each.doer, each.facts) for each in rows}
    first, second = desk.first.doer.id, desk.second.doer.id
    assert facts == {
        "accept": (first, {"persons": 2, "counted": 1, "manner": "single"}),
        "reopen": (second, {}),
        "return": (first, {}),
    }
