# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of this room, by who does them: the holder of a receipt code applies, replies,
withdraws, fetches; the office asks, prepares, refuses, signs, revokes; the timetable forgets."""

from tuidang.registry.certificates.actions.applying import apply, check_apply, check_code
from tuidang.registry.certificates.actions.checking import ask, open_application, prepare, refuse
from tuidang.registry.certificates.actions.fetching import (
    ask_erasure_of_certificate,
    fetch,
    make_pickup,
    pick_up,
    pieces_of,
)
from tuidang.registry.certificates.actions.forgetting import carry_out, forget
from tuidang.registry.certificates.actions.holding import (
    ApplicationState,
    applications_of,
    median_days,
    reply,
    withdraw_application,
)
from tuidang.registry.certificates.actions.revoking import (
    find_certificate,
    revoke,
    revoke_certificate,
)
from tuidang.registry.certificates.actions.signing import Issued, SignReport, sign, sign_many
from tuidang.registry.certificates.actions.visiting import Visit, walk_in
from tuidang.registry.certificates.delivery import Delivery
from tuidang.registry.certificates.opened import OpenedApplication
from tuidang.registry.certificates.queue import Flagged, QueueItem, flagged, queue, to_sign
from tuidang.registry.certificates.wishes import Wish, WishProblem

__all__ = [
    "ApplicationState",
    "Delivery",
    "Flagged",
    "Issued",
    "OpenedApplication",
    "QueueItem",
    "SignReport",
    "Visit",
    "Wish",
    "WishProblem",
    "applications_of",
    "apply",
    "ask",
    "ask_erasure_of_certificate",
    "carry_out",
    "check_apply",
    "check_code",
    "fetch",
    "find_certificate",
    "flagged",
    "forget",
    "make_pickup",
    "median_days",
    "open_application",
    "pick_up",
    "pieces_of",
    "prepare",
    "queue",
    "refuse",
    "reply",
    "revoke",
    "revoke_certificate",
    "sign",
    "sign_many",
    "to_sign",
    "walk_in",
    "withdraw_application",
]
