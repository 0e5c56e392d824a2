# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tally's timetable."""

from datetime import UTC, datetime

from django.conf import settings

from tuidang.registry.tally.actions import publish_batch


def publish_daily(now: datetime) -> None:
    """Publish the day's batch within its hour; safe to call each minute.

    Within the hour and not after it: an installation that is started at noon would publish
    at noon, and the batch would tell when those few declarations came in.
    """
    if now.astimezone(UTC).hour == settings.PUBLISH_HOUR:
        publish_batch(now=now)
