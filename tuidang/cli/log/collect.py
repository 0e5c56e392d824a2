# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log collect`: what others say of the published checkpoints.

The timetable does the same each hour; this is for an operator who does not want to wait.
"""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

COLLECT_FAILED = 1


def add_part(parts: Any) -> None:
    """Add `tuidang log collect`."""
    words = "fetch lines of auditors and late witnesses, and timestamps"
    collect = parts.add_parser("collect", help=words)
    collect.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Print who was added; 1 where policy or services cannot be followed, with the reason."""
    from tuidang.registry.transparency import auditors, timestamping
    from tuidang.registry.transparency.errors import TransparencyError
    from tuidang.registry.transparency.models import Batch

    now = datetime.now(UTC)
    try:
        names = auditors.collect(now=now)
        last = Batch.objects.published().last_batch()
        stamped = timestamping.stamp(last, now=now).new if last else ()
    except TransparencyError as error:
        print(f"not collected: {error}", file=sys.stderr)
        return COLLECT_FAILED
    print(f"cosignatures added: {', '.join(names) or 'none'}")
    print(f"timestamps added: {', '.join(stamped) or 'none'}")
    return 0
