# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether what a certificate would say fits into the code on its face, looked at before anybody
waits for it.

Judged by the largest that could come of it, so that nothing is found too much when it is signed.
"""

from datetime import date
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tuidang.pure.credential import face_code
from tuidang.pure.credential.claim_rules import MAX_STATUS_LISTS, STATUS_ENTRIES
from tuidang.pure.credential.claims import (
    DOCUMENTS,
    Claims,
    ClaimsError,
    DeclaredAs,
    IdentityCheck,
    NoLaterThan,
)
from tuidang.pure.credential.cose import IssuerKey, sign
from tuidang.pure.credential.numbers import RANDOM_BYTES, number_from
from tuidang.pure.credential.qr import QrError, qr
from tuidang.pure.ledger.links import canonical_legal_name
from tuidang.registry.certificates.wishes import Wish

_NUMBER = number_from(bytes(RANDOM_BYTES))
_FARTHEST = (MAX_STATUS_LISTS - 1, STATUS_ENTRIES - 1)
_OWN, _BY_ANOTHER = 0, 2
_COMMITMENTS = (bytes(32), bytes([1]) * 32)


def fits(wish: Wish, alias: str | None, *, day: date) -> bool:
    """Say whether a certificate of this wish, with this alias or none, can be issued as it is.

    The legal name has to be one. Whatever identity check comes is thought of with it.
    """
    try:
        return is_readable(_largest(wish, alias, day))
    except ClaimsError:
        return False


def is_readable(claims: Claims) -> bool:
    """Say whether what these claims say fits into the code on a face."""
    try:
        qr(face_code.to_url(sign(claims, _sample_key()), settings.VERIFY_HOST))
    except (QrError, face_code.CodeError):
        return False
    return True


def _largest(wish: Wish, alias: str | None, day: date) -> Claims:
    dated = NoLaterThan(day, witnessed=True)
    proof = wish.with_proof and wish.show_birth_date
    return Claims(
        issuer=settings.ISSUER,
        issued=day,
        number=_NUMBER,
        latin_name=canonical_legal_name(wish.legal_name),
        orgs=wish.orgs,
        check=IdentityCheck("V", max(DOCUMENTS, key=len), day),
        declared_as=DeclaredAs(_BY_ANOTHER if alias else _OWN, alias),
        status=_FARTHEST,
        chinese_name=wish.chinese_name or None,
        birth_date=wish.birth_date if wish.show_birth_date else None,
        birth_place=wish.birth_place or None,
        received=dated,
        linked=dated,
        stated=wish.stated_on,
        commitments=_COMMITMENTS if proof else None,
    )


@cache
def _sample_key() -> IssuerKey:
    """Make a key for the sake of its signature's length: nothing that it signs leaves this room."""
    return IssuerKey(ec.generate_private_key(ec.SECP256R1()))
