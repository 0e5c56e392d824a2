# SPDX-License-Identifier: Apache-2.0
"""Where the files of a log come from: a folder, or behind a URL.

Hands out bytes and believes none of them. It must never follow a link, ask a host that the
user did not name, nor read more than the largest file that can be honest.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Protocol

from tuidang.verify.errors import AuditFailed
from tuidang.verify.site import CAP, Site

__all__ = ["CAP", "FILE", "FOLDER", "OTHER", "Folder", "Site", "Source", "open_source"]

FILE, FOLDER, OTHER = "file", "folder", "other"  # OTHER: a link, a pipe, a device
URL_SCHEMES = ("http://", "https://")
NO_LINKS = "neither a file nor a folder; links are not allowed"
_USUAL = 1 << 15  # bytes; files of this log are shorter, and this much is read at once
# Neither follow a link nor wait for the other end of a pipe. Whatever is no file and has the
# right bytes nonetheless is found when the folder's names are compared.
_OPEN = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


class Source(Protocol):
    """The files of a log, by their paths below its prefix."""

    @property
    def strict(self) -> bool:
        """Whether files of earlier sizes must be there, and nothing that nothing implies."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes, at most CAP of them; AuditFailed if it cannot be had."""

    def find(self, path: str) -> bytes | None:
        """Return a file's bytes as `read` does, None if there is no such file."""

    def stream(self, paths: Iterable[str]) -> Generator[bytes, None, None]:
        """Yield the bytes of these files in order, perhaps fetched ahead; as `read` does."""

    def names(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield what lies in a folder, in any order; of a URL, and of no folder, nothing."""


class Folder:
    """A log in a folder, of which nothing is held in memory."""

    strict = True

    def __init__(self, root: Path) -> None:
        self._root = str(root)

    def read(self, path: str) -> bytes:
        """Return a file's bytes, at most CAP of them; AuditFailed if it cannot be had."""
        try:
            return self._bytes(path)
        except OSError as error:
            raise _refusal(path, error) from error

    def find(self, path: str) -> bytes | None:
        """Return a file's bytes as `read` does, None if there is no such file."""
        try:
            return self._bytes(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _refusal(path, error) from error

    def stream(self, paths: Iterable[str]) -> Generator[bytes, None, None]:
        """Yield the bytes of these files in order; a disk needs no fetching ahead."""
        yield from map(self.read, paths)

    def names(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield what lies in a folder, in any order; of no folder, nothing."""
        try:
            with os.scandir(f"{self._root}/{folder}") as names:
                for each in names:
                    yield each.name, FILE if each.is_file(follow_symlinks=False) else _kind(each)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise _refusal(folder, error) from error

    def _bytes(self, path: str) -> bytes:
        # Half of what an audit costs beside its hashes is here: `open` takes four times as long.
        file = os.open(f"{self._root}/{path}", _OPEN)
        try:
            data = os.read(file, _USUAL)
            while len(data) % _USUAL == 0 and len(data) < CAP:
                more = os.read(file, _USUAL)
                if not more:
                    break
                data += more
            return data[:CAP]
        finally:
            os.close(file)


def _kind(entry: os.DirEntry[str]) -> str:
    return FOLDER if entry.is_dir(follow_symlinks=False) else OTHER


def _refusal(path: str, error: OSError) -> AuditFailed:
    if Path(error.filename or "").is_symlink():
        return AuditFailed(path, NO_LINKS)
    return AuditFailed(path, f"cannot be read: {error.strerror}")


def open_source(where: str) -> Source:
    """Return the log at an http(s) URL or in a folder; nothing of it is read yet."""
    return Site(where) if where.startswith(URL_SCHEMES) else Folder(Path(where))
