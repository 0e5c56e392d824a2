# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate fetch`: the holder's side, at a desk that nobody watches.

Receipt code and second word come on standard input, one line each, and are printed nowhere. The
files get neutral names and can be read by this user alone.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuidang.cli.certificate.entering import REFUSED, UNREADABLE, say

if TYPE_CHECKING:
    from tuidang.registry.certificates.actions import Delivery


def add_part(parts: Any) -> None:
    """Add `tuidang certificate fetch`."""
    part = parts.add_parser(
        "fetch",
        help="fetch certificates with a receipt code and the second word",
        description="Reads the receipt code from the first line of standard input and the second "
        "word from the second, and writes the files of every certificate that both open: "
        "certificate.pdf, certificate.png, plain.pdf, code.txt, certificate.tlog-proof; with more "
        "than one certificate, each into a folder 1, 2, ...",
    )
    part.add_argument(
        "--receipt-stdin", action="store_true", required=True, help="code and word come on stdin"
    )
    part.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    part.set_defaults(run=fetch, needs_django=True)


def fetch(args: argparse.Namespace) -> int:
    """Fetch: 0 with the files, 1 where nothing opens, 2 where the code cannot be read."""
    from tuidang.pure.receipt import parse_code
    from tuidang.pure.receipt.codes import CodeError
    from tuidang.registry.certificates import actions
    from tuidang.registry.certificates.errors import NothingToFetch, WrongWord
    from tuidang.registry.declarations.actions import find

    try:
        code, word = parse_code(sys.stdin.readline()), sys.stdin.readline()
    except CodeError:
        return say("The receipt code cannot be read.", UNREADABLE)
    declaration = find(code)
    if declaration is None:
        return say("Nobody here has this receipt code.", REFUSED)
    try:
        deliveries = actions.fetch(declaration, code, word)
    except NothingToFetch:
        return say("There is no certificate in the mailbox.", REFUSED)
    except WrongWord:
        return say("The second word opens no certificate of this mailbox.", REFUSED)
    print(f"Wrote {write_all(args.out, deliveries)} files.")
    return 0


def write_all(folder: Path, deliveries: "list[Delivery]") -> int:
    """Write the files, the newest certificate first; return how many."""
    alone, written = len(deliveries) == 1, 0
    for number, delivery in enumerate(deliveries, 1):
        target = folder if alone else folder / str(number)
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in delivery.files.items():
            _write(target / name, content)
            written += 1
    return written


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        os.fchmod(stream.fileno(), 0o600)  # the file may have been there before
        stream.write(content)
