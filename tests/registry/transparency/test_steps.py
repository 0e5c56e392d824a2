# SPDX-License-Identifier: AGPL-3.0-or-later
"""A publication that stops between two of its steps: what is undone, and what goes on."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, commitment, day, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.cli.checks import check_publication
from tuidang.cli.main import main
from tuidang.pure.ledger.entries import Counted
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.tally.figures import published
from tuidang.registry.tally.jobs import publish_daily
from tuidang.registry.transparency import actions, cosigning
from tuidang.registry.transparency.actions import finish_begun, retract_leaf
from tuidang.registry.transparency.corrections import ask_correction
from tuidang.registry.transparency.errors import (
    DiskShort,
    LeafPublished,
    NotPublished,
    QuorumMissed,
    StagingLost,
)
from tuidang.registry.transparency.models import Batch, Correction, Leaf, Note, Received
from tuidang.registry.transparency.notes import note
from tuidang.registry.transparency.proofs import leaf_proof, received_proof
from tuidang.registry.transparency.storage import PosixStore

pytestmark = pytest.mark.django_db


class StoppedError(Exception):
    """The publication ends here."""


def stop(*_: object, **__: object) -> None:
    """Stand for a step that is never done."""
    raise StoppedError


def missing(*_: object, **__: object) -> str:
    """Stand for cosigners of whom too few have signed."""
    raise QuorumMissed(needed="2 of 3 witnesses", had=1, names="w2.example, w3.example")


@pytest.fixture
def unsigned(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Give a second batch with one of everything in it, stopped while its files were staged."""
    arrive(range(4))
    publish_on(0)
    arrive(range(4, 6), on=9)
    ask_correction(Leaf.objects.get(index=0), 1, bytes(32), day=day(1))
    note(5, bytes(32), day=day(9))
    with monkeypatch.context() as patch:
        patch.setattr(PosixStore, "stage", stop)
        with pytest.raises(StoppedError):
            publish_on(9)
    return Batch.objects.get(number=1)


@pytest.fixture
def signed(unsigned: Batch, monkeypatch: pytest.MonkeyPatch) -> Batch:
    """Give the same batch, stopped right after its checkpoint was signed."""
    with monkeypatch.context() as patch:
        patch.setattr(actions, "finish", stop)
        with pytest.raises(StoppedError):
            publish_on(9)
    batch = Batch.objects.get(number=1)
    assert batch != unsigned
    return batch


def test_a_batch_that_was_never_signed_is_undone(unsigned: Batch, stranger: Stranger) -> None:
    """Leaves, arrivals, corrections and notes wait again, and the audit tells of both."""
    assert Leaf.objects.filter(batch=unsigned).count() == 2
    assert Correction.objects.get().batch == unsigned
    finish_begun(now=at(9))
    assert Batch.objects.count() == 1
    for waiting in (Leaf, Received):
        assert waiting.objects.filter(batch=None).count() == 2
    assert (Correction.objects.get().index, Correction.objects.get().batch) == (None, None)
    assert Note.objects.filter(index=None, batch=None).exists()
    verbs = AuditRow.objects.filter(subject=unsigned.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["publish", "undo_publish"]
    retract_leaf(Leaf.objects.get(commitment=commitment(5)))
    publish_on(9)
    counted = [each.commitment for each in stranger.look() if isinstance(each, Counted)]
    assert sorted(counted) == sorted(commitment(n) for n in range(5))


def test_what_is_prepared_can_neither_be_taken_back_nor_shown(unsigned: Batch) -> None:
    """Between the first step and the last, a leaf is fixed and not yet public."""
    leaf = Leaf.objects.filter(batch=unsigned)[0]
    with pytest.raises(LeafPublished):
        retract_leaf(leaf)
    with pytest.raises(NotPublished):
        leaf_proof(leaf)
    with pytest.raises(NotPublished):
        received_proof(commitment(4))
    assert published().batches == 1
    assert published().totals.persons == 4


@pytest.mark.parametrize("lost", ["everything", "a file", "a byte"])
def test_lost_staging_is_made_again(signed: Batch, stranger: Stranger, lost: str) -> None:
    """If the staged files of a signed batch are gone or spoilt, its rows give them again."""
    staged = stranger.folder.with_name("log.staging") / "files"
    if lost == "everything":
        shutil.rmtree(staged.parent)
    elif lost == "a file":
        next(staged.iterdir()).unlink()
    else:
        path = next(staged.glob("tile+entries+*"))
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert publish_on(9, hour=5) == signed
    entries = stranger.look()
    assert len(entries) == signed.size
    assert bytes(signed.root) == stranger.seen.root
    assert Batch.objects.get(number=1).is_published


def test_lost_staging_that_the_rows_do_not_give_is_refused(
    signed: Batch, stranger: Stranger
) -> None:
    """If the rows lead elsewhere, nothing is made public, and the words say what is missing."""
    shutil.rmtree(stranger.folder.with_name("log.staging"))
    Leaf.objects.filter(batch=signed).update(published_orgs=2)
    before = (stranger.folder / "checkpoint").read_bytes()
    with pytest.raises(StagingLost) as refused:
        publish_on(9, hour=5)
    assert refused.value.data == {"number": 1}
    assert (stranger.folder / "checkpoint").read_bytes() == before


def test_a_missed_quorum_leaves_the_old_checkpoint_public(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signed batch waits, no other is begun, and the next publication goes on with it."""
    arrive(range(2))
    publish_on(0)
    before = (stranger.folder / "checkpoint").read_bytes()
    arrive(range(2, 4), on=1)
    with monkeypatch.context() as patch:
        patch.setattr(cosigning, "gather", missing)
        for hour in (4, 5):
            with pytest.raises(QuorumMissed) as missed:
                publish_on(1, hour=hour, at_once=True)
            assert missed.value.data["had"] == 1
            assert "w2.example" in str(missed.value)
        assert (stranger.folder / "checkpoint").read_bytes() == before
        waiting = Batch.objects.exclude(state="published").get()
        assert waiting.checkpoint
        assert any(each.level == "wrong" for each in check_publication())
    assert publish_on(2, hour=0) == waiting
    assert len(stranger.look()) == waiting.size
    assert not any(each.level == "wrong" for each in check_publication())


def test_a_missed_quorum_is_told_to_the_operator(
    stranger: Stranger,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
) -> None:
    """The command prints it and fails; the timetable logs the witnesses, tries on, and finishes."""
    settings.PUBLISH_HOUR = 3
    with monkeypatch.context() as patch:
        patch.setattr(cosigning, "gather", missing)
        assert main(["log", "publish", "--now"]) == 1
        assert "2 of 3 witnesses" in capsys.readouterr().err
        publish_daily(at(1, hour=12))
        waits = "the public log waits for cosigners: w2.example, w3.example"
        assert caplog.messages[-1] == waits
    assert not Batch.objects.published().exists()
    publish_daily(at(1, hour=13))
    assert Batch.objects.published().count() == 1
    assert len(stranger.look()) > 0


def test_a_short_disk_is_refused_before_anything_is_begun(
    stranger: Stranger, settings: Settings
) -> None:
    """With too little room nothing is prepared or staged, and the figures are told."""
    (leaf,) = arrive(range(1))
    settings.FREE_BYTES = 1 << 60
    with pytest.raises(DiskShort) as refused:
        publish_on(0)
    assert int(refused.value.data["needed"]) > 1 << 60 > int(refused.value.data["free"])
    assert not Batch.objects.exists()
    assert not stranger.folder.with_name("log.staging").exists()
    assert "short of room" in " ".join(each.words for each in check_publication())
    retract_leaf(leaf)
    settings.FREE_BYTES = 0
    assert publish_on(0) is not None
    stranger.look()


@contextmanager
def small_disk(folder: Path) -> Iterator[Callable[[], None]]:
    """Give `folder` 60 KB where we may mount, else files 8 KB; yields what makes room."""
    words = ["mount", "-t", "tmpfs", "-o", "size=60k", "sample", str(folder)]
    if shutil.which("mount") and not subprocess.run(words, capture_output=True).returncode:
        try:
            again = ["mount", "-o", "remount,size=10m", str(folder)]
            yield lambda: subprocess.run(again, check=True) and None
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8000, hard))
    try:
        yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_up_loses_nothing(
    tmp_path: Path, stranger: Stranger, settings: Settings
) -> None:
    """A batch that does not fit is begun in vain; once there is room, it goes out whole."""
    folder = tmp_path / "small"
    folder.mkdir()
    settings.FREE_BYTES = -(1 << 40)  # as if somebody else had filled it since we looked
    settings.LOG_FOLDER = stranger.folder = folder / "log"
    with small_disk(folder) as make_room:
        arrive(range(700))
        with pytest.raises(OSError, match=r"No space left|File too large"):
            publish_on(0)
        assert not (stranger.folder / "checkpoint").exists()
        make_room()
        publish_on(0)
        counted = [each for each in stranger.look() if isinstance(each, Counted)]
        assert len(counted) == 700
    assert Path(configured.LOG_FOLDER) == folder / "log"
