# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points; the timetable calls each with the time. None opens what is sealed."""

from datetime import UTC, datetime, timedelta

from tuidang.registry.declarations import actions, day_keys
from tuidang.registry.declarations.models import Request
from tuidang.registry.declarations.wiping import empty_journal


def destroy_old_day_keys(now: datetime) -> None:
    """Destroy the day keys that have had their time."""
    day_keys.destroy_old(now.astimezone(UTC).date())


def carry_out_requests(now: datetime) -> None:
    """Take answers to the queue, withdraw and erase what is to be withdrawn and erased.

    On days on which something was deleted, SQLite's journal is emptied each minute: once may
    meet a reader that is in the way.
    """
    today = now.astimezone(UTC).date()
    actions.apply_requests(day=today)
    deleting = [Request.Kind.WITHDRAW, Request.Kind.ERASE]
    since = today - timedelta(days=1)
    if Request.objects.filter(kind__in=deleting, done=True, day__gte=since).exists():
        empty_journal()


def forget(now: datetime) -> None:
    """Delete what has had its time."""
    actions.forget(day=now.astimezone(UTC).date())
