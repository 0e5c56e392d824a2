# SPDX-License-Identifier: AGPL-3.0-or-later
"""A folder is audited strictly: nothing may lie there that no batch end implies."""

import os
from pathlib import Path

import pytest

from tests.verify.auditors import fault
from tests.verify.sample_logs import log_files, sample_log, write_files

UNEXPECTED = (
    ".hidden",
    "checkpoint.old",
    "tile/0/000.p/6",
    "tile/0/003",
    "tile/2/000.p/1",
    "tile/entries/000.p/39",
    "tile/entries/x001/000",
    "tile/entries/002",
    "tile/0/000.p/0",
    "tile/0/000.p/05",
    "notes/read me",
    "a\nb",
)


@pytest.mark.parametrize("path", UNEXPECTED)
def test_unexpected_files_are_named(path: str, log: Path) -> None:
    """A file that nothing implies is refused, by its name or that of its new folder."""
    before = {each.relative_to(log).as_posix() for each in log.rglob("*")}
    write_files(log, {path: b"unexpected"})
    parents = [each.as_posix() for each in reversed(Path(path).parents)]
    assert fault(log) == next(each for each in [*parents[1:], path] if each not in before)


@pytest.mark.parametrize("path", ["empty", "tile/3", "tile/0/000.p/6"])
def test_unexpected_folders_are_named(path: str, log: Path) -> None:
    """A folder without a file of the log is refused."""
    (log / path).mkdir(parents=True)
    assert fault(log) == path


def test_a_folder_in_the_place_of_a_file_is_named(log: Path) -> None:
    """A folder does not pass for a tile."""
    (log / "tile/0/001").unlink()
    (log / "tile/0/001").mkdir()
    assert fault(log) == "tile/0/001"


@pytest.mark.parametrize("path", ["tile/0/001", "tile/new", "checkpoint"])
def test_links_are_refused(path: str, log: Path, tmp_path: Path) -> None:
    """A link is refused, even where it leads to the right bytes."""
    target = tmp_path / "target"
    target.write_bytes((log / path).read_bytes() if (log / path).exists() else b"")
    (log / path).unlink(missing_ok=True)
    (log / path).symlink_to(target)
    assert fault(log) == path


def test_links_to_folders_are_refused(log: Path) -> None:
    """A linked folder is refused and not entered."""
    (log / "tile/0/000.p").rename(log.parent / "moved")
    (log / "tile/0/000.p").symlink_to(log.parent / "moved")
    assert fault(log) == "tile/0/000.p"


def test_pipes_are_refused(log: Path) -> None:
    """A pipe is refused before anybody waits for it."""
    os.mkfifo(log / "pipe")
    assert fault(log) == "pipe"


def test_a_folder_without_a_log_names_the_checkpoint(tmp_path: Path) -> None:
    """An empty or missing folder fails at the checkpoint."""
    assert fault(tmp_path) == "checkpoint"
    assert fault(tmp_path / "nowhere") == "checkpoint"


def test_an_empty_log_holds(tmp_path: Path) -> None:
    """A log of size 0 holds, and counts nobody."""
    assert fault(write_files(tmp_path, log_files([]))) is None


@pytest.mark.parametrize("batches", range(1, 7))
def test_every_earlier_size_holds(batches: int, tmp_path: Path) -> None:
    """The log as it was after each batch holds on its own."""
    entries = sample_log()
    size = [at for at, entry in enumerate(entries, 1) if entry[0] == 3][batches - 1]
    assert fault(write_files(tmp_path, log_files(entries[:size]))) is None
