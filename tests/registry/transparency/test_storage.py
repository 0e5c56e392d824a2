# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public folder and what lies beside it."""

import stat
from pathlib import Path

import pytest

from tuidang.registry.transparency.errors import FileDiffers, FileMissing
from tuidang.registry.transparency.storage import PosixStore


@pytest.fixture
def store(tmp_path: Path) -> PosixStore:
    """Give a store whose folders do not exist yet."""
    return PosixStore(tmp_path / "deep" / "log")


def test_staged_files_are_not_public(store: PosixStore) -> None:
    """Until they are released, files lie beside the public folder."""
    store.stage([("tile/0/000", b"hashes")])
    assert store.read_staged("tile/0/000") == b"hashes"
    with pytest.raises(FileMissing) as refused:
        store.read("tile/0/000")
    assert refused.value.data == {"path": "tile/0/000"}
    assert not store.folder.exists()


def test_released_files_are_read_only(store: PosixStore) -> None:
    """A public file can be read by everybody and written by nobody."""
    store.stage([("tile/0/000", b"hashes"), ("tile/entries/000", b"entries")])
    store.release()
    for path in ("tile/0/000", "tile/entries/000"):
        assert stat.S_IMODE((store.folder / path).stat().st_mode) == 0o444
    assert store.read("tile/entries/000") == b"entries"


def test_releasing_twice_is_the_same_as_once(store: PosixStore) -> None:
    """What is public already and equal is left alone."""
    store.stage([("tile/0/000", b"hashes")])
    store.release()
    before = (store.folder / "tile/0/000").stat().st_mtime_ns
    store.release()
    assert (store.folder / "tile/0/000").stat().st_mtime_ns == before


def test_staging_again_replaces_what_was_not_public(store: PosixStore) -> None:
    """A second attempt may stage other bytes under the same name."""
    store.stage([("tile/0/000", b"first")])
    store.stage([("tile/0/000", b"second")])
    assert store.read_staged("tile/0/000") == b"second"


def test_a_public_file_never_changes(store: PosixStore) -> None:
    """Releasing other bytes for a public name is refused, and the name keeps its bytes."""
    store.stage([("tile/0/000", b"first")])
    store.release()
    store.discard_staged()
    store.stage([("tile/0/000", b"second")])
    with pytest.raises(FileDiffers):
        store.release()
    assert store.read("tile/0/000") == b"first"


def test_discarding_leaves_the_public_folder_alone(store: PosixStore) -> None:
    """Discarded files are gone, public files stay, and discarding nothing is no error."""
    store.discard_staged()
    store.stage([("tile/0/000", b"hashes")])
    store.release()
    store.discard_staged()
    assert store.read("tile/0/000") == b"hashes"
    with pytest.raises(FileMissing):
        store.read_staged("tile/0/000")


def test_the_checkpoint_is_replaced_in_one_step(store: PosixStore) -> None:
    """A new checkpoint is a new file under the old name; no draft stays in the public folder."""
    store.replace_checkpoint(b"one")
    first = (store.folder / "checkpoint").stat().st_ino
    with (store.folder / "checkpoint").open("rb") as open_by_a_reader:
        store.replace_checkpoint(b"two")
        assert open_by_a_reader.read() == b"one"
    assert store.read("checkpoint") == b"two"
    assert (store.folder / "checkpoint").stat().st_ino != first
    assert [path.name for path in store.folder.iterdir()] == ["checkpoint"]
