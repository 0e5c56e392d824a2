# SPDX-License-Identifier: AGPL-3.0-or-later
"""Corrections and notes of the operator: what may be asked for, and when it goes out."""

import pytest
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, commitment, day, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.ledger.entries import Correction, Counted, Entry, OperatorNote
from tuidang.registry.transparency.corrections import ask_correction, retract_correction
from tuidang.registry.transparency.errors import (
    CorrectedAlready,
    CorrectionPublished,
    NotPublished,
)
from tuidang.registry.transparency.models import Batch, Leaf, Note
from tuidang.registry.transparency.models import Correction as CorrectionRow
from tuidang.registry.transparency.notes import note

pytestmark = pytest.mark.django_db


def corrections(entries: list[Entry]) -> list[Correction]:
    """Return the C entries."""
    return [entry for entry in entries if isinstance(entry, Correction)]


def published(leaf: Leaf) -> Leaf:
    """Return a leaf as it is now."""
    return Leaf.objects.get(pk=leaf.pk)


def test_a_correction_goes_out_when_its_week_is_over(stranger: Stranger) -> None:
    """Day 0 is a Sunday: what is decided from Monday to Sunday goes out on the Monday after."""
    leaves = arrive(range(3))
    publish_on(0)
    for number, leaf in enumerate(leaves[:2], 1):
        ask_correction(leaf, 2, commitment(100 + number), day=day(number * 3))
    for number in range(1, 8):
        publish_on(number)
        assert not corrections(stranger.look())
    publish_on(8)
    found = corrections(stranger.look())
    assert {entry.corrects for entry in found} == {published(each).index for each in leaves[:2]}
    assert {(each.orgs, each.class_, each.reason) for each in found} == {(1, 1, 2)}
    assert sum(cell.count for cell in stranger.cells) == 1


def test_at_once_does_not_hurry_a_correction(stranger: Stranger) -> None:
    """Who publishes at once must not give away on which day somebody asked for a correction."""
    (leaf,) = arrive(range(1))
    publish_on(1)
    ask_correction(leaf, 1, commitment(100), day=day(2))
    publish_on(2, at_once=True)
    assert not corrections(stranger.look())


def test_corrections_of_a_week_share_one_batch(stranger: Stranger) -> None:
    """A second batch of the same week holds none, however late the first ones were asked for."""
    leaves = arrive(range(2))
    publish_on(0)
    ask_correction(leaves[0], 2, commitment(100), day=day(1))
    publish_on(9)
    ask_correction(leaves[1], 2, commitment(101), day=day(9))
    publish_on(10)
    assert len(corrections(stranger.look())) == 1
    publish_on(15)
    assert len(corrections(stranger.look())) == 2
    assert CorrectionRow.objects.filter(batch=Batch.objects.last_batch()).count() == 1


def test_a_correction_repeats_the_published_bytes(stranger: Stranger, settings: Settings) -> None:
    """What was published as withheld is taken back as withheld."""
    settings.MIN_CELL = settings.MIN_BATCH = 2
    (leaf,) = arrive(range(1), orgs=5, klass=2)
    publish_on(21)
    ask_correction(leaf, 1, commitment(100), day=day(21))
    publish_on(28)
    (entry,) = corrections(stranger.look())
    assert (entry.orgs, entry.class_) == (0xFF, 7)
    assert stranger.cells == ()


def test_only_a_published_leaf_is_corrected_and_only_once(stranger: Stranger) -> None:
    """A leaf that waits, or whose batch is only prepared, is refused; so is a second correction."""
    (leaf,) = arrive(range(1))
    with pytest.raises(NotPublished):
        ask_correction(leaf, 1, commitment(100), day=day(0))
    publish_on(0)
    Batch.objects.update(state=Batch.State.PREPARED)
    with pytest.raises(NotPublished):
        ask_correction(leaf, 1, commitment(100), day=day(0))
    Batch.objects.update(state=Batch.State.PUBLISHED)
    ask_correction(leaf, 1, commitment(100), day=day(0))
    with pytest.raises(CorrectedAlready):
        ask_correction(leaf, 1, commitment(101), day=day(0))
    assert stranger.look()


def test_a_correction_can_be_taken_back_until_it_goes_out(stranger: Stranger) -> None:
    """Before its batch it leaves no trace in the log; after it, it stays."""
    (leaf,) = arrive(range(1))
    publish_on(0)
    retract_correction(ask_correction(leaf, 1, commitment(100), day=day(0)))
    publish_on(7)
    assert not corrections(stranger.look())
    late = ask_correction(leaf, 1, commitment(101), day=day(7))
    publish_on(15)
    assert len(corrections(stranger.look())) == 1
    with pytest.raises(CorrectionPublished):  # also for who read it before
        retract_correction(late)
    with pytest.raises(CorrectionPublished):
        retract_correction(CorrectionRow.objects.get())


def test_notes_go_out_with_the_next_batch_once(stranger: Stranger) -> None:
    """Each kind and digest stands in the log once, and the same digest twice is no disorder."""
    digest, other = commitment(1), commitment(2)
    for kind, what in [(2, digest), (4, digest), (4, other), (2, digest)]:
        note(kind, what, day=day(0))
    assert Note.objects.count() == 3
    publish_on(0)
    publish_on(1)
    publish_on(2)
    entries = [each for each in stranger.look() if isinstance(each, OperatorNote)]
    mine = [(each.kind, each.digest) for each in entries if each.kind in (2, 4)]
    assert sorted(mine) == sorted([(2, digest), (4, digest), (4, other)])
    assert not Note.objects.filter(index=None, kind__in=[2, 4]).exists()


@pytest.mark.parametrize(("kind", "length"), [(1, 32), (0, 32), (6, 32), (2, 31), (2, 33)])
def test_a_note_is_a_known_kind_and_a_digest(db: None, kind: int, length: int) -> None:
    """The head of the audit chain is the log's own; nothing but a SHA-256 goes into a note."""
    with pytest.raises(ValueError, match="note"):
        note(kind, bytes(length), day=day(0))


def test_a_batch_has_a_most_and_the_longest_waiting_go_first(
    stranger: Stranger, settings: Settings
) -> None:
    """With more waiting than a batch may hold, days pass in their order until all are out."""
    settings.MAX_BATCH, settings.MIN_BATCH, settings.MIN_CELL = 30, 10, 2
    for number, start in enumerate(range(0, 100, 20)):
        arrive(range(start, start + 20), on=number)
    days = []
    for number in range(4, 9):
        publish_on(number)
        days.append(set(Leaf.objects.unpublished().values_list("day", flat=True)))
    assert days[0] <= {day(n) for n in (1, 2, 3, 4)}
    assert days[-1] == set()
    sizes = [leaves.count() for leaves in (b.leaves for b in Batch.objects.order_by("number"))]
    assert sizes[:3] == [30, 30, 30]
    assert sum(isinstance(entry, Counted) for entry in stranger.look()) == 100


def test_the_most_does_not_make_a_cell_look_small(stranger: Stranger, settings: Settings) -> None:
    """An overdue leaf is told whole and without a flag if there is company beyond the most."""
    settings.MAX_BATCH, settings.MIN_BATCH, settings.MIN_CELL = 20, 5, 5
    arrive(range(1), on=0, orgs=7, klass=0)
    arrive(range(1, 51), on=1)
    arrive(range(51, 61), on=2, orgs=7, klass=0)
    batch = publish_on(21)
    assert batch is not None
    first = Leaf.objects.get(orgs=7, day=day(0))
    assert (first.published_orgs, first.published_klass, batch.flags) == (7, 0, 0)
    assert stranger.look()
