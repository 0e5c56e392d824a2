# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing the audit: rows as deeds are done, and a head that the public log carries.

Rows are not chained one by one, since that would make every deed wait for every other. The
head of a batch is the hash of all rows so far in ascending order of their digests, so an
operator who later changes, adds or removes a row of a sealed day can be shown to have done so.
"""

import hashlib
from datetime import date
from uuid import UUID

from django.db import transaction

from tuidang.registry.audit.doers import Doer
from tuidang.registry.audit.models import DOMAIN, AuditHead, AuditRow

Fact = str | int | bool | None


def record(verb: str, subject: UUID | None, *, by: Doer, day: date, **facts: Fact) -> AuditRow:
    """Write one row. Call it inside the deed's transaction; facts are codes and counts only."""
    return AuditRow.objects.create(
        day=day, doer=by.id, verb=verb, subject=subject, facts=dict(facts)
    )


@transaction.atomic
def close_head(number: int) -> bytes:
    """Return the 32-byte head over all rows so far and keep it under the batch's number."""
    digests = sorted(row.digest() for row in AuditRow.objects.iterator())
    head = hashlib.sha256(DOMAIN + b"".join(digests)).digest()
    AuditHead.objects.create(number=number, rows=len(digests), head=head)
    return head
