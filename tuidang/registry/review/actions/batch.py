# SPDX-License-Identifier: AGPL-3.0-or-later
"""One decision about everything that no rule flags, published as "reviewed as a batch".

It says which rules ran and what it left, and refuses where none ran. What needs two
volunteers, or is open in front of another one, is never decided here.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tuidang.pure.intake.flags import RULES
from tuidang.registry.audit.doers import Doer
from tuidang.registry.declarations.errors import DeclarationError
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review.actions.deciding import accept_one
from tuidang.registry.review.errors import NoRuleRan, ReviewError
from tuidang.registry.review.policies import is_claimed_by_other
from tuidang.registry.review.queue import Item, closed_count, queue
from tuidang.registry.vault.unlocked import Unlocked


@dataclass(frozen=True, slots=True)
class RuleRan:
    """A rule, in one sentence, and how many declarations it flagged."""

    name: str
    sentence: str
    flagged: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a batch decision did.

    `left` counts declarations by why they were left: `flagged`, `needs_two`, `claimed`,
    `changed` (decided or withdrawn meanwhile), `closed` (no key for their month).
    """

    rules: tuple[RuleRan, ...]
    accepted: int
    persons: int
    left: Mapping[str, int]


def accept_clean(unlocked: Unlocked, *, by: Doer, now: datetime) -> Report:
    """Accept, each by itself, all that no rule flags. Raises NoRuleRan where there are none.

    Each acceptance is a decision of its own that can be undone like any other.
    """
    if not RULES:
        raise NoRuleRan
    items = queue(unlocked)
    left = Counter({"closed": closed_count(unlocked)})
    accepted = persons = 0
    for item in items:
        why = _why_left(item, by=by, now=now) or _accept(item, unlocked, by=by, now=now)
        if why:
            left[why] += 1
        else:
            accepted, persons = accepted + 1, persons + item.persons
    return Report(rules_ran(items), accepted, persons, dict(+left))


def rules_ran(items: Iterable[Item]) -> tuple[RuleRan, ...]:
    """Say for each rule how many of the items it flagged."""
    flagged = Counter(name for item in items for name in {flag.rule for flag in item.flags})
    return tuple(RuleRan(rule.name, rule.sentence, flagged[rule.name]) for rule in RULES)


def _why_left(item: Item, *, by: Doer, now: datetime) -> str:
    if item.needs_two:
        return "needs_two"
    if item.flags:
        return "flagged"
    return "claimed" if is_claimed_by_other(item.claim, by=by, now=now) else ""


def _accept(item: Item, unlocked: Unlocked, *, by: Doer, now: datetime) -> str:
    try:
        accept_one(item.id, unlocked, by=by, now=now, manner=Declaration.Manner.BATCH)
    except (DeclarationError, ReviewError):
        return "changed"
    return ""
