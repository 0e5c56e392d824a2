# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tally's timetable."""

from datetime import datetime

from tuidang.registry.tally.actions import publish_batch


def publish_daily(now: datetime) -> None:
    """Publish the day's batch once its hour has come; safe to call each minute."""
    publish_batch(now=now)
