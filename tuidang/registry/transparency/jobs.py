# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points of the log. Each calls one action or one query."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from tuidang.registry.transparency import auditors, parts, timestamping
from tuidang.registry.transparency.models import Batch, Leaf

HOUR = timedelta(hours=1)


class Hourly:
    """Lets a job through once an hour for the same thing, and at once for another.

    In memory: a process that has just started lets it through, which does no harm.
    """

    def __init__(self) -> None:
        self._last: tuple[object, datetime] | None = None

    def is_due(self, thing: object, now: datetime) -> bool:
        """Say whether it is time, and remember that it was done."""
        if self._last and self._last[0] == thing and now - self._last[1] < HOUR:
            return False
        self._last = (thing, now)
        return True


_stamping, _collecting = Hourly(), Hourly()


def forget_times(*, now: datetime) -> int:
    """Forget the ends of the ten minutes that have passed; return how many."""
    return Leaf.objects.filter(hold_until__lte=now).update(hold_until=None)


def hash_parts(now: datetime) -> None:
    """Hash the parts of the log that have become complete; safe to call each minute.

    A log on S3 is copied from there, and not in parts.
    """
    if not settings.LOG_STORE:
        parts.hash_parts(Path(settings.LOG_FOLDER))


def stamp_checkpoints(now: datetime) -> None:
    """Have the newest checkpoint stamped, at once when it is new, else each hour what is missing.

    The newest only: what is in an older one is in it too.
    """
    last = Batch.objects.published().last_batch()
    if last and settings.TIMESTAMP_SERVICES and _stamping.is_due(last.pk, now):
        timestamping.stamp(last, now=now)


def collect_auditors(now: datetime) -> None:
    """Fetch lines of auditors and of late witnesses each hour."""
    if _collecting.is_due(None, now):
        auditors.collect(now=now)
