# SPDX-License-Identifier: Apache-2.0
"""A mirror's copy behind HTTP: a WSGI application that serves the files of a log.

They lie at the root, and again below the hash of the log's origin; there the checkpoint has
the auditor's line too, if the mirror is one. It must never serve anything but the names that
a log can have, nor say who asked.

Sources: `transparency-log.md` sections 5 and 9.
"""

import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from tuidang.pure.merkle.tiles import TileError, parse_path
from tuidang.verify.mirror.copy import CHECKPOINT, COSIGNED

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
SHORT, LONG = "public, max-age=5", "public, max-age=31536000, immutable"
_BELOW = re.compile(r"/(?:([0-9a-f]{64})/)?(.+)\Z")


class Door:
    """The public files of the mirror in a folder; `origin_digest` is the log's 64 digits."""

    def __init__(self, folder: Path, origin_digest: str) -> None:
        self._log, self._cosigned = folder / "log", folder / "state" / COSIGNED
        self._digest = origin_digest

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        status, kind, data = HTTPStatus.METHOD_NOT_ALLOWED, TEXT, b"Method Not Allowed\n"
        path = str(environ.get("PATH_INFO", ""))
        if environ.get("REQUEST_METHOD") in ("GET", "HEAD"):
            status, kind, data = self._find(path)
        caching = LONG if kind == BYTES else SHORT
        start_response(
            f"{status.value} {status.phrase}",
            [
                ("Content-Type", kind),
                ("Content-Length", str(len(data))),
                ("Cache-Control", caching),
            ],
        )
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [data]

    def _find(self, path: str) -> tuple[HTTPStatus, str, bytes]:
        match = _BELOW.match(path)
        digest, name = match.groups() if match else (None, "")
        try:
            if digest not in (None, self._digest):
                raise FileNotFoundError
            if name == CHECKPOINT:
                return HTTPStatus.OK, TEXT, self._checkpoint(with_own=digest is not None)
            parse_path(name)
            return HTTPStatus.OK, BYTES, (self._log / name).read_bytes()
        except (TileError, OSError):
            return HTTPStatus.NOT_FOUND, TEXT, b"Not Found\n"

    def _checkpoint(self, *, with_own: bool) -> bytes:
        """Return the checkpoint; with the auditor's line, unless that is on an older one."""
        note = (self._log / CHECKPOINT).read_bytes()
        if with_own and self._cosigned.exists():
            own = self._cosigned.read_bytes()
            # A larger one is about to be public, and its files are there already.
            if own.startswith(note.partition(b"\n")[0] + b"\n") and _size(own) >= _size(note):
                return own
        return note


def _size(note: bytes) -> int:
    return int(note.split(b"\n", 2)[1])
