# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the published persons were reviewed, as counts a batch.

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
