# SPDX-License-Identifier: Apache-2.0
"""Where the files of a log come from: a folder, or behind a URL.

Hands out bytes and believes none of them. It must never ask a host that the user did not
name, nor read more than the largest file that can be honest.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path, PurePosixPath
from typing import Protocol

from tuidang.pure.merkle.bundles import MAX_ENTRY_SIZE
from tuidang.pure.merkle.tiles import TILE_WIDTH
from tuidang.verify.errors import AuditFailed

CAP = TILE_WIDTH * (2 + MAX_ENTRY_SIZE) + 1  # one byte more than the largest honest file
TIMEOUT = 30  # seconds without an answer
URL_SCHEMES = ("http://", "https://")


class Source(Protocol):
    """The files of a log, by their paths below its prefix."""

    @property
    def strict(self) -> bool:
        """Whether files of earlier sizes must be there, and nothing that nothing implies."""

    @property
    def unread(self) -> set[str]:
        """The paths that lie there and have not been asked for; of a URL, none."""

    def read(self, path: str) -> bytes:
        """Return a file's bytes, at most CAP of them; AuditFailed if it cannot be had."""


class Folder:
    """A log in a folder. Links and devices are refused as soon as they are seen."""

    strict = True

    def __init__(self, root: Path) -> None:
        self._root = root
        self.unread: set[str] = set()
        for path in sorted(root.rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_symlink() or not (path.is_file() or path.is_dir()):
                raise AuditFailed(name, "neither a file nor a folder; links are not allowed")
            self.unread.add(name)

    def read(self, path: str) -> bytes:
        """Return a file's bytes, at most CAP of them; AuditFailed if it cannot be had."""
        self.unread.difference_update([path, *map(str, PurePosixPath(path).parents)])
        try:
            with (self._root / path).open("rb") as file:
                return file.read(CAP)
        except OSError as error:
            raise AuditFailed(path, f"cannot be read: {error.strerror}") from error


class Site:
    """A log behind a URL. Redirects are not followed: the files are where their names say."""

    strict = False

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self.unread: set[str] = set()
        self._opener = urllib.request.OpenerDirector()
        for handler in _HANDLERS:
            self._opener.add_handler(handler())

    def read(self, path: str) -> bytes:
        """Return a file's bytes, unpacked, at most CAP of them; AuditFailed if it fails."""
        try:
            with self._opener.open(f"{self._url}/{path}", timeout=TIMEOUT) as answer:
                data: bytes = answer.read(CAP)
            if answer.headers.get("Content-Encoding") == "gzip":
                return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(data, CAP)
        except (OSError, ValueError, HTTPException, zlib.error) as error:
            raise AuditFailed(path, f"cannot be fetched: {error}") from error
        return data


_HANDLERS: tuple[Callable[[], urllib.request.BaseHandler], ...] = (
    urllib.request.ProxyHandler,
    urllib.request.HTTPHandler,
    urllib.request.HTTPSHandler,
    urllib.request.HTTPDefaultErrorHandler,
    urllib.request.HTTPErrorProcessor,
)


def open_source(where: str) -> Source:
    """Return the log at an http(s) URL or in a folder; AuditFailed if the folder holds links."""
    return Site(where) if where.startswith(URL_SCHEMES) else Folder(Path(where))
