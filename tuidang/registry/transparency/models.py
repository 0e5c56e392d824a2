# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public log will hold and holds: commitments received, leaves, corrections, notes
of the operator, and the batches in which they go out.

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

    def published(self) -> Self:
        """Return the batches that the public checkpoint covers."""
        return self.filter(state=Batch.State.PUBLISHED)

    def last_batch(self) -> "Batch | None":
        """Return the newest batch, none before the log begins."""
        return self.order_by("-number").first()


class Batch(models.Model):
    """One batch: where it starts and ends, its seal's cells, its signed checkpoint.

    It is prepared first, which keeps everything in it from being taken back, and published
    once its checkpoint is public. Which checkpoint was signed, the lock store decides.
    """

    class State(models.TextChoices):
        """How far a batch has come."""

        PREPARED = "prepared"
        PUBLISHED = "published"

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
    checkpoint = models.TextField(blank=True, default="")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PREPARED)

    objects = BatchQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=F("first_index")), name="log_batch_grows"),
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")), name="log_batch_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="prepared") | Q(state="published", checkpoint__gt=""),
                name="log_batch_published_is_signed",
            ),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="prepared"), name="log_batch_one_prepared"
            ),
        ]

    @property
    def is_published(self) -> bool:
        """Whether the public checkpoint covers this batch."""
        return self.state == Batch.State.PUBLISHED

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


class Correction(models.Model):
    """One published leaf that shall count no longer: what its C entry will say.

    Orgs and class are those that the leaf was published with. The true reason and who decided
    are inside the commitment alone. Goes out once a week.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    leaf = models.OneToOneField(Leaf, on_delete=models.PROTECT, related_name="correction")
    reason = models.PositiveSmallIntegerField()  # 1 repeat, 2 other
    commitment = models.BinaryField(max_length=32, unique=True)
    day = models.DateField()  # decided on
    index = models.PositiveBigIntegerField(null=True, unique=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reason__in=[1, 2]), name="log_correction_reason"),
            models.CheckConstraint(
                condition=Q(index__isnull=True, batch__isnull=True)
                | Q(index__isnull=False, batch__isnull=False),
                name="log_correction_published_whole",
            ),
        ]


class LinkQuerySet(models.QuerySet["Link"]):
    """Questions about links."""

    def unpublished(self) -> Self:
        """Return the links that the log does not hold."""
        return self.filter(index__isnull=True)

    def published(self) -> Self:
        """Return the links that the public checkpoint covers."""
        return self.filter(batch__state=Batch.State.PUBLISHED)


class Link(models.Model):
    """One leaf that shall be linked to a legal name: what its L entry will say.

    Both values are hashes under secrets of the holder; whose leaf it is stands in neither. It
    goes out with the next batch, and a nullifier is never used twice.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    commitment = models.BinaryField(max_length=32, unique=True)
    nullifier = models.BinaryField(max_length=32, unique=True)
    day = models.DateField()
    index = models.PositiveBigIntegerField(null=True, unique=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(index__isnull=True, batch__isnull=True)
                | Q(index__isnull=False, batch__isnull=False),
                name="log_link_published_whole",
            ),
        ]


class Note(models.Model):
    """The SHA-256 of something that the operator can be held to, for an N entry.

    Kinds are those of `transparency-log.md` section 2; the head of the audit chain is not here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.PositiveSmallIntegerField()
    digest = models.BinaryField(max_length=32)
    day = models.DateField()
    index = models.PositiveBigIntegerField(null=True, unique=True)
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "digest"], name="log_note_once"),
            models.CheckConstraint(condition=Q(kind__in=[2, 3, 4, 5]), name="log_note_kind"),
            models.CheckConstraint(
                condition=Q(index__isnull=True, batch__isnull=True)
                | Q(index__isnull=False, batch__isnull=False),
                name="log_note_published_whole",
            ),
        ]


class LegacyFile(models.Model):
    """A file of records from before the log, known by its SHA-256, and how many lines it has.

    Its persons have no rows: nobody holds a code for them. How far it has come is what its
    batches say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    digest = models.BinaryField(max_length=32, unique=True)
    persons = models.PositiveBigIntegerField()


class LegacyBatch(models.Model):
    """Which lines of a legacy file (from 0, the end not included) one batch holds."""

    batch = models.OneToOneField(
        Batch, primary_key=True, on_delete=models.CASCADE, related_name="legacy"
    )
    file = models.ForeignKey(LegacyFile, on_delete=models.PROTECT, related_name="batches")
    first = models.PositiveBigIntegerField()
    end = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("first")), name="log_legacy_grows"),
            models.UniqueConstraint(fields=["file", "first"], name="log_legacy_once"),
        ]


class Witness(models.Model):
    """A cosigner that the policy names, from when until when (None: now), as the trust bundle
    tells it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=255)
    vkey = models.CharField(max_length=4096, unique=True)
    since = models.DateField()
    until = models.DateField(null=True)


class Timestamp(models.Model):
    """What one timestamp service (RFC 3161) said of a batch's checkpoint: its DER response."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="timestamps")
    service = models.CharField(max_length=255)
    response = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "service"], name="log_timestamp_once"),
        ]
