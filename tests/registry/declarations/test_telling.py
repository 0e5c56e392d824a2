# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that came in goes to the log, and each declarant is told what it proves."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from tests.registry.declarations.desk import (
    DAY,
    NOW,
    ORIGIN,
    Desk,
    body,
    hand_in,
    other,
    person,
    unnamed,
)
from tuidang.pure.ledger.entries import Counted
from tuidang.pure.ledger.entries import Received as ReceivedEntry
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.ledger.received import verify_received
from tuidang.pure.merkle.checkpoints import parse_checkpoint
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import split_note
from tuidang.pure.merkle.proofs import verify_inclusion
from tuidang.pure.merkle.tlog_proof import parse
from tuidang.pure.receipt import Code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.actions import telling
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.transparency.actions import publish
from tuidang.registry.transparency.models import Batch, Leaf, Received
from tuidang.registry.vault.models import Mail


def publish_and_tell(days: int = 0) -> Batch:
    """Do what the daily batch does, so many days later."""
    day = DAY + timedelta(days=days)
    actions.hand_over(day=day)
    batch = publish(now=NOW + timedelta(days=days), at_once=True)
    assert batch is not None
    actions.deliver(batch, day=day)
    return batch


def mail_of(row: Declaration, code: Code, kind: str) -> list[dict[str, Any]]:
    """Open the pieces of one kind in a mailbox."""
    return [piece.content for piece in actions.open_mail(row, code) if piece.kind == kind]


def check_entry(entry: bytes, proof_text: str) -> int:
    """Verify that an entry stands in the log of the proof's checkpoint; return its index."""
    proof = parse(proof_text.encode())
    text = split_note(proof.checkpoint)[0]
    checkpoint = parse_checkpoint(text)
    assert checkpoint.origin == ORIGIN
    verify_inclusion(
        leaf_hash(entry), proof.index, checkpoint.size, list(proof.hashes), checkpoint.root
    )
    return proof.index


def check_received(row: Declaration, content: dict[str, Any], root: bytes) -> None:
    """Verify every person's path to the root of R, and R's own proof."""
    entry = ReceivedEntry(content["count"], root)
    for told, commitment in zip(content["persons"], row.all_commitments(), strict=True):
        path = [base64.b64decode(each) for each in told["path"]]
        verify_received(entry, commitment, told["index"], path)
    check_entry(entry.encode(), content["r_proof"])


def r_root(batch: Batch) -> bytes:
    """Recompute the root of a batch's R over the commitments it covers."""
    from tuidang.pure.ledger.received import receive

    rows = Received.objects.filter(batch=batch).values_list("commitment", flat=True)
    return receive(bytes(each) for each in rows).root


def test_whatever_came_in_is_handed_over_once(desk: Desk) -> None:
    """Accepted, waiting and rejected ones all go into R, each commitment once."""
    rows = [hand_in(body(person(), other("样本乙")))[0] for _ in range(3)]
    desk.accept(rows[0])
    actions.reject(rows[1], "test", by=desk.first.doer, day=DAY)
    assert actions.hand_over(day=DAY) == 6
    assert actions.hand_over(day=DAY) == 0
    handed = {bytes(each) for each in Received.objects.values_list("commitment", flat=True)}
    assert handed == {each for row in rows for each in row.all_commitments()}


def test_the_day_in_the_log_is_the_day_it_came_in(desk: Desk) -> None:
    """What was left lying is handed over under its own day, and tomorrow's is not taken early."""
    hand_in(day=DAY - timedelta(days=1))
    hand_in(day=DAY)
    hand_in(day=DAY + timedelta(days=1))
    actions.hand_over(day=DAY)
    days = Received.objects.order_by("day").values_list("day", flat=True)
    assert list(days) == [DAY - timedelta(days=1), DAY]


def test_the_paths_prove_the_day_of_arrival(desk: Desk) -> None:
    """Each declarant's mailbox holds a path from every commitment to R, and R's proof."""
    handed_in = [hand_in(body(person(), unnamed=unnamed(2))) for _ in range(3)]
    batch = publish_and_tell()
    for row, code in handed_in:
        (content,) = mail_of(row, code, "received")
        assert (content["batch"], content["count"]) == (0, 9)
        check_received(row, content, r_root(batch))
        row.refresh_from_db()
        assert row.received


def test_the_proofs_of_the_leaves_open_with_the_packet(desk: Desk) -> None:
    """Opening and proof from the mailbox prove each person's D leaf under the checkpoint."""
    row, code = hand_in(body(person(organizations=["league"]), other("样本乙")))
    desk.accept(row)
    publish_and_tell()
    pieces = actions.open_mail(row, code)
    assert [piece.kind for piece in pieces] == ["openings", "logged", "received"]
    (logged,) = mail_of(row, code, "logged")
    for told, opened in zip(logged["persons"], pieces[0].content["openings"], strict=True):
        canonical = json.dumps(opened["opening"], sort_keys=True, separators=(",", ":"))
        opening = Opening.from_json(canonical.encode())
        entry = Counted(told["orgs"], told["class"], opening.commitment(ORIGIN))
        opening.verify_counted(ORIGIN, entry)
        index = check_entry(entry.encode(), told["proof"])
        assert Leaf.objects.get(index=index).person.number == told["number"] == opened["number"]


def test_nobody_is_told_twice(desk: Desk) -> None:
    """Telling again, and after the next batch, posts nothing new."""
    row, _ = hand_in()
    desk.accept(row)
    batch = publish_and_tell()
    assert Mail.objects.count() == 2
    assert actions.deliver(batch, day=DAY) == 0
    publish_and_tell(days=1)
    assert Mail.objects.count() == 2


def test_persons_of_one_declaration_may_be_published_on_different_days(
    desk: Desk, settings: Any
) -> None:
    """Who waits for a larger cell is told when their own leaf is public."""
    settings.MIN_CELL = 2
    row, code = hand_in(body(person(), unnamed=unnamed(2)))
    desk.accept(row)
    publish_and_tell()
    (first,) = mail_of(row, code, "logged")
    assert [each["number"] for each in first["persons"]] == [2, 3]
    settings.MIN_CELL = 1
    publish_and_tell(days=1)
    contents = mail_of(row, code, "logged")
    assert [each["number"] for each in contents[1]["persons"]] == [1]
    assert contents[1]["batch"] == 1


def test_what_was_interrupted_is_told_by_the_next_batch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a crash between publishing and telling, the next telling makes it good."""
    row, code = hand_in()
    desk.accept(row)
    actions.hand_over(day=DAY)
    first = publish(now=NOW, at_once=True)
    assert first is not None
    publish_and_tell(days=1)
    (received,), (logged,) = (mail_of(row, code, kind) for kind in ("received", "logged"))
    assert received["batch"] == logged["batch"] == 0
    check_received(row, received, r_root(first))


def test_one_that_is_not_in_the_log_yet_is_not_told(desk: Desk) -> None:
    """Handed over after the batch was made: nothing is said until the next one."""
    batch = publish(now=NOW, at_once=True)
    assert batch is not None
    row, _ = hand_in()
    actions.hand_over(day=DAY)
    assert actions.deliver(batch, day=DAY) == 0
    row.refresh_from_db()
    assert (row.handed_over, row.received) == (True, False)


def test_the_channel_is_forgotten_with_publication(desk: Desk) -> None:
    """How it came is kept for the review alone."""
    published, waiting = hand_in(channel="list")[0], hand_in(channel="list")[0]
    desk.accept(published)
    publish_and_tell()
    channels = Declaration.objects.values_list("id", "channel")
    assert dict(channels) == {published.id: "", waiting.id: "list"}


def test_a_withdrawn_declaration_gets_no_mail(desk: Desk) -> None:
    """Its commitment is in R like all others, but its packet is gone."""
    row, _ = hand_in()
    actions.ask_withdrawal(row, day=DAY)
    actions.apply_requests(day=DAY)
    publish_and_tell()
    row.refresh_from_db()
    assert row.received
    assert not Mail.objects.exists()
    assert Received.objects.count() == 1


def test_many_are_told_in_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """More declarations than one part holds are all told."""
    monkeypatch.setattr(telling, "CHUNK", 2)
    for _ in range(5):
        desk.accept(hand_in(body(person(), other("样本乙")))[0])
    publish_and_tell()
    assert Mail.objects.filter(kind="received").count() == 5
    assert Mail.objects.filter(kind="logged").count() == 5
    assert not Person.objects.filter(delivered=False).exists()
    assert not Declaration.objects.filter(handed_over=False).exists()
