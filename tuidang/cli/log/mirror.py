# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log mirror`: keep a verified copy of a log, and serve it.

Must run where Django is not installed. One round and an end, or a round every so often; what
fails is told, and the copy that held before stays.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tuidang.cli.log.key import KeyRefused, read_key
from tuidang.cli.log.serving import (
    HOST,
    NO_SERVER,
    WITHOUT_SERVER,
    Served,
    command,
    environment,
    has_server,
    patient,
    read_told,
)
from tuidang.cli.run import end_with_parent
from tuidang.verify.auditor import WrongKey
from tuidang.verify.errors import AuditFailed, ScratchError, TrustError
from tuidang.verify.mirror.door import Door

Server = subprocess.Popen[bytes]
REFUSED, WRONG_WORDS = 1, 2
SERVING_EVERY = 300  # seconds between rounds, if none are given


def add_part(parts: Any) -> None:
    """Add `tuidang log mirror`."""
    data = Path(os.environ.get("TUIDANG_DATA", "var"))
    mirror = parts.add_parser("mirror", help="keep a verified copy of a log, and serve it")
    mirror.add_argument("log", metavar="URL")
    mirror.add_argument("folder", metavar="DIR", help="the copy lies in DIR/log")
    mirror.add_argument(
        "--vkey",
        default=str(data / "trust" / "trust.json"),
        metavar="FILE",
        help="whom to trust: vkey lines (the log's first), trust.json or trust.note",
    )
    mirror.add_argument("--every", type=int, metavar="SECONDS", help="look again so often")
    mirror.add_argument("--serve", type=int, metavar="PORT", help="serve the copy over HTTP")
    mirror.add_argument("--host", default=HOST)
    mirror.add_argument("--key", metavar="FILE", help="cosign what holds, with an auditor's key")
    mirror.set_defaults(run=run, needs_django=False)


def run(args: argparse.Namespace) -> int:
    """Mirror once, or until told to end; 1 if a single round fails, 2 for words or keys."""
    from tuidang.verify.mirror.mirror import Mirror
    from tuidang.verify.trust import parse_trust
    from tuidang.verify.witness.witness import origin_hash

    if args.serve is not None and not has_server():
        print(NO_SERVER, file=sys.stderr)
        return WITHOUT_SERVER
    folder = Path(args.folder)
    try:
        trust = parse_trust(Path(args.vkey).read_bytes())
        signer = read_key(Path(args.key)) if args.key else None
        with alone(folder / ".lock"):
            mirror = Mirror(args.log, folder, trust, clock=time.time, signer=signer)
            if args.serve is None and args.every is None:
                return _round(mirror)
            told = {"folder": str(folder.resolve()), "digest": origin_hash(trust.log.name)}
            with _door(args, told) as server:
                return _rounds(mirror, args.every or SERVING_EVERY, server)
    except (KeyRefused, WrongKey, TrustError, OSError) as error:
        print(error, file=sys.stderr)
        return WRONG_WORDS


def application() -> Served:
    """Return the application of one worker of the server."""
    told = read_told()
    return patient(Door(Path(told["folder"]), told["digest"]))


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Hold a lock against another process that does the same; OSError if there is one."""
    import fcntl  # not on every system on which a log can be audited

    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OSError(f"{lock}: another process is at work here") from error
        yield


def _round(mirror: Any, *, always: bool = True) -> int:
    """Run a round and say what it found; unless `always`, only if that is new."""
    try:
        found = mirror.round()
    except (AuditFailed, ScratchError) as failure:
        print(f"REFUSED {failure}", file=sys.stderr, flush=True)
        return REFUSED
    state = f"{found.fetched} files fetched" if found.is_new else "nothing new"
    if found.is_new or always:
        print(f"{found.size} entries hold, {state}", flush=True)
    return 0


def _rounds(mirror: Any, every: int, server: Server | None) -> int:
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    try:
        while server is None or server.poll() is None:
            try:
                _round(mirror, always=False)
            except OSError as error:  # a full disk may have room again
                print(error, file=sys.stderr, flush=True)
            _wait(every, server)
    except KeyboardInterrupt:
        return 0
    print("the server ended", file=sys.stderr)
    return REFUSED


def _wait(seconds: int, server: Server | None) -> None:
    """Wait for the next round, or for the end of the server."""
    if server is None:
        time.sleep(seconds)
        return
    with suppress(subprocess.TimeoutExpired):
        server.wait(seconds)


@contextmanager
def _door(args: argparse.Namespace, told: dict[str, str]) -> Iterator[Server | None]:
    """Run the server beside the rounds, if it was asked for."""
    if args.serve is None:
        yield None
        return
    words = command("tuidang.cli.log.mirror:application", args.host, args.serve)
    with subprocess.Popen(
        words,
        env=environment(told),
        preexec_fn=end_with_parent,  # noqa: PLW1509 -- this process has one thread
    ) as server:
        print(f"Serving       http://{args.host}:{args.serve}/checkpoint", flush=True)
        try:
            yield server
        finally:
            server.terminate()


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
