# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points; the timetable calls each with the time. None opens what is sealed."""

from datetime import UTC, datetime

from tuidang.registry.certificates.actions import forgetting
from tuidang.registry.declarations.wiping import empty_journal


def carry_out_wishes(now: datetime) -> None:
    """Withdraw and erase what holders asked for, and delete what was picked up."""
    if forgetting.carry_out(day=now.astimezone(UTC).date()):
        empty_journal()


def forget(now: datetime) -> None:
    """Delete what has had its time; before declarations do, whose rows these applications hold."""
    if forgetting.forget(day=now.astimezone(UTC).date()):
        empty_journal()
