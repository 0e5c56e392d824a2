# SPDX-License-Identifier: AGPL-3.0-or-later
"""What waits in the certificate office: by urgency, from outside.

Nothing is opened here, so nothing here can show a name; opening one application is a deed of its
own, which the audit keeps.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q

from tuidang.registry.certificates.models import (
    Application,
    ApplicationQuerySet,
    Certificate,
    Reply,
    Withdrawal,
)
from tuidang.registry.certificates.policies import UNCERTIFIABLE
from tuidang.registry.declarations.models import Declaration, Recall, Request
from tuidang.registry.transparency.models import Batch
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.unlocked import Unlocked

State = Application.State
# A corrected person whose certificate says what is no longer so; who died or declared twice has
# still declared.
_UNTRUE = (Recall.Reason.NOT_VOLUNTARY, Recall.Reason.TEST, Recall.Reason.UNASKED)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One application that waits. `state` is waiting (for its check) or prepared (for signing).

    `waits_for` says what keeps a prepared one from being signed: `acceptance` of the declaration,
    the `log`, or nothing. `closed`: these keys do not open it. `preparer` cannot sign.
    """

    id: UUID
    number: int
    day: date
    urgency: int
    state: str
    language: str
    walk_in: bool
    replies: int
    closed: bool
    waits_for: str
    preparer: UUID | None


@dataclass(frozen=True, slots=True)
class Flagged:
    """A valid certificate whose declaration is withdrawn, or counts no longer: `why` says which."""

    id: UUID
    issued_on: date
    why: str


def queue(unlocked: Unlocked) -> list[QueueItem]:
    """Return all that waits: to check, then to sign, each the most urgent first."""
    months = {month for ring, month in unlocked.keys if ring == RingKey.Ring.CERTIFICATES}
    rows = [*_waiting(Application.objects.to_check()), *_waiting(Application.objects.to_sign())]
    undone, replies = _undone(), _replies()
    return [
        QueueItem(
            id=row.pk,
            number=row.number,
            day=row.day,
            urgency=row.urgency,
            state=row.state,
            language=row.language,
            walk_in=row.walk_in,
            replies=replies[row.pk],
            closed=not {row.ring_month, row.prepared_month} - {""} <= months,
            waits_for=waits_for(row, undone),
            preparer=row.preparer,
        )
        for row in rows
    ]


def to_sign() -> list[UUID]:
    """Return the prepared applications that nothing keeps from being signed, in their order."""
    undone = _undone()
    rows = _waiting(Application.objects.to_sign())
    return [row.pk for row in rows if not waits_for(row, undone)]


def waits_for(row: Application, undone: Collection[UUID] | None = None) -> str:
    """Say what keeps a prepared application from being signed, nothing if nothing does.

    `undone` are the applications that rest on nothing any more, where the caller knows them.
    """
    if row.state != State.PREPARED:
        return ""
    if row.declaration.state != Declaration.State.ACCEPTED:
        return "acceptance"
    if row.pk in (_undone() if undone is None else undone):
        return "acceptance"
    return "" if row.walk_in or _is_dated(row) else "log"


def flagged() -> list[Flagged]:
    """Return the valid certificates that a volunteer should look at again, oldest first."""
    valid = Certificate.objects.filter(state=Certificate.State.VALID)
    undone = valid.exclude(application__declaration__state=Declaration.State.ACCEPTED)
    found = {
        row.pk: Flagged(row.pk, row.issued_on, "declaration_withdrawn")
        for row in undone.exclude(application=None)
    }
    recalls = Recall.objects.filter(reason__in=_UNTRUE, correction__isnull=False)
    for declaration_id, number, reason in recalls.values_list(
        "person__declaration_id", "person__number", "reason"
    ):
        about = Q(application__declaration=declaration_id, application__number=number)
        for row in valid.filter(about):
            found.setdefault(row.pk, Flagged(row.pk, row.issued_on, reason))
    return sorted(found.values(), key=lambda each: (each.issued_on, each.id))


def _waiting(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    leaving = Withdrawal.objects.values("application_id")
    rows = rows.exclude(pk__in=leaving).select_related("declaration", "link__batch")
    return rows.defer("sealed", "prepared", "declaration__sealed", "declaration__packet")


def _undone() -> set[UUID]:
    """Return the prepared applications whose declaration somebody asked to withdraw, a minute ago
    at most, and those whose person is recorded and not counted."""
    rows = Application.objects.filter(state=State.PREPARED)
    asked = Request.objects.waiting().filter(kind=Request.Kind.WITHDRAW)
    found = set(
        rows.filter(declaration__in=asked.values("declaration")).values_list("pk", flat=True)
    )
    person = Q(declaration__persons__number=F("number"))
    uncounted = Q(declaration__persons__not_counted__in=UNCERTIFIABLE)
    uncounted |= Q(
        declaration__persons__recall__reason__in=UNCERTIFIABLE,
        declaration__persons__recall__correction__isnull=False,
    )
    return found | set(rows.filter(person & uncounted).values_list("pk", flat=True))


def _replies() -> Counter[UUID]:
    """Count the replies to applications that are open."""
    rows = Reply.objects.filter(application__in=Application.objects.open())
    return Counter(rows.values_list("application_id", flat=True))


def _is_dated(row: Application) -> bool:
    """Say whether R and L both stand in the published log."""
    batch = row.link.batch if row.link else None
    return row.declaration.received and batch is not None and batch.state == Batch.State.PUBLISHED
