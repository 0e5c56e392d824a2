# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of review: looking at the queue, deciding, taking back, and forgetting times."""

from tuidang.registry.review.actions.batch import Report, RuleRan, accept_clean, rules_ran
from tuidang.registry.review.actions.deciding import (
    accept_cluster,
    accept_one,
    claim,
    forget_times,
    reject_many,
    release,
    return_one,
    undo,
)
from tuidang.registry.review.queue import Item, closed_count, queue

__all__ = [
    "Item",
    "Report",
    "RuleRan",
    "accept_clean",
    "accept_cluster",
    "accept_one",
    "claim",
    "closed_count",
    "forget_times",
    "queue",
    "reject_many",
    "release",
    "return_one",
    "rules_ran",
    "undo",
]
