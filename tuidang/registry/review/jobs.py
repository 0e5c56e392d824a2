# SPDX-License-Identifier: AGPL-3.0-or-later
"""Background entry points of review; the timetable calls each with the time."""

from datetime import datetime

from tuidang.registry.review import actions


def forget_times(now: datetime) -> None:
    """Forget the ends of claims and of the ten minutes to undo."""
    actions.forget_times(now=now)
