# SPDX-License-Identifier: AGPL-3.0-or-later
"""One question to a server that nobody here has to trust: no redirects, short, and within a time.

What comes back is bytes from a stranger. Nothing here may judge them, follow where they lead, or
wait longer than it was told. No question says anything but what is public.
"""

import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import SplitResult, urlsplit

_ADDRESS = re.compile(r"[!-~]+\Z")
T = TypeVar("T")


class Unanswered(Exception):
    """There is no answer that can be used; `reason` is a code without anything of the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and a body."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent where; `body` is None for a GET."""

    url: str
    body: bytes | None = None
    kind: str = "text/plain; charset=utf-8"


def check_url(url: str) -> SplitResult:
    """Return the parts of an address that may be asked; raises Unanswered for any other."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError as error:
        raise Unanswered("url") from error
    if (
        not usable
        or not _ADDRESS.match(url)
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
    ):
        raise Unanswered("url")
    return parts


def ask(question: Question, *, seconds: float, limit: int) -> Answer:
    """Return the answer, whatever its status; raises Unanswered.

    The whole takes no longer than `seconds`, however slowly the bytes come, once a name has been
    looked up. A body of more than `limit` bytes is no answer.
    """
    parts = check_url(question.url)
    connection = _connection(parts, seconds)
    guard = _HangUp(seconds)
    try:
        connection.connect()
        with guard.over(connection.sock):
            answer = _exchange(connection, parts, question, limit)
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = guard.fired.is_set() or isinstance(error, TimeoutError)
        raise Unanswered("timeout" if late else "connection") from error
    finally:
        connection.close()
    if guard.fired.is_set():  # what was cut may look like an end
        raise Unanswered("timeout")
    if len(answer.body) > limit:
        raise Unanswered("too_long")
    return answer


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """What one of many gave: a value, or the reason why there is none."""

    value: T | None
    reason: str = ""


def ask_all(questions: Mapping[str, Callable[[], T]], *, seconds: float) -> dict[str, Reply[T]]:
    """Run all of them side by side and return what each gave, in the order of the questions.

    Who has not finished after `seconds` has not answered, and is no longer waited for.
    """
    replies: dict[str, Reply[T]] = {}
    threads = [
        threading.Thread(target=_keep, args=(replies, name, question), daemon=True)
        for name, question in questions.items()
    ]
    end = time.monotonic() + seconds
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(max(0.0, end - time.monotonic()))
    done = dict(replies)  # a late one may still write into the other
    return {name: done.get(name, Reply(None, "timeout")) for name in questions}


def _keep(replies: dict[str, Reply[T]], name: str, question: Callable[[], T]) -> None:
    try:
        replies[name] = Reply(question())
    except Unanswered as error:
        replies[name] = Reply(None, error.reason)
    except Exception as error:  # whatever one of them does, the others go on
        replies[name] = Reply(None, type(error).__name__)


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=seconds, context=context)
    return http.client.HTTPConnection(host, parts.port, timeout=seconds)


def _exchange(
    connection: http.client.HTTPConnection, parts: SplitResult, question: Question, limit: int
) -> Answer:
    headers = {"Connection": "close"}
    if question.body is not None:
        headers["Content-Type"] = question.kind
    method = "GET" if question.body is None else "POST"
    connection.request(method, parts.path or "/", question.body, headers)
    response = connection.getresponse()
    body = response.read(limit + 1)
    if len(body) <= limit and response.length:
        raise http.client.IncompleteRead(body, response.length)
    return Answer(response.status, body)


class _HangUp:
    """Cuts a connection after a time: a server that drips bytes resets every other clock."""

    def __init__(self, seconds: float) -> None:
        self.fired = threading.Event()
        self._seconds = seconds

    @contextmanager
    def over(self, sock: socket.socket) -> Iterator[None]:
        """Watch over this connection for as long as the block lasts."""
        timer = threading.Timer(self._seconds, self._cut, [sock])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self, sock: socket.socket) -> None:
        self.fired.set()
        with suppress(OSError):  # it may have ended by itself
            sock.shutdown(socket.SHUT_RDWR)
