# SPDX-License-Identifier: AGPL-3.0-or-later
"""A log behind a URL is audited like a folder, and a hostile server gets nowhere."""

import gzip
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.verify.auditors import by_package, by_single_file, fault
from tests.verify.sample_logs import TRUST, log_files, sample_log
from tuidang.verify import audit_log, sources
from tuidang.verify.errors import AuditFailed

FILES = log_files(sample_log())
OTHER_BYTES = b"\x00" * 64


class Served(BaseHTTPRequestHandler):
    """Serves the sample log, in the manner that the first part of the path says."""

    asked: list[str]

    def do_GET(self) -> None:
        """Answer with a file, or misbehave."""
        _, manner, path = self.path.split("/", 2)
        self.asked.append(path)
        data = FILES.get(path, b"")
        status = 200 if path in FILES and not (manner == "gone" and path == "tile/0/001") else 404
        if manner == "away" or (manner == "near" and path == "tile/0/001"):
            status = 302
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.2:1/{path}")
        if manner == "gzip":
            data = gzip.compress(data)
        if manner in ("gzip", "damaged"):
            self.send_header("Content-Encoding", "gzip")
        if manner == "bomb":
            data = gzip.compress(b"\x00" * 40_000_000)
            self.send_header("Content-Encoding", "gzip")
        if manner == "turncoat" and self.asked.count(path) > 1:
            data = data[:-1] + b"\x00"
        if manner == "altered" and path == "tile/0/001":
            data = OTHER_BYTES + data[64:]
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server of the sample log, for one test."""
    Served.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


@pytest.mark.parametrize("manner", ["plain", "gzip", "plain/"])
def test_a_served_log_holds(manner: str, server: str) -> None:
    """Both auditors accept the log over HTTP, packed or not, and say the same."""
    url = f"{server}/{manner}"
    assert by_package(url) == by_single_file(url)


def test_only_what_the_checkpoint_implies_is_fetched(server: str) -> None:
    """Files of earlier sizes are not asked for, and nothing is asked for twice."""
    audit_log.Audit(f"{server}/plain", audit_log.read_trust(TRUST))
    assert sorted(Served.asked) == sorted(
        ["checkpoint", "tile/1/000.p/2"]
        + [f"tile/{kind}/{n}" for kind in ("0", "entries") for n in ("000", "001", "002.p/13")]
    )


@pytest.mark.parametrize(
    ("manner", "file"),
    [
        ("gone", "tile/0/001"),
        ("altered", "tile/0/001"),
        ("away", "checkpoint"),
        ("near", "tile/0/001"),
        ("damaged", "checkpoint"),
        ("bomb", "checkpoint"),
        ("nowhere/at/all", "checkpoint"),
    ],
)
def test_bad_servers_are_refused_by_the_file(manner: str, file: str, server: str) -> None:
    """Missing and altered files, redirects and packed nonsense name the file."""
    assert fault(f"{server}/{manner}") == file


@pytest.mark.parametrize("auditor", [by_package, by_single_file])
def test_nobody_is_asked_twice(auditor: Callable[[str], str], server: str) -> None:
    """A server that answers otherwise when asked again, for a correction say, is not asked."""
    assert auditor(f"{server}/turncoat")
    assert len(set(Served.asked)) == len(Served.asked)


def test_nobody_there() -> None:
    """Where nobody answers, the audit fails at the checkpoint."""
    assert fault("http://127.0.0.1:1") == "checkpoint"


def test_no_more_is_read_than_the_largest_honest_file(server: str) -> None:
    """What is packed a thousand times smaller is not unpacked beyond the cap."""
    assert len(sources.Site(f"{server}/bomb").read("checkpoint")) == sources.CAP
    assert len(audit_log.read(f"{server}/bomb", "checkpoint")) == audit_log.CAP


def test_other_schemes_are_folders() -> None:
    """Nothing but http and https is fetched; any other address is a folder that is not there."""
    assert fault("ftp://log.invalid/sample") == "checkpoint"
    assert fault("file:///etc") == "checkpoint"


ANSWERS = st.binary(max_size=80) | st.builds(
    lambda status, head, body: b"HTTP/1.1 %d x\r\n%s\r\n%s" % (status, b"".join(head), body),
    st.sampled_from([100, 200, 204, 206, 302, 304, 404, 500]),
    st.lists(
        st.sampled_from(
            [
                b"Content-Length: 5\r\n",
                b"Content-Length: -1\r\n",
                b"Content-Encoding: gzip\r\n",
                b"Transfer-Encoding: chunked\r\n",
                b"Connection: close\r\n",
                b"Location: http://127.0.0.2:1/\r\n",
                b": \r\n",
            ]
        ),
        max_size=3,
    ),
    st.binary(max_size=40) | st.binary(max_size=40).map(gzip.compress) | st.just(b"5\r\nhello\r\n"),
)


@pytest.fixture(scope="module")
def parrot() -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers every connection with given bytes, and hangs up."""
    said = [b""]

    class Says(BaseRequestHandler):
        def handle(self) -> None:
            """Say it."""
            self.request.recv(4096)
            self.request.sendall(said[0])

    with ThreadingTCPServer(("127.0.0.1", 0), Says) as tcp:
        thread = threading.Thread(target=tcp.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{tcp.server_address[1]}", said
        tcp.shutdown()
        thread.join()


@fuzzed
@given(answer=ANSWERS)
def test_any_answer_is_bytes_or_a_refusal(answer: bytes, parrot: tuple[str, list[bytes]]) -> None:
    """Whatever a server says, both read the same bytes from it or refuse them by their path."""
    url, said = parrot
    said[0] = answer
    read: list[bytes | str] = []
    for ask in (lambda: sources.Site(url).read("file"), lambda: audit_log.read(url, "file")):
        try:
            read.append(ask())
        except (AuditFailed, audit_log.AuditFailed) as refused:
            read.append(str(refused.args[0]))
    assert all(each == "file" or isinstance(each, bytes) for each in read)
    assert read[0] == read[1] or "file" in read
