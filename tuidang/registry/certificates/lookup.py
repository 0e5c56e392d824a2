# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way for an officer who has paper only: number, family name and birth date.

Kept are a keyed hash of the three, and the certificate locked under a key that only the three
and the host give; so the table alone tells nothing. Any mismatch is the same answer. Whoever asks
has to be slowed down by the door. Nothing here may say which of the three was wrong.
"""

from datetime import date

from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.numbers import NumberError, read_number
from tuidang.pure.ledger.links import LinkError, canonical_legal_name
from tuidang.registry.certificates.keyed_hashes import copy_key, triple_hash
from tuidang.registry.certificates.models import Certificate
from tuidang.registry.vault.wrapping import lock, unlock

_CONTEXT = b"tuidang/certificates/copy/v1"
_BETWEEN = "<<"


def look_up(number: str, family_name: str, birth_date: date) -> bytes | None:
    """Return the certificate (COSE) of these three, whatever its status; None for any mismatch.

    All as somebody types them from the paper. A certificate without a birth date is not found.
    """
    try:
        three = read_number(number), _family(canonical_legal_name(_one_part(family_name)))
    except (NumberError, LinkError):
        return None
    found = Certificate.objects.filter(triple=triple_hash(*three, birth_date))
    locked = found.values_list("copy", flat=True).first()
    return unlock(copy_key(*three, birth_date), bytes(locked), _CONTEXT) if locked else None


def kept_for_lookup(claims: Claims, cose: bytes) -> tuple[bytes, bytes] | tuple[None, None]:
    """Return the hash and the locked copy of a certificate, or neither if it has no birth date."""
    if claims.birth_date is None:
        return None, None
    three = claims.number, _family(claims.latin_name), claims.birth_date
    return triple_hash(*three), lock(copy_key(*three), cose, _CONTEXT)


def _family(legal_name: str) -> str:
    return legal_name.partition(_BETWEEN)[0]


def _one_part(family_name: str) -> str:
    """Join the words of a family name as the machine-readable zone does: all one part."""
    if _BETWEEN in family_name or "," in family_name:
        return family_name
    return "<".join(family_name.replace("-", " ").replace("<", " ").split()) + ", X"
