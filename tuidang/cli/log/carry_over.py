# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log carry-over`: put a total from before the log on record, as a claim.

Must never make such a figure look audited: it is shown with its source and date, and added to
nothing.
"""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

REFUSED = 1
EXPLAINED = """\
Records a historic total with its source and date as a statement that is signed with the log's
key. The SHA-256 of the statement goes into the next batch as an N entry (kind 4); the page of
totals shows the figure apart, as "claimed by (source, date), not audited". Nothing adds it to
what the log counts. It cannot be taken back: a later statement stands beside it, the one for
the newest day first.
"""


def add_part(parts: Any) -> None:
    """Add `tuidang log carry-over`."""
    part = parts.add_parser(
        "carry-over",
        help="record a total from before the log, with its source",
        description=EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    part.add_argument("--persons", required=True, help="the figure, in plain digits")
    part.add_argument("--as-of", required=True, metavar="YYYY-MM-DD", help="of which day it is")
    part.add_argument("--source", required=True, help="who claims it, as it will be shown")
    part.add_argument("--source-url", default="", metavar="URL", help="where it was published")
    part.add_argument(
        "--language", default="en", help="language of SOURCE: zh-Hans, zh-Hant or en (default)"
    )
    part.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Record the statement and print it; 1 where it was refused, with the reason."""
    from tuidang.pure.ledger.carried_over import MAX_PERSONS, parse_day
    from tuidang.pure.merkle.canonical import from_decimal
    from tuidang.pure.merkle.errors import FormatError
    from tuidang.registry.tally.carried_over import carry_over
    from tuidang.registry.transparency.errors import TransparencyError

    try:
        row = carry_over(
            from_decimal(args.persons, MAX_PERSONS),
            as_of=parse_day(args.as_of),
            source=args.source,
            source_url=args.source_url,
            language=args.language,
            now=datetime.now(UTC),
        )
    except (FormatError, TransparencyError) as error:
        print(f"nothing was recorded: {error}", file=sys.stderr)
        return REFUSED
    print(row.statement)
    print(f"recorded as statements/{bytes(row.digest).hex()}.note in the trust folder;")
    print("its SHA-256 goes into the log with the next batch")
    return 0
