# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points; the timetable calls each with the time. None opens what is sealed."""

from datetime import UTC, datetime

from tuidang.registry.declarations import actions, day_keys


def destroy_old_day_keys(now: datetime) -> None:
    """Destroy the day keys that have had their time."""
    day_keys.destroy_old(now.astimezone(UTC).date())


def carry_out_requests(now: datetime) -> None:
    """Take answers to the queue, and withdraw what is to be withdrawn."""
    actions.apply_requests(day=now.astimezone(UTC).date())


def forget(now: datetime) -> None:
    """Delete what has had its time."""
    actions.forget(day=now.astimezone(UTC).date())
