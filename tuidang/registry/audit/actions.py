# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing the audit: rows as deeds are done, and a head that the public log carries.

Rows are not chained one by one, since that would make every deed wait for every other. The
head of a batch is the hash of the head before it and of the rows since, in ascending order of
their digests: an operator who later changes, adds or removes a row under a published head is
found out by anyone who is shown the rows. This room must never hold what was decided about
whom, only that it was.
"""

import hashlib
from datetime import date
from uuid import UUID

from django.db import transaction

from tuidang.registry.audit.doers import Doer
from tuidang.registry.audit.errors import AuditBroken
from tuidang.registry.audit.models import DOMAIN, AuditHead, AuditRow

Fact = str | int | bool | None


def record(verb: str, subject: UUID | None, *, by: Doer, day: date, **facts: Fact) -> AuditRow:
    """Write one row. Call it inside the deed's transaction; facts are codes and counts only."""
    return AuditRow.objects.create(
        day=day, doer=by.id, verb=verb, subject=subject, facts=dict(facts)
    )


@transaction.atomic
def close_head(number: int) -> bytes:
    """Return the 32-byte head over all rows so far and keep it under the batch's number.

    Numbers rise. Rows that are being written at this moment fall under the next head.
    """
    before = AuditHead.objects.filter(number__lt=number).order_by("-number").first()
    AuditRow.objects.filter(closed_by=None).update(closed_by=number)
    head, rows = _compute(number, bytes(before.head) if before else b"")
    AuditHead.objects.create(number=number, rows=rows, head=head)
    return head


def check_heads() -> int:
    """Recompute every head from the rows and return how many hold; raise AuditBroken at the first
    that does not. That the heads are those in the public log is for the caller to compare.
    """
    before = b""
    heads = AuditHead.objects.order_by("number")
    for kept in heads:
        if _compute(kept.number, before) != (bytes(kept.head), kept.rows):
            raise AuditBroken(kept.number)
        before = bytes(kept.head)
    return len(heads)


def _compute(number: int, before: bytes) -> tuple[bytes, int]:
    digests = sorted(row.digest() for row in AuditRow.objects.filter(closed_by=number).iterator())
    return hashlib.sha256(DOMAIN + before + b"".join(digests)).digest(), len(digests)
