# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log witness`: cosign the checkpoints of logs that only grow.

Must run where Django is not installed. Everything is checked before the server starts, so
that a wrong key or a lost memory is told to the person who starts it.
"""

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuidang.cli.log.key import KeyRefused, read_key
from tuidang.cli.log.serving import (
    HOST,
    NO_SERVER,
    WITHOUT_SERVER,
    Served,
    become,
    command,
    has_server,
    patient,
    read_told,
)
from tuidang.verify.auditor import WrongKey
from tuidang.verify.errors import TrustError
from tuidang.verify.witness.door import Door
from tuidang.verify.witness.memory import FILE, Memory, MemoryRefused
from tuidang.verify.witness.witness import Witness

WRONG_WORDS = 2
MARK = ".begun"  # beside the key: it has signed, so its memory must be somewhere
LOST = """{mark} says that this key has begun to sign, but its memory is not in {data}.
A witness that has forgotten could be made to sign a second history. Bring back the memory, if
it is the newest there is; never one from a backup. Otherwise retire this key and make another."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a witness has its key, its logs' keys and its memory."""

    key: Path
    logs: tuple[Path, ...]
    data: Path


def add_part(parts: Any) -> None:
    """Add `tuidang log witness`."""
    witness = parts.add_parser("witness", help="cosign the checkpoints of logs that only grow")
    witness.add_argument("--key", required=True, metavar="FILE", help="made by `tuidang log key`")
    witness.add_argument(
        "--log",
        required=True,
        nargs="+",
        metavar="VKEYFILE",
        help="the key of a log, or trust.json",
    )
    witness.add_argument(
        "--data", required=True, metavar="DIR", help="its memory; never restore it"
    )
    witness.add_argument("--host", default=HOST)
    witness.add_argument("--port", type=int, default=8010)
    witness.set_defaults(run=run, needs_django=False)


def run(args: argparse.Namespace) -> int:
    """Become the server; 2 for keys that cannot be used, 3 where no server is installed."""
    place = Place(Path(args.key), tuple(map(Path, args.log)), Path(args.data))
    try:
        check_memory(place)
        vkey = make_witness(place).vkey
        mark(place).touch(mode=0o600)
    except (KeyRefused, WrongKey, MemoryRefused, TrustError, OSError) as error:
        print(error, file=sys.stderr)
        return WRONG_WORDS
    if not has_server():
        print(NO_SERVER, file=sys.stderr)
        return WITHOUT_SERVER
    print(f"Witness       {vkey}")
    print(f"Submissions   http://{args.host}:{args.port}/add-checkpoint", flush=True)
    told = {"key": str(place.key), "logs": [*map(str, place.logs)], "data": str(place.data)}
    words = command("tuidang.cli.log.witness:application", args.host, args.port)
    return become(words, told)


def application() -> Served:
    """Return the application of one worker."""
    told = read_told()
    place = Place(Path(told["key"]), tuple(map(Path, told["logs"])), Path(told["data"]))
    return patient(Door(make_witness(place)))


def make_witness(place: Place) -> Witness:
    """Return a witness; raises KeyRefused, WrongKey, MemoryRefused, TrustError or OSError."""
    from tuidang.verify.trust import parse_trust

    signer = read_key(place.key)
    logs = [parse_trust(path.read_bytes()).log for path in place.logs]
    return Witness(signer, logs, Memory(place.data, signer.vkey), time.time)


def check_memory(place: Place) -> None:
    """Refuse a key that has signed before and whose memory is gone, with MemoryRefused.

    It cannot see a memory that was replaced by an older copy of itself.
    """
    if mark(place).exists() and not (place.data / FILE).exists():
        raise MemoryRefused(LOST.format(mark=mark(place), data=place.data))


def mark(place: Place) -> Path:
    """Return the file that says that the key has begun to sign."""
    return place.key.with_name(place.key.name + MARK)
