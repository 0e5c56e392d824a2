# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lock store: one checkpoint, replaced in one step, and never believed where it cannot be."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from django.conf import settings as configured
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.registry.transparency.actions import adopt
from tuidang.registry.transparency.errors import (
    CheckpointUnreadable,
    LockBehind,
    LockMissing,
    LockMoved,
    LockUnusable,
)
from tuidang.registry.transparency.lock import NAME, SqliteLock
from tuidang.registry.transparency.models import Batch


@pytest.fixture
def lock(tmp_path: Path) -> SqliteLock:
    """Give a lock store that nothing was ever put in."""
    return SqliteLock(tmp_path / "deep" / "lock")


def test_the_first_swap_makes_it(lock: SqliteLock) -> None:
    """Reading makes nothing; the first swap does, and what was put in is read again."""
    assert lock.read() is None
    assert not lock.folder.exists()
    lock.swap(None, "first")
    assert lock.read() == SqliteLock(lock.folder).read() == "first"


def test_only_what_is_there_can_be_replaced(lock: SqliteLock) -> None:
    """A swap from anything else is refused, and what is there stays."""
    lock.swap(None, "first")
    for wrong in (None, "another", ""):
        with pytest.raises(LockMoved):
            lock.swap(wrong, "second")
    assert lock.read() == "first"
    lock.swap("first", "second")
    assert lock.read() == "second"


def test_of_two_that_swap_at_once_one_wins(lock: SqliteLock) -> None:
    """A swap that comes while another holds the store finds it moved."""
    lock.swap(None, "first")
    with sqlite3.connect(lock.folder / NAME, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE checkpoint SET note = 'theirs'")
        other.execute("COMMIT")
    other.close()
    with pytest.raises(LockMoved):
        lock.swap("first", "ours")
    assert lock.read() == "theirs"


def test_a_store_that_was_never_finished_is_empty(lock: SqliteLock) -> None:
    """A crash while the file was made leaves it without a table: nothing was put in."""
    lock.folder.mkdir(parents=True)
    (lock.folder / NAME).touch()
    assert lock.read() is None
    lock.swap(None, "first")
    assert lock.read() == "first"


def test_a_file_that_is_no_store_is_refused(lock: SqliteLock) -> None:
    """Garbage is told as such, and never taken for an empty store."""
    lock.folder.mkdir(parents=True)
    (lock.folder / NAME).write_bytes(b"garbage" * 1000)
    with pytest.raises(LockUnusable):
        lock.read()
    with pytest.raises(LockUnusable):
        lock.swap(None, "first")


@pytest.mark.django_db
def test_a_lost_store_stops_the_log_until_the_operator_says_so(stranger: Stranger) -> None:
    """Without its lock store a log that has begun is refused; told so, it goes on."""
    arrive(range(3))
    publish_on(0)
    shutil.rmtree(configured.LOCK_FOLDER)
    with pytest.raises(LockMissing) as refused:
        publish_on(1)
    assert "--lock-lost" in str(refused.value)
    assert adopt(now=at(1), lock_lost=True) == []
    assert publish_on(1) is not None
    stranger.look()


@pytest.mark.django_db
def test_a_restored_store_is_refused(stranger: Stranger, tmp_path: Path) -> None:
    """A lock store from a backup is older than what is public: nothing is signed with it."""
    publish_on(0)
    shutil.copytree(configured.LOCK_FOLDER, tmp_path / "backup")
    publish_on(1)
    shutil.rmtree(configured.LOCK_FOLDER)
    shutil.copytree(tmp_path / "backup", configured.LOCK_FOLDER)
    before = (stranger.folder / "checkpoint").read_bytes()
    with pytest.raises(LockBehind):
        publish_on(2)
    assert (stranger.folder / "checkpoint").read_bytes() == before
    adopt(now=at(2), lock_lost=True)
    assert publish_on(2) is not None
    stranger.look()


@pytest.mark.django_db
def test_a_store_with_another_log_is_refused(stranger: Stranger, settings: Settings) -> None:
    """A checkpoint that our key has not signed decides nothing."""
    publish_on(0)
    lock = SqliteLock(configured.LOCK_FOLDER)
    note = lock.read()
    assert note is not None
    lock.swap(note, note.replace("\n\n", "\nanother line\n\n"))
    with pytest.raises(CheckpointUnreadable):
        publish_on(1)
    assert Batch.objects.count() == 1
    assert settings.LOCK_FOLDER == configured.LOCK_FOLDER
    stranger.look()
