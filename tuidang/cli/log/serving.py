# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starting the HTTP server of a witness or a mirror: granian, as `tuidang run` does.

A few slow callers must not hold up a witness, so a request is read whole, within a time and a
size, before a thread is given to it. The application is made anew in each worker from one
variable of the environment. There is no fallback to the server of the standard library: it is
not made for the open internet.
"""

import asyncio
import importlib.util
import io
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from tuidang.pure.merkle.submissions import MAX_SUBMISSION

HOST = "127.0.0.1"
VARIABLE = "TUIDANG_SERVING"
WITHOUT_SERVER = 3  # exit status: as for commands that need another extra
NO_SERVER = "This command needs a web server: pip install 'tuidang[witness]'"
PATIENCE = 10  # seconds for the whole body of a request

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]  # WSGI, PEP 3333
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Served = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]  # ASGI


def has_server() -> bool:
    """Say whether the server is installed."""
    return importlib.util.find_spec("granian") is not None


def command(factory: str, host: str, port: int) -> list[str]:
    """Return the command that serves the ASGI application which `factory` makes."""
    # No access log: who asks a witness or a mirror is nobody's business.
    return [
        sys.executable, "-m", "granian", "--interface", "asginl", "--factory", "--host", host,
        "--port", str(port), "--workers", "1", "--no-ws", "--http", "1",
        "--http1-header-read-timeout", "10000", "--log-level", "warning", factory,
    ]  # fmt: skip


def environment(told: Mapping[str, object]) -> dict[str, str]:
    """Return the environment in which `told` can be read by the factory."""
    return os.environ | {VARIABLE: json.dumps(told)}


def become(words: list[str], told: Mapping[str, object]) -> int:
    """Become the server: signals reach it directly, and its exit status is ours."""
    os.execve(words[0], words, environment(told))  # noqa: S606 -- our own constant words


def read_told() -> dict[str, Any]:
    """Return what `environment` was given."""
    told: dict[str, Any] = json.loads(os.environ[VARIABLE])
    return told


def patient(application: Application) -> Served:
    """Return a WSGI application as an ASGI one that waits for callers without a thread."""

    async def served(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        try:
            body = await asyncio.wait_for(_body(receive), PATIENCE)
        except (TimeoutError, EOFError):
            await _send(send, "408 Request Timeout", [], b"")
            return
        status, headers, answer = await asyncio.to_thread(_call, application, scope, body)
        await _send(send, status, headers, answer)

    return served


async def _body(receive: Receive) -> bytes:
    """Return the body, or one byte more than an honest one can have."""
    body, more = b"", True
    while more and len(body) <= MAX_SUBMISSION:
        event = await receive()
        if event["type"] != "http.request":
            raise EOFError
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return body


def _call(
    application: Application, scope: Mapping[str, Any], body: bytes
) -> tuple[str, list[tuple[str, str]], bytes]:
    """Return what the application says to a request whose body is here already."""
    started: list[Any] = []
    environ = {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": scope["path"],
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    chunks = application(environ, lambda status, headers: started.extend((status, headers)))
    answer = b"".join(chunks)
    return started[0], started[1], answer


async def _send(send: Send, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
    named = [(name.lower().encode(), value.encode()) for name, value in headers]
    await send({"type": "http.response.start", "status": int(status[:3]), "headers": named})
    await send({"type": "http.response.body", "body": body})
