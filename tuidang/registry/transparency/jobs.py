# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points of the log. Each calls one action or one query."""

from datetime import datetime

from tuidang.registry.transparency.models import Leaf


def forget_times(*, now: datetime) -> int:
    """Forget the ends of the ten minutes that have passed; return how many."""
    return Leaf.objects.filter(hold_until__lte=now).update(hold_until=None)
