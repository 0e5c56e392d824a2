# SPDX-License-Identifier: Apache-2.0
"""The witness behind HTTP: a WSGI application for any server.

Reads no more of a body than an honest one can have, and says nothing about who asked. TLS
and limits on slow callers belong to the server in front.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from tuidang.pure.merkle.submissions import MAX_SUBMISSION
from tuidang.verify.witness.witness import Answer, Witness

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
SUBMIT = "/add-checkpoint"
_LATEST = "/checkpoint"


class Door:
    """The two paths of a witness below its prefix."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (PEP 3333)."""
        answer = self._answer(environ)
        status = HTTPStatus(answer.status)
        length = str(len(answer.body))
        start_response(
            f"{status.value} {status.phrase}",
            [("Content-Type", answer.kind), ("Content-Length", length)],
        )
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [answer.body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path, method = str(environ.get("PATH_INFO", "")), environ.get("REQUEST_METHOD")
        if path == SUBMIT:
            return self._submit(environ) if method == "POST" else _plain(405)
        digest = path.removesuffix(_LATEST).removeprefix("/")
        if path != f"/{digest}{_LATEST}":
            return _plain(404)
        return self._witness.latest(digest) if method in ("GET", "HEAD") else _plain(405)

    def _submit(self, environ: dict[str, Any]) -> Answer:
        length = str(environ.get("CONTENT_LENGTH") or "")
        if not (length.isascii() and length.isdigit()):
            return _plain(411)
        if len(length) > 9 or int(length) > MAX_SUBMISSION:
            return _plain(413)
        try:
            body = environ["wsgi.input"].read(int(length))
        except (OSError, ValueError):
            return _plain(400)
        return self._witness.add_checkpoint(body) if len(body) == int(length) else _plain(400)


def _plain(status: int) -> Answer:
    return Answer(status, f"{HTTPStatus(status).phrase}\n".encode())
