# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log audit`: recompute a whole log from its files alone.

Must run where Django is not installed: it reads files or a URL and the keys that the user
trusts, and asks no database.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from tuidang.verify.errors import AuditFailed, ScratchError, TrustError

AUDIT_FAILED, WRONG_WORDS = 1, 2


def add_part(parts: Any) -> None:
    """Add `tuidang log audit`."""
    data = Path(os.environ.get("TUIDANG_DATA", "var"))
    audit = parts.add_parser("audit", help="recompute a whole log from its files alone")
    audit.add_argument("log", nargs="?", default=str(data / "log"), metavar="URL or DIR")
    audit.add_argument(
        "--vkey",
        default=str(data / "trust" / "trust.json"),
        metavar="FILE",
        help="whom to trust: vkey lines (the log's first), trust.json or trust.note",
    )
    audit.add_argument(
        "--seen",
        metavar="FILE",
        help="a checkpoint seen before, by you or a friend: refuse a log that does not extend it,"
        " and keep the newest there",
    )
    audit.add_argument(
        "--temp", type=Path, metavar="DIR", help="for temporary files: 10 bytes an entry (TMPDIR)"
    )
    audit.set_defaults(run=run, needs_django=False)


def run(args: argparse.Namespace) -> int:
    """Print what the log says; 0 if everything holds, 1 if not, 2 without keys to trust."""
    from tuidang.verify.log_audit import audit
    from tuidang.verify.report import summary
    from tuidang.verify.seen import SeenFile, audit_remembering
    from tuidang.verify.sources import open_source
    from tuidang.verify.trust import parse_trust

    try:
        trust = parse_trust(Path(args.vkey).read_bytes())
        if args.seen:
            report, _ = audit_remembering(
                args.log, trust, SeenFile(Path(args.seen)), temp=args.temp
            )
        else:
            report = audit(open_source(args.log), trust, temp=args.temp)
        print(summary(report))
    except BrokenPipeError:  # of our own output, and no fault of the trust file
        raise
    except AuditFailed as failure:
        print(f"FAILED {failure}", file=sys.stderr)
        return AUDIT_FAILED
    except ScratchError as error:
        print(f"{error}; --temp names another folder", file=sys.stderr)
        return WRONG_WORDS
    except (TrustError, OSError) as error:
        print(f"{args.vkey}: {error}", file=sys.stderr)
        return WRONG_WORDS
    return 0
