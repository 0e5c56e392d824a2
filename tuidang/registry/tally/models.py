# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the published persons were reviewed, as counts a batch. Totals themselves come from the log."""

import uuid

from django.db import models


class ReviewCount(models.Model):
    """How many persons of one batch were reviewed singly, as a cluster, or as a batch."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.ForeignKey("transparency.Batch", on_delete=models.PROTECT, related_name="+")
    manner = models.CharField(max_length=10)
    persons = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "manner"], name="tally_manner_once"),
        ]
