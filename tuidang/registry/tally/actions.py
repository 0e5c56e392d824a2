# SPDX-License-Identifier: AGPL-3.0-or-later
"""The day's round: publish the batch, tell the declarants, count how it was reviewed.

Every part looks for what is due and may run again after a crash. What was reviewed in which
manner is counted once, right after publication, while the rows still say so.
"""

from datetime import UTC, date, datetime

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
    _tell(day)  # of batches before, even if the next one cannot go out
    if transparency.prepare(now=now, at_once=at_once):
        declarations.apply_requests(day=day)
        declarations.hand_over(day=day)
        batch = transparency.publish(now=now, at_once=at_once, by=by)
    _tell(day)
    return batch


def finish_batch(*, now: datetime) -> None:
    """Finish or undo a publication that was interrupted, and begin none.

    Raises transparency's errors where the batch cannot be finished.
    """
    transparency.finish_begun(now=now)
    _tell(now.astimezone(UTC).date())


def _tell(day: date) -> None:
    """Tell the declarants of every public batch whose telling is not done, and count reviews."""
    for batch in Batch.objects.published().exclude(pk__in=ReviewCount.objects.values("batch")):
        declarations.deliver(batch, day=day)
        _count_reviews(batch)


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
