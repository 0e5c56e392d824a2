# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands between granian and a witness: it waits for callers, but not for ever."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from tuidang.cli.log import serving
from tuidang.pure.merkle.submissions import MAX_SUBMISSION


def echo(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Say what was asked, as a WSGI application."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ".encode(), body]


def said(*events: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is sent to a caller who sends these events, and then nothing more."""
    sent: list[dict[str, Any]] = []
    coming = iter(events)

    async def receive() -> dict[str, Any]:
        event = next(coming, None)
        if event is None:
            await asyncio.sleep(3600)
        return event or {}

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    scope = {"type": "http", "method": "POST", "path": "/here"}
    asyncio.run(serving.patient(echo)(scope, receive, send))
    return sent


def piece(body: bytes, *, more: bool = False) -> dict[str, Any]:
    """Return a piece of a request's body."""
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_in_pieces_is_one_request() -> None:
    """The application sees method, path and the whole body; its answer goes back as it is."""
    start, body = said(piece(b"one ", more=True), piece(b"two"))
    assert (start["status"], start["headers"]) == (200, [(b"content-type", b"text/plain")])
    assert body["body"] == b"POST /here one two"


def test_slow_callers_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come in time is answered without the application."""
    monkeypatch.setattr(serving, "PATIENCE", 0.05)
    assert said(piece(b"old ", more=True))[0]["status"] == 408


def test_callers_who_hang_up_are_let_go() -> None:
    """Half a request is not handed on."""
    assert said(piece(b"old ", more=True), {"type": "http.disconnect"})[0]["status"] == 408


def test_no_more_is_read_than_an_honest_request_has() -> None:
    """What follows is never asked for; the application refuses by the length."""
    pieces = [piece(bytes(50_000), more=True)] * 3
    length = len(said(*pieces)[1]["body"]) - len(b"POST /here ")
    assert MAX_SUBMISSION < length < MAX_SUBMISSION + 50_000


def test_what_the_server_is_told_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factory in a worker reads what its parent wrote."""
    told = {"folder": "a folder", "logs": ["one", "two"]}
    monkeypatch.setenv(serving.VARIABLE, serving.environment(told)[serving.VARIABLE])
    assert serving.read_told() == told
