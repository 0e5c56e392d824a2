# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public folder of the log, and the staging folder beside it.

A file is first staged: durable, but not public. Once the database has committed the batch,
staged files are linked into the public folder, so that nothing ever becomes public that is
not going to be signed for. Public files never change; only `checkpoint` is replaced. Nothing
here may delete a public file.

Source: `transparency-log.md` sections 5 and 11.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from tuidang.registry.transparency.errors import FileDiffers, FileMissing, PublisherBusy

CHECKPOINT = "checkpoint"


class LogStore(Protocol):
    """Where the files of a log lie. Paths are those below the log's prefix."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other writer out; raises PublisherBusy if one is at work."""

    def read(self, path: str) -> bytes:
        """Return a public file; raises FileMissing."""

    def stage(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Make new files durable without making them public."""

    def read_staged(self, path: str) -> bytes:
        """Return a staged file as it lies on the disk; raises FileMissing."""

    def release(self) -> None:
        """Make all staged files public and durable; raises FileDiffers rather than change one."""

    def discard_staged(self) -> None:
        """Forget what is staged."""

    def replace_checkpoint(self, data: bytes) -> None:
        """Replace the public checkpoint in one step, durably."""


class PosixStore:
    """A log in a folder of one file system; staging and lock lie beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._work = folder.with_name(f"{folder.name}.staging")
        self._staged = self._work / "files"
        self._lock = folder.with_name(f"{folder.name}.lock")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the lock file; the kernel lets go of it even if this process dies."""
        make_folder(self._lock.parent)
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise PublisherBusy from error
        try:
            yield
        finally:
            os.close(descriptor)

    def read(self, path: str) -> bytes:
        """Return a public file; raises FileMissing."""
        return _read(self.folder, path)

    def stage(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write each file (mode 0444) and fsync it and its folders."""
        folders = set()
        for path, data in files:
            target = self._staged / path
            make_folder(target.parent)
            write_file(target, data, mode=0o444)
            folders.add(target.parent)
        for folder in sorted(folders):
            sync_folder(folder)

    def read_staged(self, path: str) -> bytes:
        """Return a staged file; raises FileMissing."""
        return _read(self._staged, path)

    def release(self) -> None:
        """Link every staged file into its public place, then fsync the folders."""
        folders = set()
        for staged in sorted(path for path in self._staged.rglob("*") if path.is_file()):
            path = staged.relative_to(self._staged)
            target = self.folder / path
            make_folder(target.parent)
            _link(staged, target, str(path))
            folders.add(target.parent)
        for folder in sorted(folders):
            sync_folder(folder)

    def discard_staged(self) -> None:
        """Remove the staging folder."""
        if self._work.exists():
            shutil.rmtree(self._work)

    def replace_checkpoint(self, data: bytes) -> None:
        """Write a draft outside the public folder and rename it into place."""
        make_folder(self.folder)
        replace_file(self.folder / CHECKPOINT, data, draft=self._work / CHECKPOINT)


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each one durable in its own parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o755, exist_ok=True)
    sync_folder(folder.parent)


def replace_file(target: Path, data: bytes, *, draft: Path, mode: int = 0o644) -> None:
    """Put new content into a file in one step; readers see the old or the new."""
    make_folder(draft.parent)
    write_file(draft, data, mode=mode)
    os.replace(draft, target)  # noqa: PTH105 -- one name for all steps that a test makes fail
    sync_folder(target.parent)


def write_file(target: Path, data: bytes, *, mode: int) -> None:
    """Write and fsync a file that nobody reads yet; a left-over draft is replaced."""
    target.unlink(missing_ok=True)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fchmod(descriptor, mode)  # whatever the umask says: public files are for everybody
        os.fsync(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError as error:
        raise FileMissing(path=path) from error


def _link(staged: Path, target: Path, path: str) -> None:
    """Give a staged file its public name; one that is there already must be equal."""
    try:
        os.link(staged, target)  # noqa: PTH106, RUF100 -- as above
    except FileExistsError as error:
        if target.read_bytes() != staged.read_bytes():
            raise FileDiffers(path=path) from error
