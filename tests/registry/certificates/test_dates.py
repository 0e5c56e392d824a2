# SPDX-License-Identifier: AGPL-3.0-or-later
"""No way leads to an earlier date than the true one, nor to the date of somebody else.

Whatever is tried ends in a refusal, in "stated" where "proven" was wanted, or in the true days.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import transaction
from pytest_django import Settings

from tests.registry.certificates.dated import (
    OTHER,
    Paper,
    Sample,
    Witnesses,
    ask_link,
    certify,
    declare,
    l_opening,
    publish,
)
from tests.registry.certificates.edits import (
    EDITS,
    an_earlier_clock,
    earlier_batches,
    no_clock,
)
from tests.registry.tally.conftest import stranger
from tests.registry.tally.samples import at, day
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.credential.claims import NoLaterThan
from tuidang.pure.credential.proof import ReceivedPath
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.pure.ledger.entries import Received as ReceivedEntry
from tuidang.pure.ledger.links import nullifier
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import assemble_note, split_note
from tuidang.pure.merkle.proofs import inclusion_proof
from tuidang.pure.merkle.tlog_proof import TlogProof
from tuidang.pure.merkle.tree import root
from tuidang.registry.certificates.errors import NotDatedYet, OwnCheckFailed
from tuidang.registry.certificates.proving import installed_bundle
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency.actions import adopt, install, link
from tuidang.registry.transparency.errors import (
    ClockBehind,
    LinkedAlready,
    LogAhead,
    QuorumMissed,
)
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Batch, Leaf, Received
from tuidang.verify.errors import ProofContradicts

pytestmark = pytest.mark.django_db
__all__ = ["stranger"]
REFUSED = (OwnCheckFailed, NotDatedYet, ProofContradicts)
TRUTH = (day(2), day(4))  # on which the person, then their link, became public


@dataclass
class World:
    """Somebody who was early, and somebody two days later who would like to have been."""

    early: Sample
    early_link: Opening
    person: Sample
    link: Opening

    def paper(self) -> Paper:
        """Return what the registry would issue to the later one."""
        return certify(self.person, self.link)


def live() -> World:
    """Live through the days up to the link of the later one; day 1 has an empty batch."""
    early = declare(on=0)
    early_link = l_opening(early)
    ask_link(early, early_link)
    publish(0)
    publish(1)
    person = declare(on=2)
    publish(2)
    linked = l_opening(person)
    ask_link(person, linked, on=4)
    publish(4)
    return World(early, early_link, person, linked)


@pytest.fixture
def world(stranger: Stranger, settings: Settings) -> World:
    """Give a log of four batches under the registry's own clock."""
    settings.POLICY_FILE = stranger.folder.parent / "policy"
    return live()


def days(paper: Paper) -> tuple[date | None, date | None]:
    """Return the days that a verifier calls proven; ProofContradicts if it refuses."""
    found = paper.dates()
    assert found.kind == "proven"
    return found.received, found.linked


def is_refused(paper: Paper) -> str:
    """Return the verifier's code for a paper that it must refuse."""
    with pytest.raises(ProofContradicts) as refused:
        paper.dates()
    return refused.value.code


def test_the_honest_road_ends_in_the_true_days(world: World) -> None:
    """Both days are those of publication; name and organisations are shown, by our own clock."""
    found = world.paper().dates()
    assert (found.kind, found.received, found.linked) == ("proven", *TRUTH)
    assert (found.witnessed, found.orgs_proven) == (False, True)
    assert found.counted_index == Leaf.objects.get(commitment=world.person.commitment).index
    assert world.paper().claims.bound
    without = certify(world.person, world.link, orgs=0)
    assert without.proof.counted is None
    assert days(without) == TRUTH


def test_nothing_is_dated_before_it_is_public(stranger: Stranger) -> None:
    """Without R, then without L, there is no proof, whatever anybody would like."""
    install(now=at(0))
    person = declare()
    linked = l_opening(person)
    with pytest.raises(NotDatedYet):
        certify(person, linked)
    ask_link(person, linked)
    with pytest.raises(NotDatedYet):
        certify(person, linked)
    publish(0)
    assert days(certify(person, linked)) == (day(0), day(0))
    assert stranger.look()


def test_a_day_cannot_be_typed_in(world: World) -> None:
    """No other day than the proof's is ever called proven, nor are witnesses that there were not.

    An earlier one contradicts; what another policy may have given, a later day or another side of
    midnight, is the issuer's statement and no more.
    """
    paper = world.paper()
    for number in (-400, 0):
        said = paper.saying(received=NoLaterThan(day(number), witnessed=False))
        assert is_refused(said) == "proof_day"
    for number in (1, 3, 30):
        said = paper.saying(received=NoLaterThan(day(number), witnessed=False))
        assert (said.dates().kind, said.dates().reason) == ("stated", "policy_changed")
    assert is_refused(paper.saying(linked=NoLaterThan(day(2), witnessed=False))) == "proof_day"
    assert paper.saying(linked=NoLaterThan(day(3), witnessed=False)).dates().kind == "stated"
    witnessed = paper.saying(received=NoLaterThan(day(2), witnessed=True))
    assert witnessed.dates().kind == "stated"


def test_an_edited_database_dates_nobody_earlier(world: World) -> None:
    """Every column that could tell a day or a place: refused, or the true days all the same."""
    outcomes: dict[str, object] = {}
    for edit in EDITS:
        savepoint = transaction.savepoint()
        edit(world.early.commitment, world.person.commitment)
        try:
            outcomes[edit.__name__] = days(world.paper())
        except REFUSED:
            outcomes[edit.__name__] = None
        transaction.savepoint_rollback(savepoint)
    assert outcomes.pop("earlier_day") == TRUTH
    assert outcomes.pop("earlier_batches") == TRUTH
    assert set(outcomes.values()) == {None}
    assert days(world.paper()) == TRUTH


def test_a_restored_backup_makes_nobody_earlier(world: World, stranger: Stranger) -> None:
    """What the log has stays where it is; whoever comes after the restore is dated after it."""
    savepoint = transaction.savepoint()
    declare(on=5)
    publish(5)
    transaction.savepoint_rollback(savepoint)
    late = declare(on=6)
    with pytest.raises(LogAhead):
        publish_batch(now=at(6))
    adopt(now=at(6))
    assert days(world.paper()) == TRUTH
    linked = l_opening(late)
    ask_link(late, linked, on=6)
    publish(6)
    assert days(certify(late, linked)) == (day(6), day(6))
    for adopted in Batch.objects.filter(number__lt=5):
        Received.objects.filter(commitment=late.commitment).update(batch=adopted)
        with pytest.raises(REFUSED):
            days(certify(late, linked))
    assert stranger.look()


def test_a_wrong_clock_stops_the_log(world: World) -> None:
    """A year back nothing is signed, also where somebody has edited the last time away."""
    for edit in (None, an_earlier_clock, no_clock, earlier_batches):
        savepoint = transaction.savepoint()
        if edit:
            edit(world.early.commitment, world.person.commitment)
        declare(on=5)
        with pytest.raises(ClockBehind):
            publish_batch(now=at(-365), at_once=True)
        transaction.savepoint_rollback(savepoint)


def test_the_leaf_of_somebody_else_cannot_be_borrowed(world: World) -> None:
    """Who has bought the packet of the early one, but not the code, gets no date from it."""
    mine = world.person.keys.holder_seed(1)
    honest = world.paper()
    stolen = certify(world.early, world.early_link)
    by_me = l_opening(world.early, name=OTHER, seed=mine).only({2, 3, 4, 5})
    # My signature under the leaf of another.
    forged = stolen.proving(l_opening=by_me).saying(
        latin_name=OTHER,
        bound=False,
        commitments=(world.early.commitment, by_me.commitment("example.org/registry")),
    )
    forged = forged.proving(
        identity_key=None, d_opening=world.early.opening.only({2, 3, 5}), counted=None
    )
    assert is_refused(forged) == "proof_link"
    # My own leaf, with the path of another.
    assert is_refused(honest.proving(received=stolen.proof.received)) == "proof_received"
    assert is_refused(honest.proving(link=stolen.proof.link)) == "proof_link"
    assert is_refused(honest.proving(counted=stolen.proof.counted)) == "proof_counted"
    # My own link, opened for the leaf of another.
    # An honest paper of this world always names both.
    theirs = (world.early.commitment, honest.claims.commitments[1])  # type: ignore[index]
    borrowed = honest.saying(commitments=theirs)
    assert is_refused(borrowed) == "proof_leaf"
    borrowed = borrowed.proving(d_opening=stolen.proof.d_opening, received=stolen.proof.received)
    assert is_refused(borrowed.proving(counted=stolen.proof.counted)) == "proof_link"


def test_a_leaf_has_one_legal_name(world: World) -> None:
    """A second link is refused; one with an invented nullifier is published, and proves nothing."""
    second = l_opening(world.person, name=OTHER)
    with pytest.raises(LinkedAlready):
        ask_link(world.person, second, on=5)
    with pytest.raises(NotDatedYet):
        certify(world.person, second, name=OTHER)
    link(second.commitment("example.org/registry"), secrets.token_bytes(32), day=day(5))
    publish(5)
    paper = certify(world.person, second, name=OTHER)
    assert not paper.claims.bound
    assert is_refused(paper) == "proof_link"
    assert is_refused(world.paper().saying(latin_name=OTHER)) == "proof_person"
    assert is_refused(world.paper().saying(birth_date=date(1970, 2, 4))) == "proof_person"


def test_a_forged_path_proves_nothing(world: World) -> None:
    """Any hash changed, dropped or doubled, any other place or count, in R, L and D."""
    paper = world.paper()
    for forged in _forged_r_paths(paper):
        assert is_refused(forged) in {"proof_received", "proof_contradicts_log"}
    for part in ("link", "counted"):
        proof = getattr(paper.proof, part)
        for hashes in _forged(proof.hashes):
            other = replace(proof, hashes=hashes)
            assert is_refused(paper.proving(**{part: other})) == f"proof_{part}"
        for index in (proof.index - 1, proof.index + 1, 10_000):
            other = replace(proof, index=index)
            assert is_refused(paper.proving(**{part: other})).startswith("proof_")


def _forged(hashes: tuple[bytes, ...]) -> list[tuple[bytes, ...]]:
    """Return a path with one hash changed, dropped or doubled, for each of its hashes."""
    found = []
    for at_, each in enumerate(hashes):
        before, after = hashes[:at_], hashes[at_ + 1 :]
        changed = bytes([each[0] ^ 1]) + each[1:]
        found += [(*before, changed, *after), (*before, *after), (*before, each, each, *after)]
    return found


def _forged_r_paths(paper: Paper) -> list[Paper]:
    received = paper.proof.received
    extra = replace(received, path=(*received.path, bytes(32)), count=received.count + 1)
    others = [extra, replace(received, count=received.count + 1, index=1)]
    others += [
        replace(received, proof=replace(received.proof, hashes=hashes))
        for hashes in _forged(received.proof.hashes)
    ]
    return [paper.proving(received=each) for each in others]


def test_the_r_of_another_day_is_not_this_ones(world: World) -> None:
    """The path of today under the R of an earlier day, or under its checkpoint, is refused."""
    paper, early = world.paper(), certify(world.early, world.early_link)
    received = paper.proof.received
    swapped = replace(received, proof=early.proof.received.proof)
    assert is_refused(paper.proving(received=swapped)) == "proof_received"
    older = replace(received.proof, checkpoint=early.proof.received.proof.checkpoint)
    older_head = replace(received, proof=older)
    assert is_refused(paper.proving(received=older_head)) == "proof_received"


def test_whoever_has_every_key_cannot_go_behind_what_a_verifier_knows(world: World) -> None:
    """A log rolled back and signed anew, with any times: refused by a trust bundle of before, or
    not earlier than the newest batch in it that the forged checkpoint claims to follow."""
    known, paper = installed_bundle(), world.paper()
    sizes = [each.size for each in known.batches]
    for size in range(2, sizes[-1] + 3):
        for on in (-400, 0, 1, 2, 3, 4):
            forged = second_history(paper, size, on)
            try:
                found = forged.dates(known).received
            except ProofContradicts:
                continue
            before = max(each.day for each in known.batches if each.size <= size)
            assert found is not None
            assert size > sizes[-1]
            assert found >= before - timedelta(days=1)


def second_history(paper: Paper, size: int, on: int) -> Paper:
    """Return a paper under a log of this size, made and signed with the registry's own keys."""
    keys = read_keys(Path(configured.KEYS_FOLDER), configured.ORIGIN)
    leaf, linked = paper.claims.commitments or (b"", b"")
    entries = [
        ReceivedEntry(1, leaf_hash(leaf)).encode(),
        LinkEntry(linked, nullifier(leaf, paper.proof.d_opening.value(5))).encode(),
    ]
    hashes = [leaf_hash(each) for each in entries] + [bytes([n]) * 32 for n in range(2, size)]
    text = Checkpoint(configured.ORIGIN, size, root(hashes)).text
    clock = cosign(text, keys.clock, int(at(on).timestamp()))
    note = assemble_note(text, [keys.log.sign_text(text), clock])
    proofs = [TlogProof(n, tuple(inclusion_proof(n, hashes)), note) for n in (0, 1)]
    said = NoLaterThan(day(on), witnessed=False)
    return paper.saying(received=said, linked=said).proving(
        received=ReceivedPath(0, 1, (), proofs[0]), link=proofs[1], counted=None
    )


def test_a_name_that_was_not_bound_on_the_day_is_not_bound(world: World) -> None:
    """Bound to another name, not bound, or a guessed key: only the second sentence, never more."""
    for bound_name in ("SAMPLE<<SOMEBODY", None):
        person = declare(on=5, name=bound_name)
        linked = l_opening(person)
        ask_link(person, linked, on=5)
        publish_batch(now=at(5), at_once=True)
        paper = certify(person, linked)
        assert not paper.claims.bound
        assert days(paper) == (day(5), day(5))
        shown = person.opening.only({2, 3, 5, 6})
        claiming = paper.saying(bound=True).proving(d_opening=shown)
        assert is_refused(claiming) == "proof_binding"
        assert is_refused(claiming.proving(identity_key=person.identity_key)) == "proof_binding"
    paper = world.paper()
    guessed = secrets.token_bytes(32)
    assert is_refused(paper.proving(identity_key=guessed)) == "proof_binding"
    assert is_refused(paper.proving(identity_key=None)) == "proof_binding"
    assert is_refused(paper.saying(bound=False)) == "proof_fields"


@pytest.fixture
def witnesses(stranger: Stranger, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Witnesses:
    """Give a log three witnesses, of whom two are needed."""
    settings.POLICY_FILE = stranger.folder.parent / "policy"
    found = Witnesses(Path(settings.POLICY_FILE), monkeypatch)
    found.require(2, 0, 1, 2)
    return found


def dated(number: int) -> Paper:
    """Let somebody declare and be linked on one day, and publish."""
    person = declare(on=number)
    linked = l_opening(person)
    ask_link(person, linked, on=number)
    publish(number)
    return certify(person, linked)


def with_lines(paper: Paper, lines: list[str], *, drop: int = 0) -> Paper:
    """Return a paper whose checkpoints carry these lines, and not the first `drop` cosignatures
    of witnesses that were there."""

    def changed(checkpoint: bytes) -> bytes:
        text, present = split_note(checkpoint)
        kept = [*present[:2], *present[2 + drop :]]
        return assemble_note(text, [*(each.text for each in kept), *lines])

    received, linked = paper.proof.received, paper.proof.link
    proof = replace(received.proof, checkpoint=changed(received.proof.checkpoint))
    return paper.proving(
        received=replace(received, proof=proof),
        link=replace(linked, checkpoint=changed(linked.checkpoint)),
    )


def test_outside_witnesses_date_whatever_our_clock_says(witnesses: Witnesses) -> None:
    """A registry whose clock is a year behind when its log begins proves the witnesses' day."""
    witnesses.sign_at({0: 300, 1: 301, 2: 302})
    found = dated(0).dates()
    assert (found.kind, found.received, found.linked) == ("proven", day(301), day(301))
    assert found.witnessed


def test_one_early_witness_changes_nothing(witnesses: Witnesses) -> None:
    """One of three who signs a month early, and our own clock, cannot bring the day forward."""
    publish_early(witnesses)
    witnesses.sign_at({0: 3, 1: 33, 2: 34})
    assert days(dated(33)) == (day(33), day(33))
    witnesses.sign_at({0: 3})
    with pytest.raises(QuorumMissed):
        dated(35)


def publish_early(witnesses: Witnesses) -> None:
    """Publish an empty first batch that all have signed, so that the bundle knows them."""
    witnesses.sign_at({0: 0, 1: 0, 2: 0})
    publish(0)


def test_a_stolen_key_of_an_old_witness_dates_nothing(witnesses: Witnesses) -> None:
    """It signs for the days when it stood in the policy; it counts in no quorum of today."""
    publish_early(witnesses)
    witnesses.require(2, 1, 2, 3)
    witnesses.sign_at({1: 31, 2: 32, 3: 32})
    publish(30)
    paper = dated(31)
    assert days(paper) == (day(32), day(32))
    for on in (1, 29, 31, 100):
        checkpoint = paper.proof.link.checkpoint.decode()
        forged = witnesses.line(0, checkpoint, on)
        assert days(with_lines(paper, [forged])) == (day(32), day(32))
        alone = with_lines(paper, [forged], drop=2)
        assert alone.dates().kind == "stated"
        earlier = alone.saying(received=NoLaterThan(day(on), witnessed=True))
        assert earlier.dates().kind == "stated"


def test_a_present_witness_does_not_sign_for_days_before_its_time(witnesses: Witnesses) -> None:
    """Two new witnesses with early clocks cannot date anything to a day before they were named."""
    publish_early(witnesses)
    publish(20)
    witnesses.require(2, 1, 3, 4)
    witnesses.sign_at({3: 5, 4: 6, 1: 21})
    person = declare(on=21)
    linked = l_opening(person)
    ask_link(person, linked, on=21)
    publish(21)
    with pytest.raises(NotDatedYet):
        certify(person, linked)
    witnesses.sign_at({3: 23, 4: 24, 1: 25})
    publish(22)
    assert days(certify(person, linked)) == (day(24), day(24))


def test_a_batch_under_an_older_policy_is_dated_by_a_later_one(
    stranger: Stranger, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was public under our own clock alone is proven from the day of the first quorum."""
    settings.POLICY_FILE = stranger.folder.parent / "policy"
    person = declare(on=0)
    linked = l_opening(person)
    ask_link(person, linked)
    publish(0)
    before = certify(person, linked)
    assert days(before) == (day(0), day(0))
    found = Witnesses(Path(settings.POLICY_FILE), monkeypatch)
    found.require(2, 0, 1, 2)
    found.sign_at({0: 9, 1: 9, 2: 9})
    publish(9)
    assert before.dates().kind == "stated"
    assert days(certify(person, linked)) == (day(9), day(9))
