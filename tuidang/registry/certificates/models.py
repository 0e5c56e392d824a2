# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applications, sealed, the certificates that came of them, and how they are handed over.

This room must never hold a legal name, a birth date, an alias or a certificate's number in the
clear, nor show from which certificate a corrected one comes.
"""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q

# What the public door may read of an application: never what is sealed, nor who decided.
PUBLIC_COLUMNS = (
    "id",
    "declaration_id",
    "number",
    "day",
    "urgency",
    "state",
    "reason",
    "decided_on",
)


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Questions about many applications."""

    def public(self) -> Self:
        """Load only what the public door may read."""
        return self.only(*PUBLIC_COLUMNS)

    def open(self) -> Self:
        """Keep those that are neither issued nor refused nor withdrawn."""
        return self.filter(state__in=[Application.State.WAITING, Application.State.PREPARED])

    def to_check(self) -> Self:
        """Keep those whose identity check is still to be recorded, the most urgent first."""
        return self.filter(state=Application.State.WAITING).order_by("urgency", "day", "id")

    def to_sign(self) -> Self:
        """Keep those that wait for a second volunteer, the most urgent first."""
        return self.filter(state=Application.State.PREPARED).order_by("urgency", "day", "id")


class Application(models.Model):
    """One person of one declaration for whom a certificate is asked, sealed to the ring.

    `sealed` holds what was applied for and `prepared` what was checked; both are empty once
    their time has passed. `link` is the L entry, which a corrected certificate shares with the
    one before.
    """

    class State(models.TextChoices):
        """How far an application has come."""

        WAITING = "waiting"
        PREPARED = "prepared"  # identity check recorded; waits for the log and a second volunteer
        ISSUED = "issued"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    class Urgency(models.IntegerChoices):
        """A coarse bucket; the date itself is sealed."""

        WEEK = 1
        MONTH = 2
        LATER = 3

    class Refusal(models.TextChoices):
        """Why there is no certificate: a closed list."""

        NOT_THE_PERSON = "not_the_person"
        NAME_DIFFERS = "name_differs"
        NOT_ACCEPTED = "not_accepted"
        LINKED_BEFORE = "linked_before"
        UNREADABLE = "unreadable"
        ABUSE = "abuse"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        "declarations.Declaration", on_delete=models.PROTECT, related_name="applications"
    )
    number = models.PositiveSmallIntegerField()  # of the person in the declaration, from 1
    day = models.DateField()  # applied on
    urgency = models.PositiveSmallIntegerField(choices=Urgency)
    language = models.CharField(max_length=7)
    walk_in = models.BooleanField(default=False)  # declared, applied and checked in one visit
    sealed = models.BinaryField(null=True)
    ring_month = models.CharField(max_length=7)
    prepared = models.BinaryField(null=True)
    prepared_month = models.CharField(max_length=7, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    link = models.ForeignKey(
        "transparency.Link", null=True, on_delete=models.PROTECT, related_name="applications"
    )
    linked_mail = models.ForeignKey(  # what tells the holder of the link
        "vault.Mail", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    preparer = models.UUIDField(null=True)  # doers
    signer = models.UUIDField(null=True)
    decided_on = models.DateField(null=True)
    reason = models.CharField(max_length=16, choices=Refusal, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "urgency", "day"], name="certificate_queue"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration", "number"],
                condition=Q(state__in=["waiting", "prepared"]),
                name="application_one_open_a_person",
            ),
            models.CheckConstraint(
                condition=Q(urgency__in=[1, 2, 3]), name="application_urgency_known"
            ),
            models.CheckConstraint(
                condition=Q(signer__isnull=True)
                | (Q(preparer__isnull=False) & ~Q(signer=F("preparer"))),
                name="application_two_persons",
            ),
            models.CheckConstraint(
                condition=~Q(state="prepared") | Q(preparer__isnull=False),
                name="application_prepared_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(signer__isnull=False),
                name="application_issued_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="issued") | Q(walk_in=True) | Q(link__isnull=False),
                name="application_issued_with_link",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="application_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "prepared"]) | Q(decided_on__isnull=False),
                name="application_decided_on_a_day",
            ),
        ]


class Withdrawal(models.Model):
    """An applicant's wish that an application be withdrawn; the timetable carries it out."""

    application = models.OneToOneField(
        Application, primary_key=True, on_delete=models.CASCADE, related_name="withdrawal"
    )
    day = models.DateField()


class Reply(models.Model):
    """What an applicant wrote back to the certificate office, sealed to its ring."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="replies")
    day = models.DateField()
    sealed = models.BinaryField()
    ring_month = models.CharField(max_length=7)


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Questions about many certificates."""

    def not_valid(self) -> Self:
        """Keep those that a status list has to tell of."""
        return self.exclude(state=Certificate.State.VALID)


class Certificate(models.Model):
    """One certificate, without what it says: its place in a status list, and its state.

    `number_hash` and `triple` are keyed hashes, whose keys lie outside the database: of the
    number, and of number, family name and birth date. `copy` is the certificate, sealed under
    a key that only those three give. Which one was superseded by which stands nowhere.
    """

    class State(models.IntegerChoices):
        """What a status list says, two bits (certificates spec, section 3)."""

        VALID = 0
        REVOKED = 1
        SUPERSEDED = 3

    class Revocation(models.TextChoices):
        """Why a certificate is revoked: a closed list. Superseding has the first."""

        CORRECTED = "corrected"
        HOLDER_ASKED = "holder_asked"
        IDENTITY_WRONG = "identity_wrong"
        NOT_VOLUNTARY = "not_voluntary"
        DECLARATION_WITHDRAWN = "declaration_withdrawn"
        ISSUED_IN_ERROR = "issued_in_error"
        KEY_COMPROMISED = "key_compromised"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.OneToOneField(
        Application, null=True, on_delete=models.SET_NULL, related_name="certificate"
    )
    number_hash = models.BinaryField(max_length=32, unique=True)
    triple = models.BinaryField(max_length=32, null=True, unique=True)
    copy = models.BinaryField(null=True)
    status_list = models.PositiveIntegerField()
    status_index = models.PositiveIntegerField()
    state = models.PositiveSmallIntegerField(choices=State, default=State.VALID)
    reason = models.CharField(max_length=24, choices=Revocation, blank=True)
    issued_on = models.DateField()
    preparer = models.UUIDField()
    signer = models.UUIDField()
    dated = models.BooleanField()  # False: "date proof follows"

    objects = CertificateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="certificate_status_place_once"
            ),
            models.CheckConstraint(
                condition=Q(status_index__lt=2**20), name="certificate_status_index_in_list"
            ),
            models.CheckConstraint(
                condition=~Q(signer=F("preparer")), name="certificate_two_persons"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[0, 1, 3]), name="certificate_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=0, reason="")
                | Q(state=3, reason="corrected")
                | (Q(state=1) & ~Q(reason__in=["", "corrected"])),
                name="certificate_reason_is_given",
            ),
            models.CheckConstraint(
                condition=Q(triple__isnull=True, copy__isnull=True)
                | Q(triple__isnull=False, copy__isnull=False),
                name="certificate_looked_up_whole",
            ),
        ]


class Pickup(models.Model):
    """A certificate sealed to a one-time code, for somebody other than the holder.

    `lookup` is the keyed hash of what the code gives, as a declaration's is.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lookup = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    day = models.DateField()


class PickedUp(models.Model):
    """That a pick-up code was used: it works once, then the timetable deletes what it opens."""

    pickup = models.OneToOneField(
        Pickup, primary_key=True, on_delete=models.CASCADE, related_name="picked_up"
    )


class Erasure(models.Model):
    """A holder's wish that a certificate leaves their mailbox; the timetable carries it out."""

    mail = models.OneToOneField(
        "vault.Mail", primary_key=True, on_delete=models.CASCADE, related_name="erasure"
    )
    day = models.DateField()
