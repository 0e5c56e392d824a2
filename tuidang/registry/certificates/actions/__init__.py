# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of this room, by who does them: the holder of a receipt code applies, replies,
withdraws, fetches; the office asks, prepares, refuses, signs, revokes; the timetable forgets."""

from tuidang.registry.certificates.actions.applying import apply, check_apply
from tuidang.registry.certificates.actions.fetching import (
    ask_erasure_of_certificate,
    fetch,
    make_pickup,
    pick_up,
    pieces_of,
)
from tuidang.registry.certificates.actions.holding import (
    ApplicationState,
    applications_of,
    median_days,
    reply,
    withdraw_application,
)
from tuidang.registry.certificates.delivery import Delivery
from tuidang.registry.certificates.wishes import Wish, WishProblem

__all__ = [
    "ApplicationState",
    "Delivery",
    "Wish",
    "WishProblem",
    "applications_of",
    "apply",
    "ask_erasure_of_certificate",
    "check_apply",
    "fetch",
    "make_pickup",
    "median_days",
    "pick_up",
    "pieces_of",
    "reply",
    "withdraw_application",
]
