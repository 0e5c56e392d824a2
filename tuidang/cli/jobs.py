# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang jobs`: the timetable. What an installation does by itself, minute by minute.

A timetable, not a queue: every job looks at what is due and is safe to run twice. No job opens
anything that is sealed.
"""

import argparse
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

MINUTE = 60
log = logging.getLogger("tuidang.jobs")

Job = Callable[[datetime], None]


def add_parser(subparsers: Any) -> None:
    """Add `tuidang jobs`."""
    parser = subparsers.add_parser("jobs", help="run the timetable (`tuidang run` starts it)")
    parser.add_argument("--once", action="store_true", help="one round, then end")
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Run every job now and then each minute."""
    while True:
        run_all(datetime.now(UTC))
        if args.once:
            return 0
        time.sleep(MINUTE)


def timetable() -> tuple[Job, ...]:
    """Return the jobs in the order in which they run."""
    from tuidang.registry.certificates import jobs as certificates
    from tuidang.registry.certificates import trusted
    from tuidang.registry.declarations import jobs as declarations
    from tuidang.registry.review import jobs as review
    from tuidang.registry.tally import jobs as tally
    from tuidang.registry.transparency import jobs as transparency
    from tuidang.registry.vault import jobs as vault
    from tuidang.web.office.entrance import forget_lapsed_sessions

    return (
        vault.renew_rings,
        declarations.destroy_old_day_keys,
        declarations.carry_out_requests,
        certificates.carry_out_wishes,
        certificates.forget,
        declarations.forget,
        review.forget_times,
        forget_lapsed_sessions,
        tally.publish_daily,
        trusted.tell,
        transparency.stamp_checkpoints,
        transparency.collect_auditors,
        transparency.hash_parts,
    )


def run_all(now: datetime) -> None:
    """Run each job; one that fails is named, without its data, and does not stop the others."""
    from django.db import close_old_connections

    for job in timetable():
        try:
            job(now)
        except Exception as error:  # a timetable outlives its jobs
            # No traceback and no message: they may quote data; the type does not.
            log.error("job %s failed: %s", job.__qualname__, type(error).__name__)  # noqa: TRY400
    close_old_connections()
