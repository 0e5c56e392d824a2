# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits for review, opened with a volunteer's keys for one answer.

Clusters are computed here, under a key that is thrown away with the answer, and order the
queue; they never refuse anything. Nothing that is opened here may be stored or logged.
"""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tuidang.pure.intake.flags import Flag, flags
from tuidang.pure.intake.simhash import clusters
from tuidang.pure.intake.stored import StoredError
from tuidang.registry.declarations.actions import open_sealed
from tuidang.registry.declarations.errors import SealedGone
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.declarations.opened import Opened
from tuidang.registry.declarations.policies import needs_two
from tuidang.registry.review.models import Claim
from tuidang.registry.vault.errors import Unopenable
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.unlocked import Unlocked

KEY_BYTES = 16
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Item:
    """One declaration that waits; its repr shows nothing of what was declared.

    `cluster` is the same for declarations with nearly the same text, None for one alone.
    `needs_two`: two volunteers must accept it; `first_accept` is who did first.
    """

    id: UUID
    day: date
    channel: str
    opened: Opened = field(repr=False)
    flags: tuple[Flag, ...]
    cluster: UUID | None
    claim: Claim | None
    needs_two: bool
    first_accept: UUID | None

    @property
    def persons(self) -> int:
        """How many persons it declares."""
        return self.opened.declaration.size


def queue(unlocked: Unlocked) -> list[Item]:
    """Open all that waits: clusters first, each together, then by day, then by id.

    Leaves out what these keys do not open; `closed_count` says how much that is.
    """
    opened = _open_waiting(unlocked)
    cluster_of = find_clusters([(row.id, each) for row, each in opened])
    items = [_item(row, each, cluster_of.get(row.id)) for row, each in opened]
    return sorted(items, key=_place)


def closed_count(unlocked: Unlocked) -> int:
    """Count what waits in months whose key this volunteer does not have."""
    waiting = Declaration.objects.waiting_for_review()
    return waiting.exclude(ring_month__in=_months(unlocked)).count()


def find_clusters(opened: Sequence[tuple[UUID, Opened]]) -> dict[UUID, UUID]:
    """Name the cluster of each declaration that is in one, by the smallest id in it."""
    texts = [(row_id, each.declaration.statement) for row_id, each in opened]
    groups = clusters(texts, secrets.token_bytes(KEY_BYTES))
    return {each: min(group) for group in groups for each in group}


def _months(unlocked: Unlocked) -> set[str]:
    return {month for ring, month in unlocked.keys if ring == RingKey.Ring.REVIEW}


def _open_waiting(unlocked: Unlocked) -> list[tuple[Declaration, Opened]]:
    rows = Declaration.objects.waiting_for_review().defer("packet", "holder_digests")
    found, damaged = [], 0
    for row in rows.select_related("claim").prefetch_related("requests"):
        try:
            found.append((row, open_sealed(row, unlocked)))
        except SealedGone:
            continue  # withdrawn while we read
        except (Unopenable, StoredError):
            damaged += row.ring_month in _months(unlocked)
    if damaged:
        log.error("%d sealed declarations do not open with their month's key", damaged)
    return found


def _item(row: Declaration, opened: Opened, cluster: UUID | None) -> Item:
    return Item(
        id=row.id,
        day=row.day,
        channel=row.channel,
        opened=opened,
        flags=flags(opened.declaration),
        cluster=cluster,
        claim=getattr(row, "claim", None),
        needs_two=needs_two(opened),
        first_accept=row.first_accept,
    )


def _place(item: Item) -> tuple[bool, str, date, UUID]:
    return item.cluster is None, str(item.cluster or ""), item.day, item.id
