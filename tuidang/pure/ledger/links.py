# SPDX-License-Identifier: Apache-2.0
"""What binds a leaf to a legal name, without the registry learning when it was said.

A binding made on the day cannot be bought later, and a link needs the holder's signature.
The name and the birth date go through here in one canonical spelling only, and must never
appear in an error.

Source: `transparency-log.md` section 3; names as in ICAO 9303 part 3 section 4.6.
"""

import hashlib
import hmac
import re
from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tuidang.pure.merkle.errors import FormatError

MAX_NAME = 39  # the name field of a passport's machine-readable zone
_NAME = re.compile(r"[A-Z]+(?:<[A-Z]+)*(?:<<[A-Z]+(?:<[A-Z]+)*)?\Z")
_BIRTH_DATE = re.compile(r"[0-9]{8}\Z")
_BETWEEN_PARTS = re.compile(r" *(?:<<|,) *")
_BETWEEN_WORDS = re.compile(r"[ \-<]+")


class LinkError(FormatError):
    """A legal name, a birth date or the signature over them was refused."""


def canonical_legal_name(text: str) -> str:
    """Return a name as the machine-readable zone of a passport has it: `ZHANG<<SAN`.

    Understands `<<` or a comma between surname and given names, and small letters, spaces,
    hyphens and apostrophes within them. Raises LinkError where a guess would be needed:
    several words without a separator, letters beyond A–Z, more than 39 characters.
    """
    plain = text.replace("'", "").replace("’", "").strip().rstrip("<")
    if plain.isascii():  # some letters beyond ASCII have a capital in it
        plain = plain.upper()
    parts = _BETWEEN_PARTS.split(plain)
    canonical = "<<".join(_BETWEEN_WORDS.sub("<", part) for part in parts)
    if len(parts) == 1 and "<" in canonical:
        raise LinkError("legal_name_parts", "surname and given names are not told apart")
    check_legal_name(canonical)
    return canonical


def check_legal_name(legal_name: str) -> None:
    """Check that a name is in canonical form already; raises LinkError."""
    if len(legal_name) > MAX_NAME or not _NAME.match(legal_name):
        raise LinkError("legal_name_form", "not a name as in a machine-readable passport")


def check_birth_date(birth_date: str) -> None:
    """Check that a birth date is YYYYMMDD and in the calendar; raises LinkError."""
    try:
        known = _BIRTH_DATE.match(birth_date) and date.fromisoformat(birth_date)
    except ValueError:
        known = None
    if not known:
        raise LinkError("birth_date_form", "not a birth date as YYYYMMDD")


def _person(legal_name: str, birth_date: str) -> bytes:
    check_legal_name(legal_name)
    check_birth_date(birth_date)
    return f"{legal_name}\0{birth_date}".encode("ascii")


def identity_binding(key: bytes, legal_name: str, birth_date: str) -> bytes:
    """Return field 6 of a D leaf, under the identity key from the receipt code.

    Raises LinkError unless name and date are canonical.
    """
    return hmac.digest(key, _person(legal_name, birth_date), "sha256")


def link_message(commitment: bytes, legal_name: str, birth_date: str) -> bytes:
    """Return what the holder of a D leaf signs to link it to a legal name.

    Raises LinkError unless name and date are canonical.
    """
    person = hashlib.sha256(_person(legal_name, birth_date)).digest()
    return b"tuidang-link/v1\n" + commitment + person


def nullifier(commitment: bytes, holder_key: bytes) -> bytes:
    """Return the value that lets a D leaf be linked only once (32-byte public key)."""
    return hashlib.sha256(b"tuidang-nullifier/v1\n" + commitment + holder_key).digest()


def sign_link(holder_seed: bytes, commitment: bytes, legal_name: str, birth_date: str) -> bytes:
    """Return the holder's 64-byte signature over `link_message`."""
    key = Ed25519PrivateKey.from_private_bytes(holder_seed)
    return key.sign(link_message(commitment, legal_name, birth_date))


def verify_link(
    holder_key: bytes, signature: bytes, commitment: bytes, legal_name: str, birth_date: str
) -> None:
    """Check the holder's signature over `link_message`; raises LinkError."""
    message = link_message(commitment, legal_name, birth_date)
    try:
        Ed25519PublicKey.from_public_bytes(holder_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise LinkError("link_signature", "the holder did not sign this link") from error
