# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log publish`: seal the day's batch, sign and publish it."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

PUBLISH_FAILED = 1
NOTHING_DUE = "nothing was published: today's batch is out, or its hour has not come (try --now)"


def add_part(parts: Any) -> None:
    """Add `tuidang log publish`."""
    publish = parts.add_parser("publish", help="seal the day's batch, sign and publish it")
    publish.add_argument("--now", action="store_true", help="whatever the hour, waiting or not")
    publish.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Publish what is due and print it; 1 where publishing was refused, with the reason."""
    from tuidang.registry.tally.actions import publish_batch
    from tuidang.registry.transparency.errors import TransparencyError

    try:
        batch = publish_batch(now=datetime.now(UTC), at_once=args.now)
    except (TransparencyError, OSError) as error:
        # Whatever the disk could not do, the next publication begins where this one ended.
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
