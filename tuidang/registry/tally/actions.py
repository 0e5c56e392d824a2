# SPDX-License-Identifier: AGPL-3.0-or-later
"""The day's round: publish the batch, tell the declarants, count how it was reviewed.

Every part looks for what is due and may run again after a crash. What was reviewed in which
manner is counted once, right after publication, while the rows still say so.
"""

from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Count

from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.tally.figures import Published, published
from tuidang.registry.tally.models import ReviewCount
from tuidang.registry.transparency import actions as transparency
from tuidang.registry.transparency.models import Batch

__all__ = ["Published", "publish_batch", "published"]


def publish_batch(*, now: datetime, at_once: bool = False, by: Doer = REGISTRY) -> Batch | None:
    """Publish what is due and tell its declarants; return the batch, or None if none was due.

    Raises transparency's errors, before anything is handed over, where publishing would be
    wrong. Commitments are handed over only right before a publication: done each minute, the
    tables would show the order in which they came in.
    """
    day = now.astimezone(UTC).date()
    batch = None
    if transparency.prepare(now=now, at_once=at_once):
        declarations.apply_requests(day=day)
        declarations.hand_over(day=day)
        batch = transparency.publish(now=now, at_once=at_once, by=by)
    for uncounted in Batch.objects.exclude(pk__in=ReviewCount.objects.values("batch")):
        declarations.deliver(uncounted, day=day)
        _count_reviews(uncounted)
    return batch


@transaction.atomic
def _count_reviews(batch: Batch) -> None:
    """Keep how many persons of the batch were reviewed in each manner."""
    published = Person.objects.filter(leaf__batch=batch)
    rows = published.values_list("declaration__manner").annotate(persons=Count("pk")).order_by()
    found = dict(rows)
    ReviewCount.objects.bulk_create(
        ReviewCount(batch=batch, manner=manner, persons=found.get(manner, 0))
        for manner in Declaration.Manner.values
    )
