# SPDX-License-Identifier: AGPL-3.0-or-later
"""A place in a status list for a new certificate: random, and nobody else's.

At random, so that no place tells how many certificates came before it. A list is left half full:
then nearly every second place that is drawn is free.
"""

import secrets

from django.db.models import Max

from tuidang.pure.credential.claim_rules import STATUS_ENTRIES
from tuidang.registry.certificates.models import Certificate

FULL = STATUS_ENTRIES // 2


def free_place() -> tuple[int, int]:
    """Return list and index of a place that no certificate has."""
    number = _list()
    while True:
        index = secrets.randbelow(STATUS_ENTRIES)
        if not Certificate.objects.filter(status_list=number, status_index=index).exists():
            return number, index


def _list() -> int:
    last = Certificate.objects.aggregate(last=Max("status_list"))["last"]
    if last is None:
        return 0
    taken = Certificate.objects.filter(status_list=last).count()
    return int(last) + (taken >= FULL)
