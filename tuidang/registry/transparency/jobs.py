# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points of the log. Each calls one action or one query."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from tuidang.registry.transparency import parts
from tuidang.registry.transparency.models import Leaf


def forget_times(*, now: datetime) -> int:
    """Forget the ends of the ten minutes that have passed; return how many."""
    return Leaf.objects.filter(hold_until__lte=now).update(hold_until=None)


def hash_parts(now: datetime) -> None:
    """Hash the parts of the log that have become complete; safe to call each minute."""
    parts.hash_parts(Path(settings.LOG_FOLDER))
