# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log cosign`: audit a whole log, and sign its checkpoint as an auditor.

Must run where Django is not installed. What was signed is remembered beside the key, so that
no smaller or other log is ever signed after it.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from tuidang.cli.log.key import KeyRefused, read_key
from tuidang.cli.log.mirror import alone
from tuidang.verify.auditor import (
    STATEMENT,
    WrongKey,
    check_auditor_name,
    cosign_audited,
    without_quorum,
)
from tuidang.verify.errors import AuditFailed, ScratchError, TrustError

REFUSED, WRONG_WORDS = 1, 2
SEEN = ".seen"


def add_part(parts: Any) -> None:
    """Add `tuidang log cosign`."""
    data = Path(os.environ.get("TUIDANG_DATA", "var"))
    cosign = parts.add_parser(
        "cosign",
        help="audit a whole log and sign its checkpoint as an auditor",
        description=f"The signature says: {STATEMENT}.",
    )
    cosign.add_argument("log", metavar="URL or DIR")
    cosign.add_argument("--key", required=True, metavar="FILE", help="of a name ending in /auditor")
    cosign.add_argument(
        "--vkey",
        default=str(data / "trust" / "trust.json"),
        metavar="FILE",
        help="whom to trust: vkey lines (the log's first), trust.json or trust.note",
    )
    cosign.add_argument("--seen", metavar="FILE", help="what was signed last (KEY.seen)")
    cosign.add_argument(
        "--out", metavar="FILE", help="the checkpoint with all lines; without, the line is printed"
    )
    cosign.set_defaults(run=run, needs_django=False)


def run(args: argparse.Namespace) -> int:
    """Audit, remember, sign; 1 if the log does not hold, 2 for keys that cannot be used."""
    from tuidang.verify.trust import parse_trust

    seen = Path(args.seen or args.key + SEEN)
    try:
        trust = without_quorum(parse_trust(Path(args.vkey).read_bytes()))
        signer = read_key(Path(args.key))
        check_auditor_name(signer.name)
        with alone(seen.with_name(f"{seen.name}.lock")):
            note = _signed(args.log, trust, signer, seen)
        if args.out:
            Path(args.out).write_bytes(note)
    except (AuditFailed, ScratchError) as failure:
        print(f"REFUSED {failure}", file=sys.stderr)
        return REFUSED
    except (KeyRefused, WrongKey, TrustError, OSError) as error:
        print(error, file=sys.stderr)
        return WRONG_WORDS
    print(note.decode().splitlines()[-1])
    return 0


def _signed(where: str, trust: Any, signer: Any, seen: Path) -> bytes:
    """Return the cosigned checkpoint, which is remembered before anybody sees it."""
    from tuidang.verify.seen import SeenFile, SignedHead, audit_remembering

    last = seen.read_bytes() if seen.exists() else None
    _, head = audit_remembering(where, trust, SeenFile(seen))
    note = cosign_audited(head, trust, signer, time.time(), last)
    SeenFile(seen).remember(SignedHead(head.checkpoint, note))
    return note
