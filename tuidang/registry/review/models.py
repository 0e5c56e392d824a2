# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims on waiting declarations, and decisions that can be undone for ten minutes."""

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Questions about claims."""

    def held(self, now: datetime) -> Self:
        """Keep those that have not lapsed."""
        return self.filter(until__gt=now)

    def lapsed(self, now: datetime) -> Self:
        """Keep those whose time is over."""
        return self.filter(until__lte=now)


class Claim(models.Model):
    """A volunteer has a declaration open; nobody else decides it until the claim lapses."""

    declaration = models.OneToOneField(
        "declarations.Declaration", primary_key=True, on_delete=models.CASCADE, related_name="claim"
    )
    by = models.UUIDField()
    until = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Questions about decisions."""

    def undoable(self, now: datetime) -> Self:
        """Keep those of the last ten minutes that nothing has followed."""
        return self.filter(undo_until__gt=now)

    def lapsed(self, now: datetime) -> Self:
        """Keep those whose ten minutes are over and still remembered."""
        return self.filter(undo_until__lte=now)


class Decision(models.Model):
    """One decision. The note is sealed to the ring; `undo_until` is forgotten when it lapses."""

    class Verb(models.TextChoices):
        """What was decided."""

        ACCEPT = "accept"
        RETURN = "return"
        REJECT = "reject"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        "declarations.Declaration", on_delete=models.CASCADE, related_name="decisions"
    )
    verb = models.CharField(max_length=10, choices=Verb)
    by = models.UUIDField()
    day = models.DateField()
    undo_until = models.DateTimeField(null=True)
    note_sealed = models.BinaryField(null=True)
    ring_month = models.CharField(max_length=7, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verb__in=["accept", "return", "reject"]), name="review_verb_known"
            ),
            models.UniqueConstraint(  # only the last decision can be undone
                fields=["declaration"],
                condition=Q(undo_until__isnull=False),
                name="review_one_undo_a_declaration",
            ),
        ]
