# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public log will hold and holds: commitments received, leaves, and batches.

This room must never know a name, a salt, or which declaration a leaf belongs to.
"""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from tuidang.pure.ledger.entries import Cell, Seal, day_number


class BatchQuerySet(models.QuerySet["Batch"]):
    """Questions about batches."""

    def last_batch(self) -> "Batch | None":
        """Return the newest batch, none before the log begins."""
        return self.order_by("-number").first()


class Batch(models.Model):
    """One published batch: where it starts and ends, its seal's cells, its signed checkpoint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveBigIntegerField(unique=True)
    first_index = models.PositiveBigIntegerField(unique=True)
    size = models.PositiveBigIntegerField(unique=True)  # of the whole log after this batch
    root = models.BinaryField(max_length=32)
    first_day = models.DateField()
    last_day = models.DateField()
    cells = models.JSONField()  # [[orgs, class, cumulative net count], ...] ascending
    flags = models.PositiveSmallIntegerField(default=0)
    received = models.PositiveBigIntegerField()
    checkpoint = models.TextField()

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=F("first_index")), name="log_batch_grows"),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="log_batch_days_in_order"
            ),
        ]

    @property
    def seal(self) -> Seal:
        """The seal that ends this batch in the log."""
        return Seal(
            flags=self.flags,
            batch=self.number,
            first_index=self.first_index,
            previous_seal=self.first_index - 1 if self.number else None,
            first_day=day_number(self.first_day),
            last_day=day_number(self.last_day),
            cells=tuple(Cell(*cell) for cell in self.cells),
        )


class Received(models.Model):
    """A commitment that came in on a day, counted or not. Its batch is the R that covers it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.BinaryField(max_length=32, unique=True)
    day = models.DateField()
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")


class LeafQuerySet(models.QuerySet["Leaf"]):
    """Questions about leaves."""

    def unpublished(self) -> Self:
        """Return the leaves that the log does not hold."""
        return self.filter(index__isnull=True)

    def waiting(self, *, now: datetime, at_once: bool = False) -> Self:
        """Return the leaves that may go out, `at_once` also those that can still be undone."""
        leaves = self.unpublished()
        return leaves if at_once else leaves.exclude(hold_until__gt=now)


class Leaf(models.Model):
    """One counted person: what its D entry will say, and its index once it is published.

    `orgs` and `klass` are what was decided; `published_orgs` and `published_klass` what the log
    says, which may be withheld. `hold_until` lasts ten minutes, then is forgotten.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.BinaryField(max_length=32, unique=True)
    orgs = models.PositiveSmallIntegerField()
    klass = models.PositiveSmallIntegerField()
    day = models.DateField()  # accepted on: waiting is counted from here
    hold_until = models.DateTimeField(null=True)
    index = models.PositiveBigIntegerField(null=True, unique=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="leaves")
    published_orgs = models.PositiveSmallIntegerField(null=True)
    published_klass = models.PositiveSmallIntegerField(null=True)

    objects = LeafQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["day"], condition=Q(index__isnull=True), name="log_leaf_waiting"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(orgs__lte=7), name="log_leaf_orgs_known"),
            models.CheckConstraint(condition=Q(klass__lte=3), name="log_leaf_class_known"),
            models.CheckConstraint(
                condition=Q(
                    index__isnull=True,
                    batch__isnull=True,
                    published_orgs__isnull=True,
                    published_klass__isnull=True,
                )
                | Q(
                    index__isnull=False,
                    batch__isnull=False,
                    published_orgs__isnull=False,
                    published_klass__isnull=False,
                ),
                name="log_leaf_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(index__isnull=True) | Q(hold_until__isnull=True),
                name="log_leaf_published_forgets_the_hour",
            ),
        ]
