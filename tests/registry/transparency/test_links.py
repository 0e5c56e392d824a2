# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links of a leaf to a legal name: published once, and never a second time."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, transaction

from tests.registry.transparency.samples import arrive, at, commitment, day, publish_on
from tests.registry.transparency.stranger import Stranger
from tests.verify.auditors import by_package, by_single_file
from tuidang.pure.ledger.entries import Entry
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.tlog_proof import verify
from tuidang.registry.audit.doers import Doer
from tuidang.registry.transparency import actions
from tuidang.registry.transparency.actions import adopt, link, receive, retract_link
from tuidang.registry.transparency.corrections import ask_correction
from tuidang.registry.transparency.errors import (
    LinkedAlready,
    LinkPublished,
    LogAhead,
    NotPublished,
)
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Batch, Link
from tuidang.registry.transparency.notes import note
from tuidang.registry.transparency.plan import Plan
from tuidang.registry.transparency.proofs import link_proof
from tuidang.registry.transparency.publication import OpenLog, begin
from tuidang.verify import audit_log
from tuidang.verify.errors import AuditFailed

pytestmark = pytest.mark.django_db


def nullifier(number: int) -> bytes:
    """Return what stands for sample leaf `number` in its link."""
    return commitment(10_000 + number)


def ask(number: int, on: int = 0) -> Link:
    """Ask for the link of sample leaf `number`."""
    return link(commitment(1000 + number), nullifier(number), day=day(on))


def links(entries: list[Entry]) -> list[LinkEntry]:
    """Return the L entries."""
    return [entry for entry in entries if isinstance(entry, LinkEntry)]


def test_links_go_out_with_the_next_batch_in_their_order(stranger: Stranger) -> None:
    """Beside persons, corrections and notes, ascending, once each, and both auditors agree."""
    leaves = arrive(range(5))
    publish_on(0)
    ask_correction(leaves[0], 1, commitment(99), day=day(0))
    note(5, commitment(98), day=day(0))
    for number in range(20):
        ask(number)
    arrive(range(5, 9), on=7)
    publish_on(7)
    publish_on(8)
    entries = stranger.look()
    assert {each.nullifier for each in links(entries)} == {nullifier(n) for n in range(20)}
    assert len(links(entries)) == 20
    for row in Link.objects.all():
        assert row.index is not None
        assert entries[row.index] == LinkEntry(bytes(row.commitment), bytes(row.nullifier))
        assert row.batch == Batch.objects.get(number=1)
    trust = (Path(configured.TRUST_FOLDER) / "trust.json").read_bytes()
    assert by_package(stranger.folder, trust) == by_single_file(stranger.folder, trust)


def test_links_wait_for_nobody(stranger: Stranger) -> None:
    """A link needs no company: it goes out although persons wait for the minima."""
    configured.MIN_BATCH = 5
    arrive(range(1))
    ask(1)
    publish_on(0)
    assert len(links(stranger.look())) == 1
    assert not stranger.cells


def test_a_leaf_is_linked_once(stranger: Stranger) -> None:
    """Another opening of the same leaf is refused, before and after the first is public."""
    ask(1)
    for number in range(2):
        with pytest.raises(LinkedAlready):
            link(commitment(5), nullifier(1), day=day(number))
        publish_on(number)
    assert len(links(stranger.look())) == 1


def test_the_same_link_again_is_the_same_row(stranger: Stranger) -> None:
    """A corrected certificate shares the link of the one before it."""
    first = ask(1)
    assert ask(1, on=3) == first
    publish_on(0)
    again = ask(1, on=3)
    assert (again.pk, again.day) == (first.pk, day(0))
    assert again.index is not None
    assert len(links(stranger.look())) == 1


def test_a_link_takes_nobodys_commitment(stranger: Stranger) -> None:
    """What was received, or corrects somebody, or links somebody else, can never be a link too."""
    leaves = arrive(range(1))
    receive([commitment(1)], day=day(0))
    ask(2)
    publish_on(0)
    ask_correction(leaves[0], 2, commitment(3), day=day(0))
    for number in (0, 1, 3, 1002):
        with pytest.raises(LinkedAlready):
            link(commitment(number), nullifier(50), day=day(1))
    publish_on(8)
    assert len(links(stranger.look())) == 1


def test_the_table_itself_holds_a_leaf_once(db: None) -> None:
    """Even past the action the database refuses a repeated nullifier or commitment."""
    ask(1)
    for values in (
        {"commitment": commitment(7), "nullifier": nullifier(1)},
        {"commitment": commitment(1001), "nullifier": nullifier(7)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Link.objects.create(**values, day=day(0))


def test_a_second_nullifier_is_refused_by_both_auditors(stranger: Stranger) -> None:
    """Whoever edits the database gets a second link published, and every stranger sees it."""
    ask(1)
    publish_on(0)
    Link.objects.update(nullifier=nullifier(2))
    link(commitment(5), nullifier(1), day=day(1))
    publish_on(1)
    trust = (Path(configured.TRUST_FOLDER) / "trust.json").read_bytes()
    with pytest.raises(AuditFailed, match="nullifier"):
        by_package(stranger.folder, trust)
    with pytest.raises(audit_log.AuditFailed, match="entry 4: stands in the log already"):
        by_single_file(stranger.folder, trust)


def test_a_link_can_be_taken_back_until_it_goes_out(stranger: Stranger) -> None:
    """Before its batch it leaves no trace; after it, it stays, also for who read it before."""
    retract_link(ask(1))
    late = ask(2)
    publish_on(0)
    assert [each.nullifier for each in links(stranger.look())] == [nullifier(2)]
    for row in (late, Link.objects.get()):
        with pytest.raises(LinkPublished):
            retract_link(row)


def test_a_link_taken_back_meanwhile_is_not_published(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that is withdrawn between planning and preparing wins."""
    ask(1)
    taken = ask(2)
    done: list[bool] = []

    def retract_then_begin(
        log: OpenLog, plan: Plan, *, now: datetime, by: Doer
    ) -> tuple[Batch, str]:
        if not done:
            retract_link(taken)
            done.append(True)
        return begin(log, plan, now=now, by=by)

    monkeypatch.setattr(actions, "begin", retract_then_begin)
    publish_on(0)
    assert [each.nullifier for each in links(stranger.look())] == [nullifier(1)]


def test_an_interrupted_batch_gives_its_links_back(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was prepared and never signed waits again; what was signed is made from its rows."""
    row = ask(1)
    with monkeypatch.context() as patch:
        patch.setattr("tuidang.registry.transparency.publication.check_staged", _stop)
        with pytest.raises(InterruptedError):
            publish_on(0)
    assert Link.objects.get(index__isnull=False).pk == row.pk
    with monkeypatch.context() as patch:
        patch.setattr(actions, "finish", _stop)
        with pytest.raises(InterruptedError):
            publish_on(0)
    shutil.rmtree(f"{configured.LOG_FOLDER}.staging")
    publish_on(0, hour=5)
    assert len(links(stranger.look())) == 1
    assert Link.objects.published().get().index == 0


def _stop(*_words: object) -> None:
    raise InterruptedError


def test_a_restored_database_takes_its_links_from_the_log(stranger: Stranger) -> None:
    """Links it forgot are known again, and one that was asked for anew is the published one."""
    ask(1)
    publish_on(0)
    savepoint = transaction.savepoint()
    for number in (2, 3, 4):
        ask(number, on=1)
    publish_on(1)
    transaction.savepoint_rollback(savepoint)
    ask(2, on=2)
    link(commitment(5), nullifier(3), day=day(2))
    with pytest.raises(LogAhead):
        publish_on(2)
    adopt(now=at(2))
    entries = stranger.look()
    rows = Link.objects.published()
    assert rows.count() == Link.objects.count() == 4
    for row in rows:
        assert entries[row.index or 0] == LinkEntry(bytes(row.commitment), bytes(row.nullifier))
    with pytest.raises(LinkedAlready):
        link(commitment(6), nullifier(4), day=day(2))
    publish_on(3)
    assert len(links(stranger.look())) == 4


def test_a_link_can_be_proven_once_it_is_public(stranger: Stranger) -> None:
    """The proof leads from the entry to its own batch's checkpoint, with what signed it since."""
    rows = [ask(number) for number in range(3)]
    with pytest.raises(NotPublished):
        link_proof(rows[0])
    batch = publish_on(0)
    arrive(range(300), on=1)
    publish_on(1)
    assert batch is not None
    log = read_keys(Path(configured.KEYS_FOLDER), configured.ORIGIN).log.verifier
    for row in rows:
        proof = link_proof(row)
        entry = LinkEntry(bytes(row.commitment), bytes(row.nullifier))
        verify(proof, leaf_hash(entry.encode()), log)
        assert proof.checkpoint.decode() == Batch.objects.get(pk=batch.pk).checkpoint
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PREPARED)
    with pytest.raises(NotPublished):
        link_proof(rows[0])
    assert len(stranger.look()) > 300
