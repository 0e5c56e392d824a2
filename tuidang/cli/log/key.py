# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log key`: make the key of a witness or an auditor.

The secret goes into a file that only its owner can read, and nowhere else; what is printed is
for everybody. A file that is there already is never written over: it may be somebody's key.
"""

import argparse
import os
import secrets
import stat
import sys
from pathlib import Path
from typing import Any

from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.signatures import Signer

FAILED, WRONG_WORDS = 1, 2


class KeyRefused(Exception):
    """A key file cannot be used; the message says why and never holds the key."""


def add_part(parts: Any) -> None:
    """Add `tuidang log key`."""
    key = parts.add_parser("key", help="make the key of a witness or an auditor")
    key.add_argument(
        "name", metavar="NAME", help="such as witness.example.org/w1; of an auditor, …/auditor"
    )
    key.add_argument("--out", required=True, metavar="FILE", help="where the secret goes")
    key.set_defaults(run=run, needs_django=False)


def run(args: argparse.Namespace) -> int:
    """Write the secret and print the vkey of its cosignatures; 1 if the file cannot be made."""
    try:
        signer = Signer(args.name, secrets.token_bytes(32))
    except FormatError as error:
        print(f"{args.name!a}: {error}", file=sys.stderr)
        return WRONG_WORDS
    try:
        write_key(Path(args.out), signer)
    except OSError as error:
        print(f"{args.out}: {error.strerror}", file=sys.stderr)
        return FAILED
    print(signer.cosignature_vkey)
    return 0


def write_key(path: Path, signer: Signer) -> None:
    """Write a new key file, for its owner alone; OSError, FileExistsError if it is there."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(f"{signer.private_text}\n")
        stream.flush()
        os.fsync(descriptor)


def read_key(path: Path) -> Signer:
    """Return the signer in a key file; KeyRefused if others can read it or it is none."""
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyRefused(f"{path}: others can read this key; chmod 600 it")
        return Signer.parse(path.read_text().removesuffix("\n"))
    except (OSError, FormatError, UnicodeDecodeError) as error:
        words = error.strerror if isinstance(error, OSError) else "not a key"
        raise KeyRefused(f"{path}: {words}") from error
