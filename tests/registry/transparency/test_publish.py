# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a publication promises, recounted by a stranger after every step."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, commitment, day, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.ledger.entries import Counted, OperatorNote, Received, Seal, day_date
from tuidang.pure.ledger.received import receive as received_entry
from tuidang.registry.audit.models import AuditHead, AuditRow
from tuidang.registry.transparency.actions import ask_leaf, retract_leaf, retract_leaves
from tuidang.registry.transparency.errors import ClockBehind, LeafPublished
from tuidang.registry.transparency.jobs import forget_times
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.transparency.models import Received as ReceivedRow

pytestmark = pytest.mark.django_db


def test_a_log_grows_day_by_day_across_tile_boundaries(stranger: Stranger) -> None:
    """Each day's log extends the day before, at sizes below, at and beyond full tiles."""
    start = 0
    for number, more in enumerate([0, 5, 1, 250, 247, 3, 300, 509]):
        arrive(range(start, start + more), on=number)
        start += more
        batch = publish_on(number)
        entries = stranger.look()
        assert batch is not None
        assert batch.size == len(entries)
        assert sum(isinstance(entry, Counted) for entry in entries) == start
    assert stranger.sizes == [3, 12, 17, 271, 522, 529, 833, 1346]


def test_a_batch_can_end_exactly_on_a_full_tile(stranger: Stranger) -> None:
    """A log of exactly 256 and then 512 entries has no partial level-0 tile on its edge."""
    arrive(range(253))
    publish_on(0)
    assert len(stranger.look()) == 256
    arrive(range(253, 505), on=1)  # one less: the first trust bundle has an entry here
    publish_on(1)
    assert len(stranger.look()) == 512


def test_every_leaf_learns_its_index(stranger: Stranger) -> None:
    """The index in a leaf's row is where its commitment stands in the files."""
    arrive(range(40), orgs=3, klass=2)
    publish_on(0)
    arrive(range(40, 90), on=1, orgs=7, klass=0)
    publish_on(1)
    entries = stranger.look()
    for leaf in Leaf.objects.all():
        assert leaf.index is not None
        expected = Counted(leaf.orgs, leaf.klass, bytes(leaf.commitment))
        assert entries[leaf.index] == expected
        assert (leaf.published_orgs, leaf.published_klass) == (leaf.orgs, leaf.klass)


def test_a_batch_says_its_days_its_arrivals_and_the_audit_head(stranger: Stranger) -> None:
    """N, R and S hold what the tables hold, and the days of batches join without a gap."""
    arrive(range(3), on=0)
    publish_on(2)
    arrive(range(3, 7), on=3)
    batch = publish_on(6)
    *entries, received, seal = stranger.look()
    assert batch is not None
    assert isinstance(seal, Seal)
    assert received == received_entry(commitment(n) for n in range(3, 7))
    assert OperatorNote(1, bytes(AuditHead.objects.get(number=1).head)) in entries[-2:]
    assert (day_date(seal.first_day), day_date(seal.last_day)) == (day(3), day(6))
    assert (batch.first_day, batch.last_day) == (day(3), day(6))
    assert batch.received == 4
    assert batch.seal == seal
    assert Batch.objects.get(number=0).first_day == day(0)


def test_what_came_in_is_sealed_before_it_is_reviewed(stranger: Stranger) -> None:
    """A commitment stands in the R of its day although nobody has accepted it yet."""
    arrive(range(2))
    Leaf.objects.all().delete()
    publish_on(0)
    entries = stranger.look()
    assert not [entry for entry in entries if isinstance(entry, Counted)]
    assert [entry.count for entry in entries if isinstance(entry, Received)] == [2]
    assert ReceivedRow.objects.filter(batch__number=0).count() == 2


def test_one_batch_a_day_from_the_hour_on(log_folder: Path, settings: Settings) -> None:
    """Nothing goes out before the hour, nor twice on a day, and then again the next day."""
    settings.PUBLISH_HOUR = 3
    assert publish_on(0, hour=2) is None
    assert not log_folder.exists()
    assert publish_on(0, hour=3) is not None
    assert publish_on(0, hour=23) is None
    assert publish_on(1, hour=2) is None
    assert publish_on(1, hour=3) is not None


def test_at_once_waits_for_nothing(stranger: Stranger) -> None:
    """An operator's order publishes before the hour and several times a day."""
    arrive(range(2))
    assert publish_on(0, hour=0, at_once=True) is not None
    arrive(range(2, 4))
    assert publish_on(0, hour=0, at_once=True) is not None
    assert len(stranger.look()) == 5 + 6  # the second tells of the first trust bundle too
    assert Batch.objects.values_list("first_day", "last_day").distinct().get() == (day(0), day(0))


def test_a_decision_that_can_be_undone_waits(stranger: Stranger) -> None:
    """A held leaf stays out until its ten minutes are over, and the hour is then forgotten."""
    ask_leaf(commitment(1), 1, 0, day=day(0), hold_until=at(0) + timedelta(minutes=10))
    publish_on(0)
    assert not any(isinstance(entry, Counted) for entry in stranger.look())
    publish_on(1)
    assert any(isinstance(entry, Counted) for entry in stranger.look())
    assert Leaf.objects.get().hold_until is None


def test_an_order_to_publish_at_once_ends_the_time_to_undo(stranger: Stranger) -> None:
    """`at_once` takes held leaves along."""
    leaf = ask_leaf(commitment(1), 1, 0, day=day(0), hold_until=at(0) + timedelta(minutes=10))
    publish_on(0, at_once=True)
    assert any(isinstance(entry, Counted) for entry in stranger.look())
    with pytest.raises(LeafPublished):
        retract_leaf(leaf)  # the row in hand is older than the publication


def test_a_leaf_can_be_taken_back_only_before_it_is_public(stranger: Stranger) -> None:
    """A retracted leaf never appears; a published one is not retracted, nor its companions."""
    kept, taken = arrive(range(2))
    retract_leaf(taken)
    publish_on(0)
    entries = stranger.look()
    assert [e.commitment for e in entries if isinstance(e, Counted)] == [bytes(kept.commitment)]
    kept.refresh_from_db()
    with pytest.raises(LeafPublished) as refused:
        retract_leaf(kept)
    assert refused.value.code == "leaf_published"
    (waiting,) = arrive(range(2, 3))
    with pytest.raises(LeafPublished):
        retract_leaves([waiting, kept])
    assert Leaf.objects.unpublished().get() == waiting


def test_times_of_undo_are_forgotten(log_folder: Path) -> None:
    """Once its ten minutes are over, no row says when a decision was made."""
    assert not log_folder.exists()
    ask_leaf(commitment(1), 1, 0, day=day(0), hold_until=at(0))
    ask_leaf(commitment(2), 1, 0, day=day(0), hold_until=at(0) + timedelta(minutes=1))
    assert forget_times(now=at(0)) == 1
    assert Leaf.objects.filter(hold_until__isnull=False).count() == 1


def test_production_minima_hold(stranger: Stranger, settings: Settings) -> None:
    """At 1,000 a batch and 20 a cell, a small cell waits, then says less, then goes flagged."""
    settings.MIN_BATCH, settings.MIN_CELL = 1000, 20
    arrive(range(990), on=0, orgs=1, klass=1)
    publish_on(0)
    assert Leaf.objects.unpublished().count() == 990
    arrive(range(990, 1010), on=1, orgs=2, klass=1)
    arrive(range(1010, 1020), on=1, orgs=2, klass=2)
    publish_on(1)
    assert Leaf.objects.unpublished().count() == 10
    arrive(range(2000, 3010), on=8, orgs=2, klass=1)
    publish_on(8)
    assert Leaf.objects.unpublished().count() == 10
    publish_on(21)
    assert Leaf.objects.unpublished().count() == 10
    batch = publish_on(22)
    assert batch is not None
    assert batch.flags == 1
    assert not Leaf.objects.unpublished().exists()
    late = Leaf.objects.filter(batch=batch)
    assert set(late.values_list("orgs", "published_orgs", "published_klass")) == {(2, 0xFF, 7)}
    entries = stranger.look()
    cells = Counter((e.orgs, e.class_) for e in entries if isinstance(e, Counted))
    assert cells == {(1, 1): 990, (2, 1): 1030, (0xFF, 7): 10}
    assert [e.flags for e in entries if isinstance(e, Seal)] == [0, 0, 0, 0, 1]


def test_a_clock_that_went_backwards_stops_the_log(stranger: Stranger) -> None:
    """A time before the last checkpoint's is refused with words, and nothing changes."""
    publish_on(5)
    with pytest.raises(ClockBehind) as refused:
        publish_on(4, at_once=True)
    assert at(4).isoformat() in str(refused.value)
    with pytest.raises(ClockBehind):
        publish_on(5, hour=3, at_once=True)
    assert publish_on(4) is None
    stranger.look()
    assert publish_on(5, at_once=True) is not None


def test_a_publication_is_audited_without_naming_anyone(log_folder: Path) -> None:
    """One row a batch: its number and size, and no commitment."""
    arrive(range(2))
    batch = publish_on(0)
    assert batch is not None
    row = AuditRow.objects.get(verb="publish")
    assert (row.subject, row.day, row.facts) == (batch.id, day(0), {"number": 0, "size": 5})
    assert log_folder.exists()
