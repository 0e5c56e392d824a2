# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log import`: carry records from before the log into it, by the million.

May be stopped at any moment, and goes on where it stopped with nothing twice and nothing lost.
It must never print what stands in a line.
"""

import argparse
import gc
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuidang.registry.transparency.legacy_table import Checked, LegacyTable
    from tuidang.registry.transparency.models import LegacyFile

REFUSED, NOT_READ, INTERRUPTED = 1, 2, 130
BATCH = 200_000
MOST_BATCH = 1_000_000
PATIENCE = 120  # seconds to wait for another publisher
EXPLAINED = """\
Each line of FILE becomes one entry of the log that is marked as carried over (class + 0x80).

FILE is UTF-8, with commas or, if its first line has one, tabs. The first line names the columns:
  organizations   party, league, pioneers, several of them with spaces between; or unspecified,
                  withheld; the Chinese words of lists are understood too
  class           self_named, self_alias, other_named, other_unnamed, withheld
  name            optional: goes into the commitment and nowhere else
  stated          optional: YYYY-MM-DD; looked at and not used, since the log proves no earlier day

The whole file is checked before anything is published; bad lines are named and nothing happens.
Then batch after batch goes out, apart from the daily ones. The salts of these entries are thrown
away: nobody can ever open one, link it to a name, or get a certificate for it. They cannot be
taken back. Cells of a batch with too few persons say less at once.
"""


def add_part(parts: Any) -> None:
    """Add `tuidang log import`."""
    part = parts.add_parser(
        "import",
        help="carry records from before the log into it",
        description=EXPLAINED,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    part.add_argument("file", type=Path, metavar="FILE")
    part.add_argument("--dry-run", action="store_true", help="check the file and count; no more")
    part.add_argument(
        "--batch",
        type=int,
        default=BATCH,
        metavar="N",
        help=f"persons in one batch (default {BATCH:,}, at most {MOST_BATCH:,})",
    )
    part.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Import the file: 0 all is in the log, 1 refused, 2 not readable, 130 interrupted."""
    from tuidang.pure.intake.legacy_records import LegacyRecordError
    from tuidang.registry.transparency.errors import LegacyFileDone, TransparencyError
    from tuidang.registry.transparency.legacy_table import LegacyTable

    if not 1 <= args.batch <= MOST_BATCH:
        print(f"a batch has 1 to {MOST_BATCH:,} persons", file=sys.stderr)
        return NOT_READ
    try:
        with LegacyTable(args.file, today=datetime.now(UTC).date()) as table:
            return _check_and_import(args, table)
    except LegacyFileDone as done:
        print(done)
        return 0
    except (TransparencyError, LegacyRecordError) as error:
        print(f"not imported: {error}", file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{args.file}: {error.strerror or error}", file=sys.stderr)
        return NOT_READ
    except KeyboardInterrupt:
        print("\ninterrupted; the same command goes on where this stopped", file=sys.stderr)
        return INTERRUPTED


def _check_and_import(args: argparse.Namespace, table: "LegacyTable") -> int:
    from tuidang.registry.transparency.actions import finish_begun
    from tuidang.registry.transparency.legacy import LegacyPlans, begin_import, find_begun

    file = None
    if not args.dry_run:
        _alone(lambda now: finish_begun(now=now))  # before asking how far the file has come
        file = find_begun(table.digest())
    if file is None:
        checked = table.check()
        if checked.problems:
            _print_problems(checked)
            return REFUSED
        print(_found(checked))
        if args.dry_run:
            return 0
        file = begin_import(checked, now=datetime.now(UTC))
    gc.disable()  # hundreds of thousands of entries in memory, and no cycles among them
    try:
        _publish_all(file, LegacyPlans(table, file, most=args.batch))
    finally:
        gc.enable()
    print(f"{file.persons:,} persons are in the log as carried over")
    return 0


def _print_problems(checked: "Checked") -> None:
    for bad in checked.problems:
        print(f"line {bad.line}: {bad.message}", file=sys.stderr)
    print("nothing was imported", file=sys.stderr)


def _publish_all(file: "LegacyFile", plans: Any) -> None:
    """Publish batch after batch until every line is in one, the daily batch in between."""
    from tuidang.registry.tally.jobs import publish_daily
    from tuidang.registry.transparency.actions import publish
    from tuidang.registry.transparency.legacy import progress

    began, before = time.monotonic(), progress(file)
    done = before
    while done < file.persons:
        _alone(publish_daily)
        _alone(lambda now: publish(now=now, at_once=True, plan=plans))
        done = progress(file)
        gc.collect()
        _show(done, file.persons, (done - before) / (time.monotonic() - began))


def _alone(step: Any) -> None:
    """Do a step of publication, waiting for another publisher to finish."""
    from tuidang.registry.transparency.errors import PublisherBusy

    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            step(datetime.now(UTC))
        except PublisherBusy:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.5)
        else:
            return


def _show(done: int, whole: int, speed: float) -> None:
    left = (whole - done) / speed if speed else 0
    end = "\r" if sys.stderr.isatty() and done < whole else "\n"
    line = f"{done:,} of {whole:,} persons, {speed:,.0f} a second, {left:,.0f} s left"
    print(line, end=end, file=sys.stderr, flush=True)


def _found(checked: "Checked") -> str:
    from tuidang.pure.intake.legacy_records import said_cell

    cells = [
        f"{persons:>15,}  {said_cell(*cell)}" for cell, persons in sorted(checked.cells.items())
    ]
    head = [f"SHA-256      {checked.digest.hex()}", f"{checked.persons:>15,}  persons, of these"]
    return "\n".join([*head, *cells])
