# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came in, sealed, and what became of each person.

This room must never hold a name, a text or a receipt code in the clear, nor any order of
arrival: ids are random and days are the finest time.
"""

import uuid

from django.db import models
from django.db.models import F, Q


class Declaration(models.Model):
    """One declaration as it arrived: a single row, since arriving is the hot path.

    `commitments` and `holder_digests` are 32 bytes a person, in the order of the persons.
    `packet` holds the openings, sealed to the mailbox; deleting it is erasure.
    """

    class State(models.TextChoices):
        """Intake specification, section 3."""

        RECEIVED = "received"
        ACCEPTED = "accepted"
        RETURNED = "returned"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    class Channel(models.TextChoices):
        """How a declaration came; dropped (empty) once it is published."""

        WEB = "web"
        ONION = "onion"
        HOTLINE = "hotline"
        DESK = "desk"
        LETTER = "letter"
        LIST = "list"
        ENVELOPE = "envelope"
        IMPORT = "import"

    class Manner(models.TextChoices):
        """How an accepted declaration was reviewed; published as counts."""

        SINGLE = "single"
        CLUSTER = "cluster"
        BATCH = "batch"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)  # keyed hash; key outside the database
    idempotency = models.BinaryField(max_length=32, unique=True)  # keyed hash
    mailbox_recipient = models.CharField(max_length=70)
    commitments = models.BinaryField()
    holder_digests = models.BinaryField()
    packet = models.BinaryField(null=True)
    sealed = models.BinaryField(null=True)  # to the review ring; null once its time has passed
    ring_month = models.CharField(max_length=7)
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    channel = models.CharField(max_length=10, choices=Channel, blank=True)
    language = models.CharField(max_length=7)
    day = models.DateField()  # received on (UTC)
    fingerprint = models.BinaryField(max_length=32, null=True, unique=True)  # of a list; dropped
    origin = models.CharField(max_length=120)
    sample = models.BooleanField(default=False)  # only where the origin is a reserved name
    received = models.BooleanField(default=False)  # its commitments stand in the public log's R
    decided_on = models.DateField(null=True)
    manner = models.CharField(max_length=10, choices=Manner, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    first_accept = models.UUIDField(null=True)  # the doer who accepted first, where two are needed
    second_accept = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(  # RFC 2606: no production origin ends in .invalid
                condition=Q(sample=False) | Q(origin__contains=".invalid/"),
                name="declaration_sample_not_in_production",
            ),
            models.CheckConstraint(
                condition=Q(second_accept__isnull=True) | ~Q(second_accept=F("first_accept")),
                name="declaration_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | ~Q(manner=""), name="declaration_manner_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="declaration_reason_is_given"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "returned"]) | Q(decided_on__isnull=False),
                name="declaration_decided_on_a_day",
            ),
        ]
        indexes = [models.Index(fields=["state", "day"], name="declaration_queue")]


class Person(models.Model):
    """One person of an accepted declaration: a leaf of the log, or the reason why not counted."""

    class NotCounted(models.TextChoices):
        """Why a person is recorded but not counted (intake specification, section 1)."""

        REPEAT = "repeat"
        DECEASED = "deceased"
        UNASKED = "unasked"
        TEST = "test"
        NOT_VOLUNTARY = "not_voluntary"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="persons")
    number = models.PositiveSmallIntegerField()  # from 1, as the receipt code derives its keys
    leaf = models.OneToOneField("transparency.Leaf", null=True, on_delete=models.PROTECT)
    not_counted = models.CharField(max_length=16, choices=NotCounted, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "number"], name="person_number_once"),
            models.CheckConstraint(
                condition=Q(leaf__isnull=False, not_counted="")
                | (Q(leaf__isnull=True) & ~Q(not_counted="")),
                name="person_counted_or_reason",
            ),
        ]


class Request(models.Model):
    """What a holder of the code asked for. The public door only adds; the office carries out."""

    class Kind(models.TextChoices):
        """What can be asked."""

        ANSWER = "answer"
        WITHDRAW = "withdraw"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind)
    sealed = models.BinaryField(null=True)
    ring_month = models.CharField(max_length=7, blank=True)
    day = models.DateField()
    done = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(kind="withdraw"),
                name="request_withdraw_once",
            ),
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(kind="answer", done=False),
                name="request_one_open_answer",
            ),
        ]
