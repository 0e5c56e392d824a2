# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a certificate will say: the same claims for those who look at it first and for signing.

A draft carries a number that no certificate has. Nothing here may sign, store, or give a day
that the log does not show without saying so.
"""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from tuidang.pure.credential.claims import Claims, IdentityCheck, NoLaterThan
from tuidang.pure.credential.numbers import RANDOM_BYTES, number_from
from tuidang.registry.certificates.applied import Applied
from tuidang.registry.certificates.errors import NotDatedYet, OwnCheckFailed
from tuidang.registry.certificates.opened import OpenedApplication
from tuidang.registry.certificates.proving import ProvenDays, Prover, installed_bundle
from tuidang.registry.transparency.errors import NotPublished
from tuidang.registry.transparency.proofs import received_proof
from tuidang.verify.certificate.heads import open_head
from tuidang.verify.certificate.trust import Bundle
from tuidang.verify.errors import ProofContradicts

SAMPLE_NUMBER = number_from(bytes(RANDOM_BYTES))
_NOWHERE = (0, 0)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a certificate would say today. `proven`: the log shows its days already; where not,
    those that are missing are set to today's."""

    claims: Claims = field(repr=False)
    proven: bool


def draft(opened: OpenedApplication, check: IdentityCheck, *, day: date) -> Draft:
    """Return what the certificate of an application would say with this identity check.

    Raises OwnCheckFailed where a stored checkpoint is not one that strangers know, and
    FileNotFoundError or TrustError without a trust bundle.
    """
    applied, bundle = opened.applied, installed_bundle()
    days, proven = _days(applied, bundle), True
    if days is None:
        proven = False
        days = None if opened.row.walk_in else _expected(applied, bundle, day)
    claims = claims_of(applied, check, days, number=SAMPLE_NUMBER, place=_NOWHERE, day=day)
    return Draft(claims, proven)


def claims_of(
    applied: Applied,
    check: IdentityCheck,
    days: ProvenDays | None,
    *,
    number: str,
    place: tuple[int, int],
    day: date,
) -> Claims:
    """Return what a certificate issued on `day` says; without days, that their proof follows."""
    return Claims(
        issuer=settings.ISSUER,
        issued=day,
        number=number,
        latin_name=applied.legal_name,
        orgs=applied.orgs,
        check=check,
        declared_as=applied.declared_as(),
        status=place,
        chinese_name=applied.chinese_name or None,
        birth_date=applied.birth_date if applied.show_birth_date else None,
        birth_place=applied.birth_place or None,
        received=days.received if days else None,
        linked=days.linked if days else None,
        bound=days.bound if days else False,
        stated=applied.stated_on,
        commitments=_commitments(applied) if days and applied.with_proof else None,
    )


def _commitments(applied: Applied) -> tuple[bytes, bytes]:
    origin = settings.ORIGIN
    return applied.d_opening.commitment(origin), applied.l_opening.commitment(origin)


def _days(applied: Applied, bundle: Bundle) -> ProvenDays | None:
    prover = Prover(bundle)
    key = applied.identity_key or None
    try:
        proof = prover.build(applied.d_opening, applied.l_opening, key, show_orgs=False)
        return prover.days(proof)
    except NotDatedYet:
        return None


def _expected(applied: Applied, bundle: Bundle, day: date) -> ProvenDays:
    """Return the days as they would be if the log said today what it does not say yet."""
    witnessed = bundle.policy.needs_witnesses
    received = _received(applied, bundle) or day
    return ProvenDays(
        NoLaterThan(received, witnessed), NoLaterThan(day, witnessed), applied.is_bound
    )


def _received(applied: Applied, bundle: Bundle) -> date | None:
    try:
        batch = received_proof(applied.d_opening.commitment(settings.ORIGIN)).batch
        return open_head(batch.checkpoint.encode(), bundle).day(bundle)
    except NotPublished:
        return None
    except ProofContradicts as error:
        raise OwnCheckFailed(error.code) from error
