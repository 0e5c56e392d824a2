# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came in, sealed, and what became of each person.

This room must never hold a name, a text or a receipt code in the clear, nor any order of
arrival: ids are random and days are the finest time.
"""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from tuidang.registry.audit.doers import DECLARANT

# What the public door may read of a declaration, and what `find` loads: never `sealed`.
PUBLIC_COLUMNS = (
    "id",
    "lookup",
    "idempotency",
    "day",
    "state",
    "channel",
    "packet",
    "mailbox_recipient",
    "received",
    "reason",
    "decided_on",
    "commitments",
)
COMMITMENT_BYTES = 32


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    """Questions about many declarations."""

    def with_lookup(self, lookup: bytes) -> Self:
        """Keep the one whose receipt code has this keyed hash."""
        return self.filter(lookup=lookup)

    def public(self) -> Self:
        """Load only what the public door may read."""
        return self.only(*PUBLIC_COLUMNS)

    def waiting_for_review(self) -> Self:
        """Keep those to decide: received, and nobody asked to withdraw them."""
        withdrawing = Request.objects.waiting().filter(
            kind=Request.Kind.WITHDRAW, declaration=models.OuterRef("pk")
        )
        return self.filter(~models.Exists(withdrawing), state=Declaration.State.RECEIVED)

    def to_hand_over(self, day: date) -> Self:
        """Keep those whose commitments the public log has not been given yet, up to `day`."""
        return self.filter(handed_over=False, day__lte=day)

    def to_forget(self, *, refused_before: date) -> Self:
        """Keep those refused or withdrawn before a day, and long since handed over.

        Not those with an entry in the log: its correction, too, is to be proven by somebody.
        """
        states = [Declaration.State.REJECTED, Declaration.State.WITHDRAWN]
        counted = Person.objects.filter(declaration=models.OuterRef("pk"), leaf__isnull=False)
        due = self.filter(state__in=states, decided_on__lt=refused_before, handed_over=True)
        return due.filter(~models.Exists(counted))

    def to_unseal_no_more(self, *, accepted_before: date, erased_before: date) -> Self:
        """Keep the accepted whose sealed text has had its time; it is short once all else of
        them is erased, and lasts only until the decision can no longer be undone."""
        over = Q(decided_on__lt=accepted_before)
        over |= Q(mailbox_recipient="", decided_on__lt=erased_before)
        return self.filter(over, state=Declaration.State.ACCEPTED, sealed__isnull=False)


class Declaration(models.Model):
    """One declaration as it arrived: a single row, since arriving is the hot path.

    `commitments` and `holder_digests` are 32 bytes a person, in the order of the persons.
    `packet` holds the openings, sealed to the mailbox; deleting it is erasure, after which
    `mailbox_recipient` is empty and nothing can be delivered any more.
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

    class Rejection(models.TextChoices):
        """Why a declaration is rejected: a closed list, to which a note may be added."""

        TEST = "test"
        NOT_VOLUNTARY = "not_voluntary"
        NOT_A_DECLARATION = "not_a_declaration"
        UNREADABLE = "unreadable"
        INVENTED = "invented"
        ABUSE = "abuse"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)  # keyed hash; key outside the database
    idempotency = models.BinaryField(max_length=32, unique=True)  # keyed hash
    mailbox_recipient = models.CharField(max_length=70)  # "" once the mailbox is erased
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
    handed_over = models.BooleanField(default=False)  # its commitments are with the public log
    received = models.BooleanField(default=False)  # they stand in a published R
    decided_on = models.DateField(null=True)
    manner = models.CharField(max_length=10, choices=Manner, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    first_accept = models.UUIDField(null=True)  # the doer who accepted first, where two are needed
    second_accept = models.UUIDField(null=True)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(  # RFC 2606: no production origin ends in .invalid
                condition=Q(sample=False) | Q(origin__contains=".invalid/"),
                name="declaration_sample_not_in_production",
            ),
            models.CheckConstraint(  # somebody else, and only after a first
                condition=Q(second_accept__isnull=True)
                | (Q(first_accept__isnull=False) & ~Q(second_accept=F("first_accept"))),
                name="declaration_two_persons",
            ),
            models.CheckConstraint(  # where a first was needed, the second was too
                condition=~Q(state="accepted")
                | Q(first_accept__isnull=True)
                | Q(second_accept__isnull=False),
                name="declaration_second_person_came",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(manner__in=["single", "cluster", "batch"]),
                name="declaration_manner_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(reason=""), name="declaration_reason_is_given"
            ),
            models.CheckConstraint(
                condition=Q(received=False) | Q(handed_over=True), name="declaration_handed_over"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "returned"]) | Q(decided_on__isnull=False),
                name="declaration_decided_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "day"], name="declaration_queue"),
            models.Index(fields=["day"], condition=Q(received=False), name="declaration_to_tell"),
        ]

    @property
    def size(self) -> int:
        """How many persons it declares."""
        return len(self.commitments) // COMMITMENT_BYTES

    @property
    def is_erased(self) -> bool:
        """Whether its mailbox is deleted for good."""
        return not self.mailbox_recipient

    def commitment(self, number: int) -> bytes:
        """Return the 32-byte commitment of a person, numbered from 1."""
        start = (number - 1) * COMMITMENT_BYTES
        return bytes(self.commitments[start : start + COMMITMENT_BYTES])

    def all_commitments(self) -> list[bytes]:
        """Return the commitments of all persons, in their order."""
        whole = bytes(self.commitments)
        steps = range(0, len(whole), COMMITMENT_BYTES)
        return [whole[at : at + COMMITMENT_BYTES] for at in steps]


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
    delivered = models.BooleanField(default=False)  # the proof of the leaf is in the mailbox

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["declaration", "number"], name="person_number_once"),
            models.CheckConstraint(
                condition=Q(leaf__isnull=False, not_counted="")
                | (Q(leaf__isnull=True) & ~Q(not_counted="")),
                name="person_counted_or_reason",
            ),
        ]


class RecallQuerySet(models.QuerySet["Recall"]):
    """Questions about many recalls."""

    def for_a_second(self) -> Self:
        """Keep those that one volunteer has asked for and nobody has confirmed."""
        return self.filter(correction=None)

    def for_a_batch(self) -> Self:
        """Keep those whose correction waits for the weekly publication."""
        return self.filter(correction__isnull=False, correction__index=None)


class Recall(models.Model):
    """A published person who shall count no longer: why, and who decided.

    Either the declarant alone, by withdrawing, or two doers one after the other. `correction`
    is the entry that says so to everybody, without the reason; `mail` the piece that opens it.
    """

    class Reason(models.TextChoices):
        """The true reason, which only the declarant's mail opens: as Person.NotCounted, or
        that they withdrew."""

        REPEAT = "repeat"
        DECEASED = "deceased"
        UNASKED = "unasked"
        TEST = "test"
        NOT_VOLUNTARY = "not_voluntary"
        WITHDRAWN = "withdrawn"

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.CASCADE, related_name="recall"
    )
    reason = models.CharField(max_length=16, choices=Reason)
    first = models.UUIDField()  # the doer who asked for it
    second = models.UUIDField(null=True)
    day = models.DateField()
    correction = models.OneToOneField(
        "transparency.Correction", null=True, on_delete=models.PROTECT, related_name="recall"
    )
    mail = models.ForeignKey("vault.Mail", null=True, on_delete=models.SET_NULL, related_name="+")
    told = models.BooleanField(default=False)  # the proof of the correction is in the mailbox

    objects = RecallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(second__isnull=True) | ~Q(second=F("first")), name="recall_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(correction__isnull=True)
                | Q(second__isnull=False)
                | Q(first=DECLARANT.id),
                name="recall_decided_by_two",
            ),
            models.CheckConstraint(
                condition=Q(first=DECLARANT.id, reason="withdrawn")
                | (~Q(first=DECLARANT.id) & ~Q(reason="withdrawn")),
                name="recall_withdrawn_by_declarant",
            ),
            models.CheckConstraint(
                condition=Q(told=False) | Q(correction__isnull=False), name="recall_told_of_entry"
            ),
        ]


class RequestQuerySet(models.QuerySet["Request"]):
    """Questions about many requests."""

    def waiting(self) -> Self:
        """Keep those that are not carried out."""
        return self.filter(done=False)


class Request(models.Model):
    """What a holder of the code asked for. The public door only adds; the office carries out."""

    class Kind(models.TextChoices):
        """What can be asked."""

        ANSWER = "answer"
        WITHDRAW = "withdraw"
        ERASE = "erase"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=Kind)
    sealed = models.BinaryField(null=True)
    ring_month = models.CharField(max_length=7, blank=True)
    day = models.DateField()
    done = models.BooleanField(default=False)

    objects = RequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(kind="withdraw"),
                name="request_withdraw_once",
            ),
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(kind="erase"), name="request_erase_once"
            ),
            models.UniqueConstraint(
                fields=["declaration"],
                condition=Q(kind="answer", done=False),
                name="request_one_open_answer",
            ),
        ]
