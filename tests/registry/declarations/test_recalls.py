# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is published and shall count no longer: withdrawn by the declarant, or found by two."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.registry.declarations.desk import (
    DAY,
    NOW,
    ORIGIN,
    Desk,
    all_columns,
    body,
    hand_in,
    other,
    person,
)
from tuidang.pure.ledger.entries import Correction as Entry
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.proofs import verify_inclusion
from tuidang.pure.merkle.tlog_proof import parse
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import DECLARANT
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import (
    EntryUnknown,
    RecallAsked,
    RecallByDeclarant,
    RecallGone,
    SecondPersonNeeded,
    WithdrawalWaiting,
)
from tuidang.registry.declarations.models import Declaration, Person, Recall, Request
from tuidang.registry.declarations.receipts import PersonState, Piece
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.tally.figures import published
from tuidang.registry.transparency.errors import CorrectionPublished, NotPublished
from tuidang.registry.transparency.models import Batch, Correction, Leaf
from tuidang.registry.vault.models import Mail

NEXT_WEEK = NOW + timedelta(days=7)


def publish(now: datetime = NOW) -> Batch:
    """Publish a batch and tell everybody."""
    batch = publish_batch(now=now, at_once=True)
    assert batch is not None
    return batch


def family(desk: Desk) -> tuple[Declaration, Code]:
    """Hand in, accept and publish three persons, of whom the third is not counted."""
    people = (person("样本甲"), other("样本乙"), other("样本丙", "unasked"))
    row, code = hand_in(body(*people))
    desk.accept(row)
    publish()
    row.refresh_from_db()
    return row, code


def withdraw(row: Declaration, day: date = DAY) -> None:
    """Ask to withdraw, and carry it out."""
    actions.ask_withdrawal(row, day=day)
    actions.apply_requests(day=day)
    row.refresh_from_db()


def persons(code: Code) -> tuple[PersonState, ...]:
    """Return the states that the holder of the code sees."""
    row = actions.find(code)
    assert row is not None
    return actions.state_of(row).persons


def pieces(row: Declaration, code: Code, kind: str) -> list[Piece]:
    """Open the mailbox and return the pieces of one kind."""
    return [piece for piece in actions.open_mail(row, code) if piece.kind == kind]


def openings(row: Declaration, code: Code) -> list[Opening]:
    """Return what opens the corrections of a declaration."""
    found = [each for piece in pieces(row, code, "correction") for each in piece.content["persons"]]
    return [Opening._from_object(each["opening"]) for each in found]


def one_recalled(desk: Desk) -> tuple[Declaration, Code, Recall]:
    """Publish the family, and let two volunteers find that the second is a repeat."""
    row, code = family(desk)
    second = Person.objects.get(declaration=row, number=2)
    recall = actions.ask_recall(second, "repeat", by=desk.first.doer, day=DAY)
    return row, code, actions.confirm_recall(recall, by=desk.second.doer, day=DAY)


def test_a_published_declaration_is_withdrawn_by_corrections(desk: Desk) -> None:
    """Entries stay, a correction for each waits, the text is deleted, the packet is not."""
    row, code = family(desk)
    withdraw(row)
    assert (row.state, row.sealed) == ("withdrawn", None)
    assert row.packet is not None
    assert persons(code) == (
        PersonState(1, "correcting", leaf_index=persons(code)[0].leaf_index),
        PersonState(2, "correcting", leaf_index=persons(code)[1].leaf_index),
        PersonState(3, "not_counted", "withdrawn"),
    )
    assert set(Recall.objects.values_list("reason", "first", "second")) == {
        ("withdrawn", DECLARANT.id, None)
    }
    assert set(Correction.objects.values_list("reason", flat=True)) == {2}


def test_a_withdrawal_shows_before_it_is_carried_out(desk: Desk) -> None:
    """As soon as it is asked for, the page says that the entries are being corrected."""
    row, code = family(desk)
    actions.ask_withdrawal(row, day=DAY)
    assert [each.state for each in persons(code)] == ["correcting", "correcting", "not_counted"]
    assert not Correction.objects.exists()


def test_after_the_weekly_batch_the_log_says_so_and_the_total_too(desk: Desk) -> None:
    """The count goes down, the state has the index of the correction, and its proof is told."""
    row, code = family(desk)
    assert published().totals.persons == 2
    withdraw(row)
    publish()
    assert [each.state for each in persons(code)][:2] == ["correcting"] * 2
    publish(NEXT_WEEK)
    assert published().totals.persons == 0
    seen = persons(code)
    assert [each.state for each in seen] == ["corrected", "corrected", "not_counted"]
    assert {each.corrected_by for each in seen[:2]} == set(
        Correction.objects.values_list("index", flat=True)
    )
    publish(NEXT_WEEK + timedelta(days=1))
    assert len(pieces(row, code, "corrected")) == 1


def test_the_mailbox_proves_the_correction(desk: Desk) -> None:
    """Opening and proof together give the very entry that the checkpoint covers."""
    row, code = family(desk)
    withdraw(row)
    publish(NEXT_WEEK)
    (told,) = pieces(row, code, "corrected")
    for said, opening in zip(told.content["persons"], openings(row, code), strict=True):
        commitment = opening.commitment(ORIGIN)
        opening.verify(ORIGIN, commitment)
        entry = Entry(said["orgs"], said["class"], said["reason"], said["corrects"], commitment)
        proof = parse(said["proof"].encode())
        size, root = proof.checkpoint.decode().split("\n")[1:3]
        batch = Batch.objects.get(size=int(size))
        assert to_base64(bytes(batch.root)) == root
        hashed = leaf_hash(entry.encode())
        verify_inclusion(hashed, proof.index, batch.size, list(proof.hashes), bytes(batch.root))


def test_the_true_reason_is_in_the_commitment_alone(desk: Desk) -> None:
    """Day, reason and the audited deed open from the mailbox; no table has the salts."""
    row, code, _ = one_recalled(desk)
    (opening,) = openings(row, code)
    audited = AuditRow.objects.get(verb="recall")
    assert opening.value(1) == DAY.isoformat().encode()
    assert opening.value(2) == b"repeat"
    assert UUID(opening.value(3).decode()) == audited.id
    assert [opening.value(j) for j in (4, 5, 6)] == [b"", b"", b""]
    assert opening.commitment(ORIGIN) == bytes(Correction.objects.get().commitment)
    kept = all_columns()
    assert opening.salt not in kept
    assert not any(field.salt in kept for field in opening.shown)
    assert str(desk.second.doer.id).encode() not in opening.to_json()


def test_two_volunteers_take_a_repeat_out(desk: Desk) -> None:
    """The first asks, another confirms; only then is there a correction, for a repeat."""
    row, code = family(desk)
    second = Person.objects.get(declaration=row, number=2)
    recall = actions.ask_recall(second, "repeat", by=desk.first.doer, day=DAY)
    assert not Correction.objects.exists()
    assert persons(code)[1].state == "logged"
    with pytest.raises(SecondPersonNeeded):
        actions.confirm_recall(recall, by=desk.first.doer, day=DAY)
    actions.confirm_recall(recall, by=desk.second.doer, day=DAY)
    assert [each.state for each in persons(code)] == ["logged", "correcting", "not_counted"]
    assert Correction.objects.get().reason == 1
    verbs = AuditRow.objects.filter(subject=row.id).values_list("verb", "doer")
    assert {("recall_first", desk.first.doer.id), ("recall", desk.second.doer.id)} <= set(verbs)


def test_nobody_confirms_twice_or_asks_twice(desk: Desk) -> None:
    """A second request and a second confirmation are refused."""
    _, _, recall = one_recalled(desk)
    with pytest.raises(RecallGone):
        actions.confirm_recall(recall, by=desk.first.doer, day=DAY)
    first = Person.objects.get(declaration=recall.person.declaration, number=1)
    actions.ask_recall(first, "test", by=desk.first.doer, day=DAY)
    with pytest.raises(RecallAsked):
        actions.ask_recall(first, "test", by=desk.second.doer, day=DAY)


def test_a_recall_is_taken_back_until_its_batch(desk: Desk) -> None:
    """Before it goes out everything of it disappears; afterwards it stays."""
    row, code, recall = one_recalled(desk)
    actions.take_back_recall(recall, by=desk.first.doer, day=DAY)
    assert persons(code)[1].state == "logged"
    assert not Correction.objects.exists()
    assert pieces(row, code, "correction") == []
    with pytest.raises(RecallGone):
        actions.take_back_recall(recall, by=desk.first.doer, day=DAY)
    again = actions.ask_recall(recall.person, "deceased", by=desk.second.doer, day=DAY)
    actions.confirm_recall(again, by=desk.first.doer, day=DAY)
    publish(NEXT_WEEK)
    with pytest.raises(CorrectionPublished):
        actions.take_back_recall(again, by=desk.first.doer, day=DAY)


def test_only_who_is_published_is_recalled(desk: Desk) -> None:
    """Who is not counted has no entry; who waits can still be decided about."""
    row, _ = hand_in(body(person("样本甲"), other("样本乙", "unasked")))
    desk.accept(row)
    waiting, uncounted = Person.objects.filter(declaration=row).order_by("number")
    with pytest.raises(NotPublished):
        actions.ask_recall(waiting, "test", by=desk.first.doer, day=DAY)
    with pytest.raises(EntryUnknown):
        actions.ask_recall(uncounted, "test", by=desk.first.doer, day=DAY)
    with pytest.raises(ValueError, match="withdraws"):
        actions.ask_recall(waiting, "withdrawn", by=desk.first.doer, day=DAY)


def test_a_withdrawal_goes_before_a_recall(desk: Desk) -> None:
    """Once the declarant withdraws, half a recall gives way, a whole one stays as it is."""
    row, code, whole = one_recalled(desk)
    first = Person.objects.get(declaration=row, number=1)
    half = actions.ask_recall(first, "test", by=desk.first.doer, day=DAY)
    actions.ask_withdrawal(row, day=DAY)
    with pytest.raises(WithdrawalWaiting):
        actions.confirm_recall(half, by=desk.second.doer, day=DAY)
    actions.apply_requests(day=DAY)
    assert dict(Recall.objects.values_list("person__number", "reason")) == {
        1: "withdrawn",
        2: "repeat",
    }
    assert Correction.objects.count() == 2
    with pytest.raises(RecallByDeclarant):
        actions.take_back_recall(Recall.objects.get(person=first), by=desk.first.doer, day=DAY)
    assert whole.correction_id in Correction.objects.values_list("pk", flat=True)
    assert {each.state for each in persons(code)[:2]} == {"correcting"}


def test_what_waits_is_taken_back_and_what_is_published_corrected(desk: Desk) -> None:
    """A withdrawal in the middle, when only some entries have gone out, does both."""
    row, code = family(desk)
    Leaf.objects.filter(person__number=2).update(
        index=None, batch=None, published_orgs=None, published_klass=None
    )
    withdraw(row)
    assert [each.state for each in persons(code)] == ["correcting", "not_counted", "not_counted"]
    assert Leaf.objects.count() == 1
    assert Correction.objects.get().leaf == Leaf.objects.get()


def test_a_batch_that_is_being_published_is_waited_for(desk: Desk) -> None:
    """A leaf in a prepared batch is neither taken back nor corrected; the request stays."""
    row, code = family(desk)
    Batch.objects.update(state=Batch.State.PREPARED)
    withdraw(row)
    assert row.state == "accepted"
    assert Request.objects.waiting().count() == 1
    assert actions.state_of(row).state == "withdrawn"
    Batch.objects.update(state=Batch.State.PUBLISHED)
    assert actions.apply_requests(day=DAY) == 1
    assert [each.state for each in persons(code)][:2] == ["correcting"] * 2


def test_what_the_log_corrects_is_not_forgotten(desk: Desk) -> None:
    """A withdrawn declaration with entries stays, so that its holder can prove the correction."""
    row, code = family(desk)
    gone, _ = hand_in()
    withdraw(row)
    withdraw(gone)
    actions.hand_over(day=DAY)
    actions.forget(day=DAY + timedelta(days=40))
    assert list(Declaration.objects.all()) == [row]
    publish(NEXT_WEEK)
    assert pieces(row, code, "corrected")


@pytest.mark.parametrize(
    "changes",
    [
        {"second": UUID(int=5), "first": UUID(int=5)},
        {"second": None},
        {"reason": "withdrawn"},
        {"first": DECLARANT.id},
        {"correction": None, "told": True},
    ],
)
def test_the_tables_hold_the_rule_of_two(desk: Desk, changes: dict[str, object]) -> None:
    """One volunteer alone, or somebody in the declarant's name, is refused by the database."""
    _, _, recall = one_recalled(desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.filter(pk=recall.pk).update(**changes)


def test_who_erased_the_mailbox_can_still_withdraw(desk: Desk) -> None:
    """The correction goes out, and nothing is delivered to a mailbox that is gone."""
    row, code = family(desk)
    actions.ask_erasure(row, day=DAY)
    withdraw(row)
    publish(NEXT_WEEK)
    assert not Mail.objects.exists()
    assert {each.state for each in persons(code)[:2]} == {"corrected"}
    assert published().totals.persons == 0
