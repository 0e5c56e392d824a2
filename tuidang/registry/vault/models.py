# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keys that open what is sealed, wrapped for those who may, and the sealed mail of declarants.

This room must never hold a key in the clear, a passphrase, or a receipt code.
"""

import uuid

from django.db import models


class Member(models.Model):
    """A person who may open rings: their recipient, and their own key wrapped twice.

    `wrapped` opens only with the passphrase and the host secret together.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.CharField(max_length=70, unique=True)
    salt = models.BinaryField(max_length=16)
    memory_kib = models.PositiveIntegerField()  # argon2id's, as the setting was on that day
    wrapped = models.BinaryField(max_length=200)


class RingKey(models.Model):
    """One month's key of a ring: its age recipient. Deleting the wraps destroys what it opens."""

    class Ring(models.TextChoices):
        """Who a ring is for."""

        REVIEW = "review"
        CERTIFICATES = "certificates"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ring = models.CharField(max_length=16, choices=Ring)
    month = models.CharField(max_length=7)  # YYYY-MM
    recipient = models.CharField(max_length=70, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ring", "month"], name="vault_one_key_a_month"),
            models.CheckConstraint(
                condition=models.Q(month__regex=r"^[0-9]{4}-[0-9]{2}$"),
                name="vault_month_is_a_month",
            ),
        ]


class Wrap(models.Model):
    """A ring key sealed to one member, under the host's secret of that month."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ring_key = models.ForeignKey(RingKey, on_delete=models.CASCADE, related_name="wraps")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="wraps")
    wrapped = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ring_key", "member"], name="vault_one_wrap_a_member"),
        ]


class Mail(models.Model):
    """One sealed piece for a declarant; only the receipt code opens it.

    `mailbox` is the keyed hash of the code's lookup value, as the declaration holds it.
    """

    class Kind(models.TextChoices):
        """What a piece is, so that the page can say so without opening it."""

        QUESTION = "question"
        RECEIVED = "received"  # the path in the day's R
        LOGGED = "logged"  # the proof of the D leaf
        CORRECTION = "correction"  # what opens a C leaf that is to go out
        CORRECTED = "corrected"  # the proof of the C leaf
        APPLICATION = "application"  # what the certificate office says or asks
        LINKED = "linked"  # what opens an L leaf, and its proof
        CERTIFICATE = "certificate"  # sealed once more, to the second word

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mailbox = models.BinaryField(max_length=32, db_index=True)
    kind = models.CharField(max_length=16, choices=Kind)
    day = models.DateField()
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "question",
                        "received",
                        "logged",
                        "correction",
                        "corrected",
                        "application",
                        "linked",
                        "certificate",
                    ]
                ),
                name="vault_mail_kind_is_known",
            ),
        ]
