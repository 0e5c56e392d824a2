# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims on waiting declarations, and decisions that can be undone for ten minutes."""

import uuid

from django.db import models


class Claim(models.Model):
    """A volunteer has a declaration open; nobody else decides it until the claim lapses."""

    declaration = models.OneToOneField(
        "declarations.Declaration", primary_key=True, on_delete=models.CASCADE, related_name="claim"
    )
    by = models.UUIDField()
    until = models.DateTimeField()


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
