# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault's timetable. Jobs make ring keys; they can open nothing."""

from datetime import datetime

from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.vault import actions


def renew_rings(now: datetime) -> None:
    """Make this month's ring keys and the next month's, where there are none yet."""
    actions.renew_rings(by=REGISTRY, day=now.date())
