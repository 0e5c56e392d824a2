# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log audit` and `tuidang log publish`.

`audit` must run where Django is not installed: it reads files or a URL and the keys that the
user trusts, and asks no database. `publish` seals the day's batch.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tuidang.verify.errors import AuditFailed, TrustError

PUBLISH_FAILED, AUDIT_FAILED, WRONG_WORDS = 1, 1, 2
NOTHING_DUE = "nothing was published: today's batch is out, or its hour has not come (try --now)"


def add_parser(subparsers: Any) -> None:
    """Add `tuidang log` with its two parts."""
    parser = subparsers.add_parser("log", help="publish the public log, or audit one")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    _add_audit(parts)
    publish = parts.add_parser("publish", help="seal the day's batch, sign and publish it")
    publish.add_argument("--now", action="store_true", help="whatever the hour, waiting or not")
    publish.set_defaults(run=run_publish, needs_django=True)


def _add_audit(parts: Any) -> None:
    data = Path(os.environ.get("TUIDANG_DATA", "var"))
    audit = parts.add_parser("audit", help="recompute a whole log from its files alone")
    audit.add_argument("log", nargs="?", default=str(data / "log"), metavar="URL or DIR")
    audit.add_argument(
        "--vkey",
        default=str(data / "trust" / "trust.json"),
        metavar="FILE",
        help="whom to trust: vkey lines (the log's first), trust.json or trust.note",
    )
    audit.set_defaults(run=run_audit, needs_django=False)


def run_audit(args: argparse.Namespace) -> int:
    """Print what the log says; 0 if everything holds, 1 if not, 2 without keys to trust."""
    from tuidang.verify.log_audit import audit
    from tuidang.verify.report import summary
    from tuidang.verify.sources import open_source
    from tuidang.verify.trust import parse_trust

    try:
        trust = parse_trust(Path(args.vkey).read_bytes())
        print(summary(audit(open_source(args.log), trust)))
    except AuditFailed as failure:
        print(f"FAILED {failure}", file=sys.stderr)
        return AUDIT_FAILED
    except (TrustError, OSError) as error:
        print(f"{args.vkey}: {error}", file=sys.stderr)
        return WRONG_WORDS
    return 0


def run_publish(args: argparse.Namespace) -> int:
    """Publish what is due and print it; 1 where publishing was refused, with the reason."""
    from tuidang.registry.tally.actions import publish_batch
    from tuidang.registry.transparency.errors import TransparencyError

    try:
        batch = publish_batch(now=datetime.now(UTC), at_once=args.now)
    except TransparencyError as error:
        print(f"not published: {error}", file=sys.stderr)
        return PUBLISH_FAILED
    print("\n".join(_published(batch)) if batch else NOTHING_DUE)
    return 0


def _published(batch: Any) -> list[str]:
    from tuidang.pure.merkle.canonical import to_base64
    from tuidang.registry.transparency.models import Leaf

    counts = {
        "persons counted in this batch": Leaf.objects.filter(batch=batch).count(),
        "commitments received": batch.received,
        "persons in the whole log": sum(count for _, _, count in batch.cells),
        "accepted persons still waiting": Leaf.objects.unpublished().count(),
    }
    flagged = ", below the minima" if batch.flags else ""
    return [
        f"published    batch {batch.number}, {batch.first_day} to {batch.last_day}{flagged}",
        *(f"{count:>15,}  {words}" for words, count in counts.items()),
        f"checkpoint   {batch.size} entries",
        f"root         {to_base64(bytes(batch.root))}",
    ]
