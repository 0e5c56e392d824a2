# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deleting what has had its time (intake spec, section 3). The audit rows of decisions stay."""

from datetime import date, timedelta

from django.db import transaction

from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.vault.models import Mail

REFUSED_DAYS = 30
SEALED_DAYS = 90


@transaction.atomic
def forget(*, day: date) -> tuple[int, int]:
    """Delete refused declarations after 30 days and sealed texts of accepted ones after 90.

    Returns how many of each. The row, the packet and the leaves of an accepted one stay. Where
    the mailbox is erased, the text goes on the day after the decision.
    """
    refused = _delete_refused(day - timedelta(days=REFUSED_DAYS))
    unsealed = _delete_sealed(day)
    if refused or unsealed:
        record("forget", None, by=REGISTRY, day=day, refused=refused, sealed=unsealed)
    return refused, unsealed


def _delete_refused(before: date) -> int:
    due = Declaration.objects.to_forget(refused_before=before)
    rows = list(due.values_list("id", "lookup"))
    for row_id, lookup in rows:
        Mail.objects.filter(mailbox=lookup).delete()
        Declaration.objects.filter(id=row_id).delete()
    return len(rows)


def _delete_sealed(day: date) -> int:
    before = day - timedelta(days=SEALED_DAYS)
    found = Declaration.objects.to_unseal_no_more(accepted_before=before, erased_before=day)
    due = Declaration.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
    Request.objects.filter(declaration__in=due).update(sealed=None)
    return due.update(sealed=None)
