# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a ring key may be made or destroyed. Reads only; who may ask is decided further up."""

from datetime import date

from tuidang.registry.vault.errors import MonthClosed, MonthOpen, NoMembers
from tuidang.registry.vault.models import Member
from tuidang.registry.vault.months import month_of


def check_can_renew(month: str, day: date) -> None:
    """Raise MonthClosed for a month that is over, NoMembers if nobody could open the key.

    Making a key for a month that is over would bring back one that was destroyed.
    """
    if month < month_of(day):
        raise MonthClosed(month)
    if not Member.objects.exists():
        raise NoMembers


def check_can_destroy(month: str, day: date) -> None:
    """Raise MonthOpen while declarations may still be sealed to the month's key."""
    if month >= month_of(day):
        raise MonthOpen(month)
