# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second volunteer's part: signing what another prepared. One transaction a certificate.

What is made is nowhere until that transaction ends, so that whatever dies in between, no number
and no place in a status list is used twice, nothing is issued twice and nothing is told twice. The
papers are made before it begins, since nobody else should wait for them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.certificates.actions.checking import locked, tell_link
from tuidang.registry.certificates.applied import Applied, Checked
from tuidang.registry.certificates.delivery import Packed
from tuidang.registry.certificates.errors import ApplicationGone, CertificateError
from tuidang.registry.certificates.issuing import Made, Maker
from tuidang.registry.certificates.keyed_hashes import number_hash
from tuidang.registry.certificates.lookup import kept_for_lookup
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.opened import OpenedApplication, check_sealed, open_sealed
from tuidang.registry.certificates.paper.errors import PaperError
from tuidang.registry.certificates.policies import check_can_sign
from tuidang.registry.declarations.errors import DeclarationError
from tuidang.registry.declarations.policies import check_can_be_told
from tuidang.registry.vault.actions import post, seal_to_ring
from tuidang.registry.vault.errors import VaultError
from tuidang.registry.vault.models import Mail, RingKey
from tuidang.registry.vault.unlocked import Unlocked

ATTEMPTS = 3
State = Application.State
# What keeps one certificate from being signed, and no other.
_OF_ONE = (CertificateError, DeclarationError, VaultError, PaperError)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate that was just issued, with its files: to be printed at a desk."""

    certificate: Certificate
    packed: Packed = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignReport:
    """How many were signed, and how many were left, by the code of what was in the way."""

    signed: int
    left: Mapping[str, int]


def sign(
    application_id: UUID, unlocked: Unlocked, *, by: Doer, day: date, maker: Maker | None = None
) -> Issued:
    """Issue the certificate of a prepared application, and put it into the holder's mailbox.

    One that it replaces is superseded. A walk-in whose days the log does not prove yet gets one
    that says so, and the dated one waits in the queue at once. Raises what `check_can_sign`
    raises, ApplicationGone, ApplicationBroken, NotDatedYet, OwnCheckFailed, IssuerKeysUnusable,
    declarations' MailboxErased, vault's Unopenable.
    """
    for attempt in range(ATTEMPTS):
        opened = _opened(application_id, unlocked, by)
        maker = maker or Maker()
        made = _make(opened, maker, day)
        try:
            return _store(opened, made, by=by, day=day)
        except IntegrityError:  # number or place was drawn by somebody else at this moment
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # pragma: no cover -- the loop returns or raises


def sign_many(
    application_ids: Iterable[UUID],
    unlocked: Unlocked,
    *,
    by: Doer,
    day: date,
    progress: Callable[[int], None] | None = None,
) -> SignReport:
    """Sign many, each by itself; what cannot be signed now is counted and left.

    `progress` is told how many were looked at.
    """
    maker, left, signed = Maker(), Counter[str](), 0
    for looked_at, application_id in enumerate(application_ids, 1):
        try:
            sign(application_id, unlocked, by=by, day=day, maker=maker)
            signed += 1
        except _OF_ONE as error:
            left[error.code] += 1
        if progress is not None:
            progress(looked_at)
    return SignReport(signed, dict(left))


def _opened(application_id: UUID, unlocked: Unlocked, by: Doer) -> OpenedApplication:
    row = Application.objects.select_related("declaration", "link").filter(pk=application_id)
    found = row.first()
    if found is None:
        raise ApplicationGone
    check_can_sign(found, by=by)
    check_can_be_told(found.declaration)
    opened = open_sealed(found, unlocked)
    check_sealed(found, opened.applied)
    return opened


def _make(opened: OpenedApplication, maker: Maker, day: date) -> Made:
    row, checked = opened.row, opened.checked
    if checked is None:
        raise ApplicationGone
    return maker.make(opened.applied, checked, number=row.number, day=day, may_follow=row.walk_in)


@transaction.atomic
def _store(opened: OpenedApplication, made: Made, *, by: Doer, day: date) -> Issued:
    """Write everything that follows from a signature, or nothing."""
    row = locked(opened.row.pk)
    check_can_sign(row, by=by)
    check_can_be_told(row.declaration)
    applied = opened.applied
    row.state, row.signer, row.decided_on = State.ISSUED, by.id, day
    row.save(update_fields=["state", "signer", "decided_on"])
    certificate = _certificate(row, made, by, day)
    _supersede(row, applied.replaces)
    if made.is_dated:
        tell_link(row, applied, day, made.link_proof)
    else:
        _dated_one_follows(row, applied, opened.checked, made.claims.number, day)
    mailbox, recipient = bytes(row.declaration.lookup), row.declaration.mailbox_recipient
    content = applied.second_word.lock(made.packed.to_bytes())
    post(mailbox, recipient, Mail.Kind.CERTIFICATE, content, day=day)
    record("sign_certificate", row.pk, by=by, day=day, dated=made.is_dated)
    return Issued(certificate, made.packed)


def _certificate(row: Application, made: Made, by: Doer, day: date) -> Certificate:
    if row.preparer is None:
        raise ApplicationGone
    triple, copy = kept_for_lookup(made.claims, made.cose)
    status_list, status_index = made.claims.status
    return Certificate.objects.create(
        application=row,
        number_hash=number_hash(made.claims.number),
        triple=triple,
        copy=copy,
        status_list=status_list,
        status_index=status_index,
        issued_on=day,
        preparer=row.preparer,
        signer=by.id,
        dated=made.is_dated,
    )


def _supersede(row: Application, number: str) -> None:
    """Mark the certificate of the same person that this one replaces, if it is valid still."""
    if number:
        Certificate.objects.filter(
            number_hash=number_hash(number),
            state=Certificate.State.VALID,
            application__declaration=row.declaration_id,
            application__number=row.number,
        ).update(state=Certificate.State.SUPERSEDED, reason=Certificate.Revocation.CORRECTED)


def _dated_one_follows(
    row: Application, applied: Applied, checked: Checked | None, number: str, day: date
) -> None:
    """Let the certificate with the proven days wait for its signature, in place of this one."""
    if checked is None:
        raise ApplicationGone
    ring, again = RingKey.Ring.CERTIFICATES, replace(applied, replaces=number)
    month, sealed = seal_to_ring(again.to_json(), day=day, ring=ring)
    _, prepared = seal_to_ring(checked.to_json(), day=day, ring=ring)
    Application.objects.create(
        declaration=row.declaration,
        number=row.number,
        day=day,
        urgency=row.urgency,
        language=row.language,
        sealed=sealed,
        ring_month=month,
        prepared=prepared,
        prepared_month=month,
        state=State.PREPARED,
        link=row.link,
        linked_mail=row.linked_mail,
        preparer=row.preparer,
    )
