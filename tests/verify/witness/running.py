# SPDX-License-Identifier: AGPL-3.0-or-later
"""Witnesses that run on loopback: honest ones, and ones that lie in a manner of their own.

    with honest(LOG.vkey) as witness:
        ...  # POST to f"{witness.url}/add-checkpoint"; its key is witness.vkey

    with lying("wrong_root") as witness: ...

`LIES` names the manners. Every liar has `name` and `seed` like an honest witness, so that its
vkey can stand in a policy beside theirs.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from tempfile import TemporaryDirectory
from typing import Any, Self
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.signatures import SignatureLine, Signer, Verifier
from tuidang.pure.merkle.submissions import Head, parse_submission, submitted_head
from tuidang.verify.witness.door import Door
from tuidang.verify.witness.memory import Memory
from tuidang.verify.witness.witness import Witness

NAME, SEED = "witness.invalid/sample", b"\x77" * 32
HANGING = 20  # seconds: longer than any test waits
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass
class RunningWitness:
    """A witness on loopback: `url` is its prefix, `vkey` the key of its cosignatures.

    `requests` counts what reached it. It ends with `stop()`, or as a context manager.
    """

    url: str
    vkey: str
    stop: Callable[[], None]
    requests: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    block_on_close = False  # a hanging answer must not hold up the end of a test
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients of liars hang up in the middle."""


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name there
        """Say nothing."""


def serve(application: Application, vkey: str, ending: Callable[[], None]) -> RunningWitness:
    """Serve any WSGI application on a free port until it is stopped; `ending` runs last."""
    requests: list[str] = []

    def counted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        requests.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return application(environ, start_response)

    server = make_server("127.0.0.1", 0, counted, server_class=_Server, handler_class=_Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()

    def stop() -> None:
        if thread.is_alive():
            server.shutdown()
            thread.join()
            server.server_close()
            ending()

    return RunningWitness(f"http://127.0.0.1:{server.server_port}", vkey, stop, requests)


def honest(
    *log_vkeys: str,
    name: str = NAME,
    seed: bytes = SEED,
    folder: Path | None = None,
    clock: Callable[[], float] = time.time,
) -> RunningWitness:
    """Run a real witness of these logs; its memory lies in `folder`, or in one that goes away."""
    temporary = TemporaryDirectory(prefix="witness-") if folder is None else None
    signer = Signer(name, seed)
    memory = Memory(Path(temporary.name) if temporary else folder or Path(), signer.vkey)
    logs = [Verifier.parse(vkey) for vkey in log_vkeys]
    ending = temporary.cleanup if temporary else lambda: None
    door = Door(Witness(signer, logs, memory, clock))
    return serve(door, signer.cosignature_vkey, ending)


def lying(kind: str, *, name: str = NAME, seed: bytes = SEED) -> RunningWitness:
    """Run a witness that lies: `kind` is one of LIES."""
    return serve(_Liar(LIES[kind], Signer(name, seed)), Signer(name, seed).cosignature_vkey, _done)


def _done() -> None:
    """Nothing is left to clean up."""


@dataclass
class _Liar:
    """Takes every submission and answers it in one manner."""

    lie: "Lie"
    signer: Signer

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        note = parse_submission(body).note
        status, headers, chunks = self.lie(self.signer, submitted_head(note))
        with suppress(OSError):
            start_response(status, headers)
        return chunks


Told = tuple[str, list[tuple[str, str]], Iterable[bytes]]
Lie = Callable[[Signer, Head], Told]


def _said(line: str) -> Told:
    return "200 OK", [("Content-Type", "text/plain; charset=utf-8")], [line.encode()]


def _text(head: Head) -> str:
    return Checkpoint(head.origin, head.size, head.root).text


def _wrong_root(signer: Signer, head: Head) -> Told:
    return _said(cosign(Checkpoint(head.origin, head.size, bytes(32)).text, signer, _now()))


def _other_size(signer: Signer, head: Head) -> Told:
    return _said(cosign(Checkpoint(head.origin, head.size + 1, head.root).text, signer, _now()))


def _other_key(signer: Signer, head: Head) -> Told:
    return _said(cosign(_text(head), Signer(signer.name, b"\x55" * 32), _now()))


def _other_key_same_id(signer: Signer, head: Head) -> Told:
    made = cosign(_text(head), Signer(signer.name, b"\x55" * 32), _now())
    signature = SignatureLine(signer.name, signer.cosignature_verifier.key_id, _bytes_of(made))
    return _said(signature.text)


def _no_time(signer: Signer, head: Head) -> Told:
    signature = bytes(8) + signer.sign_bytes(b"cosignature/v1\ntime 0\n" + _text(head).encode())
    return _said(SignatureLine(signer.name, signer.cosignature_verifier.key_id, signature).text)


def _garbage(_signer: Signer, _head: Head) -> Told:
    return "200 OK", [("Content-Type", "application/octet-stream")], [b"\x00\xff\n\n" * 50]


def _empty(_signer: Signer, _head: Head) -> Told:
    return "200 OK", [("Content-Length", "0")], []


def _hangs(_signer: Signer, _head: Head) -> Told:
    time.sleep(HANGING)
    return "200 OK", [], []


def _drips(_signer: Signer, _head: Head) -> Told:
    def slowly() -> Iterable[bytes]:
        for _ in range(HANGING * 10):
            yield b"\xe2"
            time.sleep(0.1)

    return "200 OK", [], slowly()


def _endless(_signer: Signer, _head: Head) -> Told:
    return "200 OK", [], (b"\xe2\x80\x94 x " + b"A" * 65_000 for _ in range(2_000))


def _broken(_signer: Signer, _head: Head) -> Told:
    return "500 Internal Server Error", [("Content-Type", "text/html")], [b"<h1>no</h1>"]


def _conflict(_signer: Signer, head: Head) -> Told:
    return "409 Conflict", [("Content-Type", "text/x.tlog.size")], [b"%d\n" % (head.size - 1)]


def _conflict_ahead(_signer: Signer, head: Head) -> Told:
    return "409 Conflict", [("Content-Type", "text/x.tlog.size")], [b"%d\n" % (head.size + 7)]


def _conflict_nonsense(_signer: Signer, _head: Head) -> Told:
    return "409 Conflict", [("Content-Type", "text/x.tlog.size")], [b"-1e99\n"]


def _redirects(_signer: Signer, _head: Head) -> Told:
    return "307 Temporary Redirect", [("Location", "http://127.0.0.2:1/add-checkpoint")], []


def _bytes_of(line: str) -> bytes:
    from tuidang.pure.merkle.canonical import from_base64

    return from_base64(line.rstrip("\n").rpartition(" ")[2])[4:]


def _now() -> int:
    return int(time.time())


LIES: dict[str, Lie] = {
    "wrong_root": _wrong_root,  # a true signature over another root
    "other_size": _other_size,
    "other_key": _other_key,  # its name, a key that nobody knows
    "other_key_same_id": _other_key_same_id,  # the line of a known key, which does not verify
    "no_time": _no_time,
    "garbage": _garbage,
    "empty": _empty,
    "hangs": _hangs,  # no answer at all
    "drips": _drips,  # a byte every now and then, for ever
    "endless": _endless,
    "broken": _broken,
    "conflict": _conflict,  # claims each time to know another size
    "conflict_ahead": _conflict_ahead,  # claims to have seen a larger log
    "conflict_nonsense": _conflict_nonsense,
    "redirects": _redirects,
}
