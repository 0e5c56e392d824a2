# SPDX-License-Identifier: AGPL-3.0-or-later
"""An application as a volunteer reads it, after the certificate ring is unlocked.

It lives for one answer and must never be stored, logged or cached.
"""

import json
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from tuidang.pure.ledger.commitments import BIRTH_DATE, HOLDER_SIGNATURE, LEGAL_NAME
from tuidang.pure.ledger.commitments import LINKED_COMMITMENT as LEAF
from tuidang.pure.ledger.links import nullifier, verify_link
from tuidang.pure.merkle.errors import FormatError
from tuidang.registry.certificates.applied import Applied, Checked
from tuidang.registry.certificates.errors import ApplicationBroken, ApplicationGone
from tuidang.registry.certificates.models import Application
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.unlocked import Unlocked


@dataclass(frozen=True, slots=True)
class OpenedApplication:
    """What was applied for, what was checked so far, and what the applicant wrote; by day."""

    row: Application
    applied: Applied = field(repr=False)
    checked: Checked | None = field(repr=False)
    replies: tuple[tuple[date, str], ...] = field(repr=False)


def open_sealed(row: Application, unlocked: Unlocked) -> OpenedApplication:
    """Open an application with its replies.

    Raises ApplicationGone if what it held is deleted, vault's Unopenable without the month's key.
    """
    if row.sealed is None:
        raise ApplicationGone
    applied = Applied.from_json(_unseal(unlocked, row.ring_month, row.sealed))
    checked = None
    if row.prepared is not None:
        checked = Checked.from_json(_unseal(unlocked, row.prepared_month, row.prepared))
    replies = tuple(
        (each.day, json.loads(_unseal(unlocked, each.ring_month, each.sealed))["reply"])
        for each in row.replies.order_by("day", "id")
    )
    return OpenedApplication(row, applied, checked, replies)


def check_sealed(row: Application, applied: Applied) -> None:
    """Check that the holder of this very person's leaf signed this link, and that no organisation
    is to be named that was not declared; ApplicationBroken.

    The public process made it all; what it got wrong, or what was exchanged in the database, must
    not reach the log.
    """
    commitment, link = row.declaration.commitment(row.number), applied.l_opening
    try:
        applied.d_opening.verify(settings.ORIGIN, commitment)
        link.verify(settings.ORIGIN, link.commitment(settings.ORIGIN))
        said = [link.value(each) for each in (LEAF, LEGAL_NAME, BIRTH_DATE)]
        name, born = applied.legal_name, applied.birth_digits
        verify_link(applied.holder, link.value(HOLDER_SIGNATURE), commitment, name, born)
    except FormatError as error:
        raise ApplicationBroken from error
    wanted = [commitment, name.encode("ascii"), born.encode("ascii")]
    more_orgs = applied.orgs & ~applied.declared_orgs
    own_nullifier = nullifier(commitment, applied.holder)
    if said != wanted or applied.nullifier != own_nullifier or more_orgs:
        raise ApplicationBroken


def _unseal(unlocked: Unlocked, month: str, sealed: bytes | memoryview) -> bytes:
    return unlocked.unseal(month, bytes(sealed), RingKey.Ring.CERTIFICATES)
