# SPDX-License-Identifier: AGPL-3.0-or-later
"""One question to a server of somebody else, however it behaves."""

import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tuidang.registry.transparency.asking import (
    Answer,
    Question,
    Reply,
    Unanswered,
    ask,
    ask_all,
    check_url,
)

OK = b"HTTP/1.1 200 OK\r\n"
Behave = Callable[[socket.socket], None]


@contextmanager
def serving(behave: Behave) -> Iterator[str]:
    """Run a server that treats each connection in one manner, and give its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection = listening.accept()[0]
                    threading.Thread(target=handle, args=(connection,), daemon=True).start()

        def handle(connection: socket.socket) -> None:
            with connection, suppress(OSError):
                behave(connection)

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/a/b"
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)


def saying(*chunks: bytes, pause: float = 0) -> Behave:
    """Read one request, then say these bytes, one chunk after another."""

    def behave(connection: socket.socket) -> None:
        connection.recv(65_536)
        for chunk in chunks:
            connection.sendall(chunk)
            time.sleep(pause)

    return behave


def refusal(url: str, seconds: float = 10, limit: int = 100) -> str:
    """Return the reason for which there is no answer."""
    with pytest.raises(Unanswered) as caught:
        ask(Question(url), seconds=seconds, limit=limit)
    return caught.value.reason


def test_a_question_says_nothing_but_itself() -> None:
    """The request has a path, a host, a length and a kind, and no name of a program."""
    heard: list[bytes] = []

    def behave(connection: socket.socket) -> None:
        with connection.makefile("rb") as stream:
            head = b"".join(iter(stream.readline, b"\r\n"))
            heard.append(head + b"\r\n" + stream.read(4))
        connection.sendall(OK + b"Content-Length: 5\r\n\r\nhello")

    with serving(behave) as url:
        answer = ask(Question(url, b"body", "text/x.sample"), seconds=10, limit=5)
    assert answer == Answer(200, b"hello")
    head, _, body = heard[0].rpartition(b"\r\n")
    lines = head.decode().splitlines()
    assert lines[0] == "POST /a/b HTTP/1.1"
    assert {line.partition(":")[0] for line in lines[1:] if line} == {
        *("Host", "Accept-Encoding", "Content-Length", "Content-Type", "Connection"),
    }
    assert body == b"body"


@pytest.mark.parametrize("status", [204, 301, 307, 404, 500])
def test_any_status_is_an_answer(status: int) -> None:
    """A redirect is not followed, and an error is not an exception."""
    head = f"HTTP/1.1 {status} Said\r\nLocation: http://127.0.0.2/\r\nContent-Length: 0\r\n\r\n"
    with serving(saying(head.encode())) as url:
        assert ask(Question(url), seconds=10, limit=9) == Answer(status, b"")


def test_too_much_is_no_answer() -> None:
    """One byte above the limit is refused, with and without a length told before."""
    for head in (b"Content-Length: 101\r\n\r\n", b"\r\n"):
        with serving(saying(OK + head, b"x" * 101)) as url:
            assert refusal(url) == "too_long"


SLOW = [bytes([each]) for each in OK + b"\r\n" + b"x" * 90]


@pytest.mark.parametrize(
    "behave",
    [saying(b"", pause=3), saying(*SLOW, pause=0.1), saying(OK + b"\r\n", *SLOW, pause=0.1)],
    ids=["silent", "slow from the start", "slow in the body"],
)
def test_slow_servers_are_cut_off(behave: Behave) -> None:
    """However it drips, half a second is half a second."""
    began = time.monotonic()
    with serving(behave) as url:
        assert refusal(url, seconds=0.5) == "timeout"
    assert time.monotonic() - began < 2.5


NO_HTTP = {
    "nothing": b"",
    "garbage": b"\x00\xff\n",
    "another protocol": b"HTTP/9 200\r\n\r\n",
    "cut off": OK + b"Content-Length: 9\r\n\r\nhi",
    "bad chunks": OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "a chunk cut off": OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhi",
}


@pytest.mark.parametrize("name", NO_HTTP)
def test_what_is_no_http_is_no_answer(name: str) -> None:
    """Anything that is not one whole response is refused."""
    with serving(saying(NO_HTTP[name])) as url:
        assert refusal(url) == "connection"


def test_nobody_there_is_no_answer() -> None:
    """A port that nobody listens on is refused at once."""
    assert refusal("http://127.0.0.1:1/") == "connection"


def test_a_certificate_of_nobody_is_refused(tmp_path: Path) -> None:
    """Over https a server must be the one that it is asked as."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-x509"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", *making, *names, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def behave(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            saying(OK + b"Content-Length: 0\r\n\r\n")(wrapped)

    with serving(behave) as url:
        assert refusal(url.replace("http:", "https:")) == "connection"


ADDRESSES = """
w.invalid
HTTP//w.invalid
ftp://w.invalid/
file:///etc/passwd
http://
http:///a
http://:1
http://u@w.invalid/
http://u:p@w.invalid/
http://w.invalid/?q
http://w.invalid/#f
http://w.invalid:0/
http://w.invalid:99999/
http://w.invalid/ a
http://[w/
http://見證.invalid/
http://w.invalid/\x7f
"""


@pytest.mark.parametrize("url", ["http://w.invalid/\r\nX: y", *ADDRESSES[1:].split("\n")])
def test_addresses_that_are_not_asked(url: str) -> None:
    """Only a plain http or https address in ASCII is one, without name, question or fragment."""
    with pytest.raises(Unanswered) as caught:
        check_url(url)
    assert caught.value.reason == "url"


def test_all_are_asked_at_once_and_none_holds_up_the_others() -> None:
    """Values, reasons and failures come back in order; who is late is not waited for."""

    def fail() -> str:
        raise ZeroDivisionError

    def refuse() -> str:
        raise Unanswered("busy")

    def wait() -> str:
        time.sleep(4)
        return "late"

    began = time.monotonic()
    replies = ask_all({"w": wait, "a": lambda: "b", "f": fail, "r": refuse}, seconds=1)
    assert time.monotonic() - began < 3
    assert list(replies.items()) == [
        ("w", Reply(None, "timeout")),
        ("a", Reply("b")),
        ("f", Reply(None, "ZeroDivisionError")),
        ("r", Reply(None, "busy")),
    ]
    assert ask_all({}, seconds=1) == {}
