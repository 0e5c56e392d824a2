# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of this room, by who does them: taking in, asking, deciding, telling, forgetting,
taking published persons out of the count."""

from tuidang.registry.declarations.actions.asking import answer, apply_requests, ask_withdrawal
from tuidang.registry.declarations.actions.deciding import (
    accept,
    reject,
    reopen,
    return_with_question,
)
from tuidang.registry.declarations.actions.erasing import ask_erasure
from tuidang.registry.declarations.actions.forgetting import forget
from tuidang.registry.declarations.actions.recalling import (
    ask_recall,
    confirm_recall,
    open_published,
    take_back_recall,
)
from tuidang.registry.declarations.actions.receiving import receive
from tuidang.registry.declarations.actions.telling import deliver, hand_over
from tuidang.registry.declarations.opened import Opened, open_sealed
from tuidang.registry.declarations.published import PublishedPerson, find_entry, look_at
from tuidang.registry.declarations.receipts import (
    ReceiptState,
    find,
    open_mail,
    sealed_packet,
    state_of,
)

__all__ = [
    "Opened",
    "PublishedPerson",
    "ReceiptState",
    "accept",
    "answer",
    "apply_requests",
    "ask_erasure",
    "ask_recall",
    "ask_withdrawal",
    "confirm_recall",
    "deliver",
    "find",
    "find_entry",
    "forget",
    "hand_over",
    "look_at",
    "open_mail",
    "open_published",
    "open_sealed",
    "receive",
    "reject",
    "reopen",
    "return_with_question",
    "sealed_packet",
    "state_of",
    "take_back_recall",
]
