# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public folder of the log, and the staging folder beside it.

A file is first staged: durable, but not public. Once its batch is signed, staged files are linked
into the public folder, so that nothing ever becomes public that was not signed for. Public files
never change; only `checkpoint` is replaced. Nothing here may delete a public file.

Source: `transparency-log.md` sections 5 and 11.
"""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from tuidang.registry.transparency.durable import (
    WholeSync,
    free_bytes,
    make_folder,
    read_file,
    replace_file,
    write_file,
)
from tuidang.registry.transparency.errors import FileDiffers, FileMissing, PublisherBusy

CHECKPOINT = "checkpoint"
SLASH = "+"  # in the names of staged files; no path of a log has it


class LogStore(Protocol):
    """Where the files of a log lie. Paths are those below the log's prefix."""

    def alone(self) -> AbstractContextManager[None]:
        """Keep every other writer out; raises PublisherBusy if one is at work."""

    def free_bytes(self) -> int:
        """Return how much room there is for new files."""

    def read(self, path: str) -> bytes:
        """Return a public file; raises FileMissing."""

    def stage(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Make new files durable without making them public; what was staged before is dropped."""

    def read_staged(self, path: str) -> bytes:
        """Return a staged file as the disk gives it; raises FileMissing."""

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

    def free_bytes(self) -> int:
        """Return how much room the file system of the folder has."""
        return free_bytes(self.folder)

    def read(self, path: str) -> bytes:
        """Return a public file; raises FileMissing."""
        return _read(f"{self.folder}/{path}", path)

    def stage(self, files: Iterable[tuple[str, bytes]]) -> None:
        """Write all files (mode 0444), then make them durable by one sync.

        What memory holds of them is then forgotten, so that `read_staged` gives what the disk has.
        """
        self.discard_staged()
        make_folder(self._staged)
        with WholeSync(self._staged) as whole:
            targets = []
            for path, data in files:
                targets.append(self._place(path))
                write_file(targets[-1], data, mode=0o444, sync=False)
            whole.sync()
        for target in targets:
            _ask_disk(target)

    def read_staged(self, path: str) -> bytes:
        """Return a staged file; raises FileMissing."""
        return _read(self._place(path), path)

    def release(self) -> None:
        """Link every staged file into its public place, durable by one sync."""
        make_folder(self.folder)
        paths = self.staged_paths()
        with WholeSync(self.folder) as whole:
            for below in sorted({path.rpartition("/")[0] for path in paths}):
                (self.folder / below).mkdir(mode=0o755, parents=True, exist_ok=True)
            for path in paths:
                _link(self._place(path), f"{self.folder}/{path}", path)
            whole.sync()

    def staged_paths(self) -> list[str]:
        """Return the paths of the staged files, as they will be below the log's prefix."""
        names = os.listdir(self._staged)  # noqa: PTH208 -- as above
        return sorted(name.replace(SLASH, "/") for name in names)

    def _place(self, path: str) -> str:
        """Return where a file is staged: all in one folder, which costs fewer steps."""
        return f"{self._staged}/{path.replace('/', SLASH)}"

    def discard_staged(self) -> None:
        """Remove the staging folder."""
        if self._work.exists():
            shutil.rmtree(self._work)

    def replace_checkpoint(self, data: bytes) -> None:
        """Write a draft outside the public folder and rename it into place."""
        make_folder(self.folder)
        replace_file(self.folder / CHECKPOINT, data, draft=self._work / CHECKPOINT)


def _ask_disk(path: str) -> None:
    """Have a file's pages forgotten and fetched again, while other files are dealt with."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
    finally:
        os.close(descriptor)


def _read(place: str, path: str) -> bytes:
    try:
        return read_file(place)
    except FileNotFoundError as error:
        raise FileMissing(path=path) from error


def _link(staged: str, target: str, path: str) -> None:
    """Give a staged file its public name; one that is there already must be equal."""
    try:
        os.link(staged, target)  # noqa: PTH106, RUF100 -- as above
    except FileExistsError as error:
        if read_file(target) != read_file(staged):
            raise FileDiffers(path=path) from error
