# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers and codes that are kept only as keyed hashes, whose key lies outside the database.

Each kind has a key of its own, so that no value of one kind can be tried against another.
Nothing here may return or keep what it hashes.
"""

import hmac
from datetime import date

from tuidang.registry.vault.host_keys import host_subkey

HOST_KEY = "certificates"


def number_hash(number: str) -> bytes:
    """Return the 32 bytes under which a certificate is found by its number (12 characters)."""
    return _keyed("number-hash/v1", number.encode())


def triple_hash(number: str, family_name: str, birth_date: date) -> bytes:
    """Return the 32 bytes that stand for number, family name (A–Z and `<`) and birth date."""
    return _keyed("triple-hash/v1", _triple(number, family_name, birth_date))


def copy_key(number: str, family_name: str, birth_date: date) -> bytes:
    """Return the key under which the copy for a lookup is locked: all three give it."""
    return _keyed("copy-key/v1", _triple(number, family_name, birth_date))


def pickup_hash(lookup: bytes) -> bytes:
    """Return the 32 bytes under which a pick-up code is found."""
    return _keyed("pickup-hash/v1", lookup)


def _triple(number: str, family_name: str, birth_date: date) -> bytes:
    return f"{number}\0{family_name}\0{birth_date.isoformat()}".encode()


def _keyed(purpose: str, value: bytes) -> bytes:
    return hmac.digest(host_subkey(HOST_KEY, purpose), value, "sha256")
