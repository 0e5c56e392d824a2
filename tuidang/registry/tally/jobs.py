# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tally's timetable."""

import logging
from datetime import UTC, datetime

from django.conf import settings

from tuidang.registry.tally.actions import finish_batch, publish_batch
from tuidang.registry.transparency.errors import PublisherBusy, QuorumMissed
from tuidang.registry.transparency.models import Batch

log = logging.getLogger("tuidang.log")


def publish_daily(now: datetime) -> None:
    """Publish the day's batch within its hour; safe to call each minute.

    Within the hour and not after it: an installation that is started at noon would publish
    at noon, and the batch would tell when those few declarations came in. What was begun within
    the hour is finished, or undone, at any time of the day.
    """
    try:
        if now.astimezone(UTC).hour == settings.PUBLISH_HOUR:
            publish_batch(now=now)
        elif Batch.objects.filter(state=Batch.State.PREPARED).exists():
            finish_batch(now=now)
    except QuorumMissed as missed:
        log.warning("the public log waits for cosigners: %s", missed.data["names"])
    except PublisherBusy:
        pass  # another process publishes, perhaps earlier records; the next minute looks again
