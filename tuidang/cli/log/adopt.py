# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log adopt`: take over from the log's files what a restored database lacks."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NOT_ADOPTED = 1
NOTHING_LACKS = "the database has every batch of the log: nothing was adopted"
AFTER = """\
What was only in the database stays lost: declarations that came in, decisions and mail since the
backup. A person whose declaration is accepted again is not counted again."""


def add_part(parts: Any) -> None:
    """Add `tuidang log adopt`."""
    adopt = parts.add_parser("adopt", help="after restoring an older database: go on with the log")
    adopt.add_argument(
        "--lock-lost",
        action="store_true",
        help="the lock store is gone or was restored: begin it again at the public checkpoint. "
        "Only if no mirror and no witness has seen a newer one",
    )
    adopt.add_argument(
        "--legacy-file",
        type=Path,
        metavar="FILE",
        help="the file of earlier records whose import was begun after the backup was made",
    )
    adopt.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Adopt what is missing and print it; 1 where it was refused, with the reason."""
    from tuidang.registry.transparency.actions import adopt
    from tuidang.registry.transparency.errors import TransparencyError
    from tuidang.verify.errors import AuditFailed

    now = datetime.now(UTC)
    try:
        if args.legacy_file:
            _know_file(args.legacy_file, now)
        batches = adopt(now=now, lock_lost=args.lock_lost)
    except AuditFailed as failure:
        print(f"not adopted: the log's files do not hold: {failure}", file=sys.stderr)
        return NOT_ADOPTED
    except (TransparencyError, OSError) as error:
        print(f"not adopted: {error}", file=sys.stderr)
        return NOT_ADOPTED
    for batch in batches:
        print(f"adopted      batch {batch.number}, up to {batch.size} entries")
    print(AFTER if batches else NOTHING_LACKS)
    return 0


def _know_file(path: Path, now: datetime) -> None:
    from tuidang.registry.transparency.legacy import begin_import
    from tuidang.registry.transparency.legacy_table import LegacyTable

    with LegacyTable(path, today=now.date()) as table:
        begin_import(table.check(), now=now)
