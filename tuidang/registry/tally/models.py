# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the published persons were reviewed, as counts a batch, and figures from before the log.

Totals are not kept here: they come from the seals of the log, so that they cannot differ from
what anybody recounts. This room must never count anything finer than a batch.
"""

import uuid

from django.db import models


class ReviewCount(models.Model):
    """How many persons of one batch were reviewed singly, as a cluster, or as a batch.

    A batch that was counted has a row for each manner, also for none at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey("transparency.Batch", on_delete=models.PROTECT, related_name="+")
    manner = models.CharField(max_length=10)
    persons = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "manner"], name="tally_manner_once"),
            models.CheckConstraint(condition=~models.Q(manner=""), name="tally_manner_is_known"),
        ]


class CarriedOver(models.Model):
    """A total from before the log: claimed by a source for a day, recorded on another, signed.

    A later statement stands beside the earlier ones; none is changed or taken back. `statement`
    is the signed note, `digest` the SHA-256 of its bytes, `note` what the log says of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    persons = models.PositiveBigIntegerField()
    as_of = models.DateField()
    source = models.CharField(max_length=300)
    source_url = models.CharField(max_length=500, blank=True, default="")
    language = models.CharField(max_length=7)
    day = models.DateField()  # recorded on
    statement = models.TextField()
    digest = models.BinaryField(max_length=32, unique=True)
    note = models.OneToOneField("transparency.Note", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(persons__gte=1, persons__lte=2**53),
                name="tally_carried_over_persons",
            ),
            models.CheckConstraint(
                condition=models.Q(as_of__lte=models.F("day")), name="tally_carried_over_is_past"
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""), name="tally_carried_over_has_a_source"
            ),
        ]
