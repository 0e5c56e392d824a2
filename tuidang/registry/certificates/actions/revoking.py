# SPDX-License-Identifier: AGPL-3.0-or-later
"""Revoking: the status list says so from its next publication on, and to everybody alike.

Nothing takes it back. Who holds a revoked certificate for good reason applies for another.
"""

from datetime import date
from uuid import UUID

from django.db import transaction

from tuidang.pure.credential.numbers import NumberError, read_number
from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.certificates.errors import NumberUnknown
from tuidang.registry.certificates.keyed_hashes import number_hash
from tuidang.registry.certificates.models import Certificate
from tuidang.registry.certificates.policies import check_can_revoke


def revoke(number: str, reason: str, *, by: Doer, day: date) -> Certificate:
    """Revoke a certificate by its number, as somebody types it.

    `reason` is one of Certificate.Revocation but not `corrected`. Raises NumberUnknown, also for a
    slip of the pen, NotValidAnyMore, ValueError for another reason.
    """
    return revoke_certificate(find_certificate(number).pk, reason, by=by, day=day)


@transaction.atomic
def revoke_certificate(certificate_id: UUID, reason: str, *, by: Doer, day: date) -> Certificate:
    """Revoke a certificate that the queue shows; raises as `revoke`."""
    reason = Certificate.Revocation(reason).value
    if reason == Certificate.Revocation.CORRECTED:
        raise ValueError("a correction supersedes")
    row = Certificate.objects.select_for_update().filter(pk=certificate_id).first()
    if row is None:
        raise NumberUnknown
    check_can_revoke(row)
    row.state, row.reason = Certificate.State.REVOKED, reason
    row.save(update_fields=["state", "reason"])
    record("revoke_certificate", row.pk, by=by, day=day, reason=reason)
    return row


def find_certificate(number: str) -> Certificate:
    """Return the certificate of a number, as somebody types it; raises NumberUnknown."""
    try:
        hashed = number_hash(read_number(number))
    except NumberError as error:
        raise NumberUnknown from error
    found = Certificate.objects.filter(number_hash=hashed).first()
    if found is None:
        raise NumberUnknown
    return found
