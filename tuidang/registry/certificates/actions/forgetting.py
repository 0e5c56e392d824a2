# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the timetable carries out and deletes. Nothing here opens anything.

Audit rows and the bare facts stay: who decided, on which day, and a certificate's place in its
status list.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import DECLARANT, REGISTRY
from tuidang.registry.certificates.actions.checking import close, locked
from tuidang.registry.certificates.actions.revoking import revoke_certificate
from tuidang.registry.certificates.models import (
    Application,
    Certificate,
    Erasure,
    Pickup,
    Reply,
    Withdrawal,
)
from tuidang.registry.declarations.actions.forgetting import REFUSED_DAYS
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.models import Mail

SEALED_DAYS = 30
PICKUP_DAYS = 90
State = Application.State


def carry_out(*, day: date) -> int:
    """Carry out what holders asked for: withdrawals, erasures, used pick-ups; return how many.

    Open applications of a declaration that is withdrawn or rejected end too, and with an erased
    mailbox goes what was sealed to the office about its holder.
    """
    return _withdraw(day) + _end_of_declarations(day) + _end_of_mailboxes(day) + _erase(day)


@transaction.atomic
def forget(*, day: date) -> int:
    """Delete what was sealed for decided applications after 30 days, pick-ups after 90.

    Applications of a declaration that is about to be deleted go with it, at once. Returns how many
    of all.
    """
    gone = _forget_with_declarations(day)
    decided = [State.ISSUED, State.REFUSED, State.WITHDRAWN]
    before = day - timedelta(days=SEALED_DAYS)
    over = Application.objects.filter(state__in=decided, decided_on__lt=before)
    for row in over.filter(replies__isnull=False).distinct():
        row.replies.all().delete()
    unsealed = over.filter(sealed__isnull=False).update(sealed=None, prepared=None)
    lapsed, _ = Pickup.objects.filter(day__lt=day - timedelta(days=PICKUP_DAYS)).delete()
    if gone or unsealed or lapsed:
        facts = {"deleted": gone, "sealed": unsealed, "pickups": lapsed}
        record("forget_certificates", None, by=REGISTRY, day=day, **facts)
    return gone + unsealed + lapsed


def _forget_with_declarations(day: date) -> int:
    """Delete the applications of declarations that go; nobody could find their certificates then.

    So those that no volunteer has revoked yet are revoked.
    """
    ended = Declaration.objects.to_forget(refused_before=day - timedelta(days=REFUSED_DAYS))
    applications = Application.objects.filter(declaration__in=ended)
    valid = Certificate.objects.filter(
        application__in=applications, state=Certificate.State.VALID
    ).values_list("pk", flat=True)
    for certificate_id in list(valid):
        reason = Certificate.Revocation.DECLARATION_WITHDRAWN
        revoke_certificate(certificate_id, reason, by=REGISTRY, day=day)
    gone, _ = applications.delete()
    return gone


def _withdraw(day: date) -> int:
    done = 0
    for application_id in list(Withdrawal.objects.values_list("application_id", flat=True)):
        done += _withdraw_one(application_id, day)
    return done


@transaction.atomic
def _withdraw_one(application_id: UUID, day: date) -> bool:
    """Withdraw one that is open still; the wish goes either way."""
    row = locked(application_id)
    Withdrawal.objects.filter(application=row).delete()
    return _end(row, day)


def _end(row: Application, day: date) -> bool:
    """End a locked application; nothing that was sealed for it is of use any more."""
    if row.state not in (State.WAITING, State.PREPARED):
        return False
    close(row, State.WITHDRAWN, day)
    row.sealed = row.prepared = None
    row.save(update_fields=["sealed", "prepared"])
    row.replies.all().delete()
    record("withdraw_application", row.pk, by=DECLARANT, day=day)
    return True


def _end_of_declarations(day: date) -> int:
    ended = [Declaration.State.WITHDRAWN, Declaration.State.REJECTED]
    rows = Application.objects.open().filter(declaration__state__in=ended)
    done = 0
    for application_id in list(rows.values_list("pk", flat=True)):
        with transaction.atomic():
            done += _end(locked(application_id), day)
    return done


def _end_of_mailboxes(day: date) -> int:
    """Nothing can be delivered any more, and the holder wanted nothing kept."""
    erased = Application.objects.filter(declaration__mailbox_recipient="")
    done = 0
    for application_id in list(erased.open().values_list("pk", flat=True)):
        with transaction.atomic():
            done += _end(locked(application_id), day)
    Reply.objects.filter(application__in=erased).delete()
    kept = Application.objects.filter(pk__in=list(erased.values_list("pk", flat=True)))
    return done + kept.filter(sealed__isnull=False).update(sealed=None, prepared=None)


@transaction.atomic
def _erase(day: date) -> int:
    """Delete pieces that are to leave their mailbox, and what used pick-ups held.

    That a pick-up was used stays for its days: whoever comes second has to be told.
    """
    pieces = list(Erasure.objects.values_list("mail_id", flat=True))
    Mail.objects.filter(pk__in=pieces).delete()
    used = Pickup.objects.filter(picked_up__isnull=False).exclude(sealed=b"").update(sealed=b"")
    if pieces:
        record("erase_certificates", None, by=DECLARANT, day=day, pieces=len(pieces))
    return len(pieces) + used
