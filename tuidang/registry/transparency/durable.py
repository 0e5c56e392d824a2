# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that are still there after the power has failed.

A step that fails raises OSError and may have been done or not; whoever calls must be able to begin
again after any of them. Nothing here knows what a file holds.
"""

import ctypes
import os
from pathlib import Path

CHUNK = 1 << 18  # a full bundle of our entries has 10 KB, a full tile 8


def make_folder(folder: Path) -> None:
    """Make a folder and its parents, each one durable in its own parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o755, exist_ok=True)
    sync_folder(folder.parent)


def replace_file(target: Path, data: bytes, *, draft: Path, mode: int = 0o644) -> None:
    """Put new content into a file in one step, durably; readers see the old or the new."""
    make_folder(draft.parent)
    draft.unlink(missing_ok=True)
    write_file(draft, data, mode=mode, sync=True)
    os.replace(draft, target)  # noqa: PTH105 -- one name for all steps that a test makes fail
    sync_folder(target.parent)


def write_file(target: Path | str, data: bytes, *, mode: int, sync: bool) -> None:
    """Write a file that nobody reads yet and that is not there; durable only with `sync`."""
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fchmod(descriptor, mode)  # whatever the umask says: public files are for everybody
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_file(path: str) -> bytes:
    """Return a whole file, in a third of the system calls that `open` takes."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        parts = [os.read(descriptor, CHUNK)]
        while len(parts[-1]) == CHUNK:
            parts.append(os.read(descriptor, CHUNK))
        return b"".join(parts)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class WholeSync:
    """One sync of a whole file system for all that is written below `folder` meanwhile.

    Opened before the first write, since syncfs(2) reports the write errors that came up since
    its descriptor was opened. Where the system has no syncfs, each file and folder is synced.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> "WholeSync":
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        self._descriptor = os.open(self._folder, flags)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def sync(self) -> None:
        """Return once everything is on the disk; raises OSError if anything may not be."""
        if _syncfs is None:
            _sync_each(self._folder)
        elif _syncfs(self._descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(self._folder))


def free_bytes(folder: Path) -> int:
    """Return how much room the file system has on which the folder lies or will lie."""
    while not folder.is_dir():
        folder = folder.parent
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def stop(error: OSError) -> None:
    """Raise the error of a walk: a folder that cannot be read must not look empty."""
    raise error


def _sync_each(folder: Path) -> None:
    for path, _, names in os.walk(folder, onerror=stop):
        for name in names:
            descriptor = os.open(f"{path}/{name}", os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        sync_folder(Path(path))


_syncfs = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
