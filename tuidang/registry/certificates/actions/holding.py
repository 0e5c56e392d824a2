# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a receipt code sees of applications, and asks about them.

Runs in the public process with its few rights: it reads public columns and adds rows; what was
asked for is carried out by the timetable. Nothing here opens what was sealed to the office.
"""

import json
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_high
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count

from tuidang.pure.receipt import contains_code
from tuidang.registry.certificates.errors import ApplicationGone, TextUnfit
from tuidang.registry.certificates.models import Application, Certificate, Reply, Withdrawal
from tuidang.registry.certificates.policies import check_can_reply, check_is_open
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.actions import seal_to_ring
from tuidang.registry.vault.models import RingKey

MAX_TEXT = 2_000
MEDIAN_OVER = timedelta(days=90)
MEDIAN_FROM = 5  # fewer would tell of single persons
State = Application.State
_ENDED = {
    Certificate.State.REVOKED.value: "revoked",
    Certificate.State.SUPERSEDED.value: "superseded",
}


@dataclass(frozen=True, slots=True)
class ApplicationState:
    """One application from outside. `state` is one of Application.State, `reason` of its Refusal.

    `open`: it waits for somebody, and takes replies and a withdrawal. `ended`: the certificate was
    `revoked` or `superseded` since; empty while it holds, and where there is none.
    """

    id: UUID
    number: int
    day: date
    urgency: int
    state: str
    reason: str
    decided_on: date | None
    open: bool
    ended: str = ""


def applications_of(declaration: Declaration) -> list[ApplicationState]:
    """Return the applications of a declaration by person and day; what was asked for shows."""
    rows = Application.objects.public().filter(declaration=declaration.pk)
    found = list(rows.order_by("number", "day", "id"))
    leaving = set(
        Withdrawal.objects.filter(application__in=found).values_list("application_id", flat=True)
    )
    states = Certificate.objects.filter(application__in=found).values_list(
        "application_id", "state"
    )
    ended = {row: _ENDED[state] for row, state in states if state in _ENDED}
    return [_state(row, leaving=row.pk in leaving, ended=ended.get(row.pk, "")) for row in found]


def reply(declaration: Declaration, application_id: UUID, text: str, *, day: date) -> None:
    """Write to the certificate office about an open application, sealed to its ring.

    Raises ApplicationGone, ApplicationDecided, TooManyReplies, TextUnfit, vault's NoRecipient.
    """
    application = _own(declaration, application_id)
    check_can_reply(application)
    content = json.dumps({"reply": checked_text(text)}).encode()
    month, sealed = seal_to_ring(content, day=day, ring=RingKey.Ring.CERTIFICATES)
    Reply.objects.create(application=application, day=day, sealed=sealed, ring_month=month)


def withdraw_application(declaration: Declaration, application_id: UUID, *, day: date) -> None:
    """Ask that an open application be withdrawn; asking twice is the same as once.

    Raises ApplicationGone and ApplicationDecided.
    """
    application = _own(declaration, application_id)
    if Withdrawal.objects.filter(application=application).exists():
        return
    check_is_open(application)
    try:
        with transaction.atomic():
            Withdrawal.objects.create(application=application, day=day)
    except IntegrityError:
        pass  # asked already, perhaps by the other half of a double click


def median_days(*, day: date) -> dict[int, int | None]:
    """Return, for each urgency, in how many days half of the last 90 days' were issued.

    None where there were fewer than five.
    """
    since = day - MEDIAN_OVER
    issued = Application.objects.filter(state=State.ISSUED, decided_on__gte=since)
    waited: dict[int, list[int]] = defaultdict(list)
    columns = issued.order_by().values_list("urgency", "day", "decided_on")
    for urgency, applied, decided, rows in columns.annotate(rows=Count("id")):
        if decided is not None:  # counted by the database: anybody may ask, as often as they like
            waited[urgency] += [(decided - applied).days] * rows
    return {
        urgency: median_high(waited[urgency]) if len(waited[urgency]) >= MEDIAN_FROM else None
        for urgency in Application.Urgency.values
    }


def checked_text(text: str) -> str:
    """Return a text of 1 to 2,000 characters without outer white space, or raise TextUnfit."""
    plain = text.replace("\r\n", "\n").strip()
    broken = any(s not in "\n\t" and unicodedata.category(s) in {"Cc", "Cs", "Co"} for s in plain)
    if not 1 <= len(plain) <= MAX_TEXT or broken or contains_code(plain):
        raise TextUnfit
    return plain


def _own(declaration: Declaration, application_id: UUID) -> Application:
    """Find an application among those of this declaration alone."""
    rows = Application.objects.public().filter(declaration=declaration.pk, pk=application_id)
    found = rows.first()
    if found is None:
        raise ApplicationGone
    return found


def _state(row: Application, *, leaving: bool, ended: str) -> ApplicationState:
    waits = row.state in (State.WAITING, State.PREPARED)
    return ApplicationState(
        id=row.pk,
        number=row.number,
        day=row.day,
        urgency=row.urgency,
        state=State.WITHDRAWN.value if waits and leaving else row.state,
        reason=row.reason,
        decided_on=row.decided_on,
        open=waits and not leaving,
        ended=ended,
    )
