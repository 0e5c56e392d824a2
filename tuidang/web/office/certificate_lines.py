# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lines of the certificate queue, in words: how urgent, how long they wait, what for.

Nothing is opened for them, so that a line can show no name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from tuidang.registry.audit.doers import Doer
from tuidang.registry.certificates.actions import QueueItem
from tuidang.registry.certificates.models import Application
from tuidang.web.office.certificate_words import FLAGGED, WAITS_FOR
from tuidang.web.shared.certificate_choices import URGENCIES
from tuidang.web.shared.choices import word

State = Application.State


@dataclass(frozen=True, slots=True)
class Line:
    """One application that waits. `mine`: this volunteer recorded its identity check."""

    id: UUID
    number: int
    urgency: str
    days: int
    walk_in: bool
    replies: int
    waits_for: str
    mine: bool

    @property
    def can_sign(self) -> bool:
        """Say whether this volunteer may sign it now, as far as the tables tell."""
        return not (self.waits_for or self.mine)

    @property
    def has_flags(self) -> bool:
        """Say whether anything is to be pointed out."""
        return bool(self.walk_in or self.replies or self.mine or self.waits_for)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What is equally urgent, with the days that such ones took lately (None: too few)."""

    words: str
    median: int | None
    lines: tuple[Line, ...]


def lines(items: Sequence[QueueItem], state: str, *, by: Doer, day: date) -> list[Line]:
    """Put those in one state that can be opened into lines, in their order."""
    return [_line(item, by, day) for item in items if item.state == state and not item.closed]


def buckets(found: Sequence[Line], medians: Mapping[int, int | None]) -> list[Bucket]:
    """Put lines into the buckets of urgency; none is empty."""
    made = []
    for urgency, said in URGENCIES.items():
        words = gettext(said)
        inside = tuple(line for line in found if line.urgency == words)
        made.append(Bucket(words, medians.get(urgency), inside))
    return [bucket for bucket in made if bucket.lines]


def said_medians(medians: Mapping[int, int | None]) -> list[dict[str, Any]]:
    """Say for each bucket in how many days half of the last were issued."""
    return [{"words": gettext(URGENCIES[each]), "days": days} for each, days in medians.items()]


def flagged_words(why: str) -> str:
    """Say why a valid certificate is to be looked at."""
    return word(FLAGGED, why)


def _line(item: QueueItem, by: Doer, day: date) -> Line:
    return Line(
        id=item.id,
        number=item.number,
        urgency=gettext(URGENCIES[item.urgency]),
        days=(day - item.day).days,
        walk_in=item.walk_in,
        replies=item.replies,
        waits_for=word(WAITS_FOR, item.waits_for) if item.waits_for else "",
        mine=item.preparer == by.id,
    )
