# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever interrupts a publication, the log never contradicts itself and loses nobody."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from tests.registry.transparency.faults import crashing
from tests.registry.transparency.samples import arrive, at, commitment, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.ledger.entries import Counted
from tuidang.registry.audit.doers import Doer
from tuidang.registry.transparency import actions, publication
from tuidang.registry.transparency.actions import publish, retract_leaf
from tuidang.registry.transparency.errors import (
    FileDiffers,
    LogAhead,
    LogBehind,
    LogContradicted,
    LogDamaged,
    PlanOvertaken,
    PublisherBusy,
)
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.transparency.plan import Plan
from tuidang.registry.transparency.publication import OpenLog, begin
from tuidang.registry.transparency.storage import PosixStore

pytestmark = pytest.mark.django_db


def use_copy(settings: Settings, base: Path, name: str) -> Path:
    """Copy a whole installation's folders and point the settings to the copy."""
    copy = base.with_name(name)
    shutil.copytree(base, copy)
    settings.LOG_FOLDER, settings.LOCK_FOLDER = copy / "log", copy / "lock"
    settings.TRUST_FOLDER = copy / "trust"
    settings.KEYS_FOLDER = copy / "keys"
    return copy


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.unmeasured
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_step_is_healed_by_the_next_publication(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    """For every step of writing: publish again, and all is there once, on the old log."""
    settings.MIN_BATCH = settings.MIN_CELL = 1
    base = tmp_path / "base"
    base.mkdir()
    use_copy(settings, base, "first")
    arrive(range(240))
    publish_on(0)
    arrive(range(240, 260), on=1)
    step, crashed = 0, [True]
    while crashed:
        step += 1
        savepoint = transaction.savepoint()
        folder = use_copy(settings, tmp_path / "first", f"{step}")
        crashed = check_one_crash(folder, monkeypatch, step, after=after)
        transaction.savepoint_rollback(savepoint)
        shutil.rmtree(folder)
    assert step > 50


def check_one_crash(
    folder: Path, monkeypatch: pytest.MonkeyPatch, step: int, *, after: bool
) -> list[bool]:
    """Crash at one step, look, publish again, and look again."""
    stranger = Stranger(folder / "log")
    stranger.look()
    public = tree(folder / "log")
    with crashing(monkeypatch, step, after=after) as crashed:
        publish_on(1)
    last = Batch.objects.last_batch()
    assert last is not None
    if last.number == 0 or not last.checkpoint:  # not signed: as if nothing had been tried
        assert tree(folder / "log") == public
    publish_on(1, hour=5)
    entries = stranger.look()
    counted = [entry.commitment for entry in entries if isinstance(entry, Counted)]
    assert sorted(counted) == sorted(commitment(n) for n in range(260))
    assert Batch.objects.count() == 2
    assert bytes(Batch.objects.get(number=1).root) == stranger.seen.root
    if last.number == 1 and last.checkpoint:
        assert bytes(last.root) == stranger.seen.root
    assert not Leaf.objects.unpublished().exists()
    assert not list(folder.glob("log.staging"))
    return crashed


def test_an_interrupted_publication_is_finished_and_returned(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was committed but not public yet is made public by the next call, which says so."""
    arrive(range(3))
    with monkeypatch.context() as patch:
        patch.setattr(actions, "finish", lambda log, batch, signed: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            publish_on(0)
    assert not stranger.folder.exists()
    batch = publish_on(0, hour=5)
    assert batch == Batch.objects.get()
    assert len(stranger.look()) == batch.size


def test_an_older_database_is_refused_with_words(stranger: Stranger) -> None:
    """A database restored to yesterday cannot publish over a folder that is ahead."""
    arrive(range(3))
    publish_on(0)
    savepoint = transaction.savepoint()
    arrive(range(3, 6), on=1)
    publish_on(1)
    before = tree(stranger.folder)
    transaction.savepoint_rollback(savepoint)
    arrive(range(6, 9), on=1)
    with pytest.raises(LogAhead) as refused:
        publish_on(1, at_once=True)
    assert refused.value.data == {"signed": 13, "known": 6}
    assert "restored from a backup" in str(refused.value)
    assert tree(stranger.folder) == before
    assert not Leaf.objects.filter(commitment=commitment(6), index__isnull=False).exists()


def test_an_empty_database_beside_a_log_is_refused(stranger: Stranger) -> None:
    """A new installation never writes into the folder of an old log."""
    savepoint = transaction.savepoint()
    publish_on(0)
    transaction.savepoint_rollback(savepoint)
    with pytest.raises(LogAhead):
        publish_on(1)
    assert len(stranger.look()) == 3


def test_a_folder_that_lost_a_batch_is_refused(stranger: Stranger, tmp_path: Path) -> None:
    """A log folder restored to the day before yesterday is not written over."""
    for number in range(3):
        arrive(range(number, number + 1), on=number)
        publish_on(number)
        if number == 0:
            shutil.copytree(stranger.folder, tmp_path / "old")
    shutil.rmtree(stranger.folder)
    shutil.copytree(tmp_path / "old", stranger.folder)
    with pytest.raises(LogBehind) as refused:
        publish_on(3)
    assert refused.value.data == {"published": 4, "known": 14}


def test_another_history_of_the_same_size_is_refused(stranger: Stranger) -> None:
    """Two roots for one size are never built upon."""
    arrive(range(1))
    publish_on(0)
    Batch.objects.update(root=bytes(32))
    with pytest.raises(LogContradicted):
        publish_on(1)
    stranger.look()


@pytest.mark.parametrize("place", ["entries", "0", "1"])
def test_a_flipped_bit_on_the_disk_is_noticed_before_signing(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """A bundle or tile that the disk gives back otherwise stops the publication."""
    arrive(range(300))
    stage = PosixStore.stage

    def stage_and_flip(store: PosixStore, files: object) -> None:
        stage(store, files)  # type: ignore[arg-type]
        path = next((store.folder.parent / "log.staging/files").glob(f"tile+{place}+*"))
        path.chmod(0o644)
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)

    with monkeypatch.context() as patch:
        patch.setattr(PosixStore, "stage", stage_and_flip)
        with pytest.raises(LogDamaged) as refused:
            publish_on(0)
    assert place in str(refused.value.data["path"])
    assert not Batch.objects.published().exists()
    publish_on(0)
    assert len(stranger.look()) == 303


@pytest.mark.parametrize("name", ["tile/entries/000.p/6", "tile/0/000.p/6"])
def test_a_flipped_bit_in_the_old_edge_is_noticed(stranger: Stranger, name: str) -> None:
    """The old log's last bundle and tile must still be what was signed."""
    arrive(range(3))
    publish_on(0)
    path = stranger.folder / name
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)
    arrive(range(3, 4), on=1)
    with pytest.raises(LogDamaged):
        publish_on(1)
    assert Batch.objects.count() == 1


def test_a_public_file_with_other_content_stops_the_log(stranger: Stranger) -> None:
    """A file that is in the way and differs is neither replaced nor signed over."""
    arrive(range(2))
    publish_on(0)
    intruder = stranger.folder / "tile/entries/000.p/11"
    intruder.write_bytes(b"something else")
    arrive(range(2, 4), on=1)
    with pytest.raises(FileDiffers) as refused:
        publish_on(1)
    assert refused.value.data["path"] == "tile/entries/000.p/11"
    assert intruder.read_bytes() == b"something else"
    intruder.unlink()
    assert publish_on(1) == Batch.objects.last_batch()
    stranger.look()


def test_there_is_one_writer(stranger: Stranger) -> None:
    """A second publication at the same moment is refused, and possible right after."""
    with PosixStore(stranger.folder).alone(), pytest.raises(PublisherBusy):
        publish_on(0)
    assert publish_on(0) is not None


def test_a_leaf_taken_back_meanwhile_is_not_published(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An undo between planning and preparing wins; the batch is planned anew without it."""
    kept, taken = arrive(range(2))
    done: list[bool] = []

    def undo_then_begin(log: OpenLog, plan: Plan, *, now: datetime, by: Doer) -> tuple[Batch, str]:
        if not done:
            retract_leaf(taken)
            done.append(True)
        return begin(log, plan, now=now, by=by)

    monkeypatch.setattr(actions, "begin", undo_then_begin)
    publish_on(0)
    counted = [entry for entry in stranger.look() if isinstance(entry, Counted)]
    assert [entry.commitment for entry in counted] == [bytes(kept.commitment)]


def test_a_plan_that_is_overtaken_again_and_again_is_given_up(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three attempts the publisher says so instead of going on for ever."""
    arrive(range(1))

    def overtaken(plan: Plan, batch: Batch) -> None:
        raise PlanOvertaken

    with monkeypatch.context() as patch:
        patch.setattr(publication, "mark", overtaken)
        with pytest.raises(PlanOvertaken):
            publish_on(0)
    assert not stranger.folder.exists()
    assert not Batch.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_publishing_inside_a_transaction_is_refused(stranger: Stranger) -> None:
    """Files may become public only after a commit that nothing can roll back."""
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        publish(now=at(0))
    assert not stranger.folder.exists()
    assert publish_on(0) is not None
    stranger.look()
