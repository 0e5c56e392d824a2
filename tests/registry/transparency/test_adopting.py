# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going on with a log whose database was restored from a backup, believing only audited files."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, transaction

from tests.registry.transparency.samples import arrive, at, commitment, day, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.cli.main import main
from tuidang.pure.ledger.entries import Correction as CorrectionEntry
from tuidang.pure.ledger.entries import Counted
from tuidang.pure.merkle.notes import open_note
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.transparency import actions
from tuidang.registry.transparency.actions import adopt, ask_leaf, ask_leaves, receive
from tuidang.registry.transparency.corrections import ask_correction
from tuidang.registry.transparency.errors import (
    CorrectedAlready,
    LeafPublished,
    LegacyUnknown,
    LogAhead,
    StagingLost,
)
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.legacy import LegacyPlans, begin_import, progress
from tuidang.registry.transparency.legacy_table import LegacyTable
from tuidang.registry.transparency.models import Batch, Leaf, LegacyBatch, Received
from tuidang.verify.errors import AuditFailed

pytestmark = pytest.mark.django_db
LEGACY = "organizations,class,name\n" + "party,self_named,样本甲\n" * 30


@contextmanager
def forgotten() -> Iterator[None]:
    """Let the database forget what was done in this block; files and lock store keep it."""
    savepoint = transaction.savepoint()
    yield
    transaction.savepoint_rollback(savepoint)


@pytest.fixture
def begun(stranger: Stranger) -> Stranger:
    """Give somebody who saw the first batch, of ten persons."""
    arrive(range(10))
    publish_on(0)
    stranger.look()
    return stranger


def test_nothing_is_adopted_where_nothing_is_missing(begun: Stranger) -> None:
    """A database that has every batch is left as it is."""
    assert adopt(now=at(1)) == []
    assert Batch.objects.count() == 1
    assert publish_on(1) is not None
    begun.look()


def test_missing_batches_are_taken_over_and_the_log_goes_on(begun: Stranger) -> None:
    """Rows learn their place, persons without a row get one, and the next batch extends the log."""
    arrive(range(10, 13), on=1)
    with forgotten():
        publish_on(1)
        arrive(range(13, 15), on=2)
        last = publish_on(2)
    assert last is not None
    with pytest.raises(LogAhead):
        publish_on(3)
    adopted = adopt(now=at(3))
    assert [(each.number, each.is_published) for each in adopted] == [(1, True), (2, True)]
    assert (adopted[1].size, bytes(adopted[1].root)) == (last.size, bytes(last.root))
    assert AuditRow.objects.get(verb="adopt").facts == {"batches": 2, "size": last.size}
    entries = begun.look()
    for leaf in Leaf.objects.all():
        assert leaf.index is not None
        assert entries[leaf.index] == Counted(leaf.orgs, leaf.klass, bytes(leaf.commitment))
    assert Leaf.objects.count() == 15
    publish_on(3)
    counted = [each.commitment for each in begun.look() if isinstance(each, Counted)]
    assert sorted(counted) == sorted(commitment(n) for n in range(15))


def test_adopted_checkpoints_are_those_that_were_signed(begun: Stranger) -> None:
    """Also of batches before the last: the log's line and the cosignatures are the same bytes."""
    with forgotten():
        signed = [publish_on(number) for number in (1, 2)]
    adopted = adopt(now=at(3))
    keys = read_keys(Path(configured.KEYS_FOLDER), configured.ORIGIN)
    for batch, known in zip(adopted, signed, strict=True):
        assert known is not None
        assert batch.checkpoint == known.checkpoint
        verifiers = [keys.log.verifier, keys.clock.cosignature_verifier]
        assert len(open_note(batch.checkpoint.encode(), verifiers).verified) == 2
    assert begun.look()


def test_a_person_who_is_accepted_again_is_not_counted_again(begun: Stranger) -> None:
    """The adopted leaf is given out, with the decided cell; a leaf that waits is not."""
    with forgotten():
        arrive(range(10, 12), on=1, orgs=3)
        publish_on(1)
    adopt(now=at(2))
    receive([commitment(12)], day=day(2))
    again, new = ask_leaves(
        [(commitment(10), 3, 1), (commitment(12), 1, 1)], day=day(2), hold_until=at(2)
    )
    assert again.index is not None
    assert (again.orgs, new.index) == (3, None)
    with pytest.raises(LeafPublished):
        actions.retract_leaf(again)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask_leaf(commitment(12), 1, 1, day=day(2))
    publish_on(3)
    assert sum(isinstance(each, Counted) for each in begun.look()) == 13


def test_a_correction_is_not_made_twice(begun: Stranger) -> None:
    """A C entry that the database forgot is known again, by the leaf that it corrects."""
    leaf = Leaf.objects.get(index=3)
    with forgotten():
        ask_correction(leaf, 1, bytes(32), day=day(0))
        publish_on(9)
    adopt(now=at(10))
    with pytest.raises(CorrectedAlready):
        ask_correction(leaf, 2, bytes(range(32)), day=day(10))
    publish_on(20)
    assert sum(isinstance(each, CorrectionEntry) for each in begun.look()) == 1


def test_what_an_r_covers_is_told_where_it_can_be(begun: Stranger) -> None:
    """Exactly what is there was received: known again. More, or less: it stands in the next R."""
    receive([commitment(20)], day=day(1))
    with forgotten():
        publish_on(1)
        receive([commitment(21)], day=day(2))
        publish_on(2)
    receive([commitment(22)], day=day(2))
    adopt(now=at(3))
    covered = Received.objects.exclude(batch=None).filter(batch__number__gt=0)
    assert [bytes(each.commitment) for each in covered] == [commitment(20)]
    publish_on(3)
    assert not Received.objects.filter(batch=None).exists()
    begun.look()


def test_a_log_that_does_not_hold_is_not_adopted(
    begun: Stranger, capsys: pytest.CaptureFixture[str]
) -> None:
    """One changed byte in the files, and the database stays as it is; the file is named."""
    with forgotten():
        publish_on(1)
    (bundle,) = (begun.folder / "tile/entries/000.p").glob("1[4-9]")
    good = bundle.read_bytes()
    bundle.chmod(0o644)
    bundle.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    with pytest.raises(AuditFailed):
        adopt(now=at(2))
    assert main(["log", "adopt"]) == 1
    assert "tile/entries/000.p" in capsys.readouterr().err
    assert Batch.objects.count() == 1
    bundle.write_bytes(good)
    assert len(adopt(now=at(2))) == 1


def test_what_was_signed_and_is_still_staged_is_made_public(
    begun: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash after signing, then a restored database: the staged batch comes out all the same."""
    arrive(range(10, 12), on=1)
    with forgotten(), monkeypatch.context() as patch:
        patch.setattr(actions, "finish", lambda log, batch, signed: None)
        publish_on(1)
    shutil.copytree(begun.folder.with_name("log.staging"), begun.folder.with_name("kept"))
    shutil.rmtree(begun.folder.with_name("log.staging"))
    with pytest.raises(StagingLost):
        adopt(now=at(2))
    shutil.copytree(begun.folder.with_name("kept"), begun.folder.with_name("log.staging"))
    assert len(adopt(now=at(2))) == 1
    assert sum(isinstance(each, Counted) for each in begun.look()) == 12


def test_earlier_records_are_not_imported_twice(begun: Stranger, tmp_path: Path) -> None:
    """How far an import has come is known again, once the file is; before, adopting is refused."""
    path = tmp_path / "legacy.csv"
    path.write_text(LEGACY)
    with LegacyTable(path, today=day(1)) as table:
        checked = table.check()
        with forgotten():
            file = begin_import(checked, now=at(1))
            plans = LegacyPlans(table, file, most=20)
            actions.publish(now=at(1), at_once=True, plan=plans)
        with pytest.raises(LegacyUnknown) as refused:
            adopt(now=at(2))
        assert "--legacy-file" in str(refused.value)
        file = begin_import(checked, now=at(2))
        (batch,) = adopt(now=at(2))
        assert LegacyBatch.objects.get(batch=batch).end == progress(file) > 0
        assert Leaf.objects.count() == 10
        while progress(file) < file.persons:
            actions.publish(now=at(2), at_once=True, plan=LegacyPlans(table, file, most=20))
    counted = [each for each in begun.look() if isinstance(each, Counted)]
    assert len(counted) == 10 + 30
