# SPDX-License-Identifier: AGPL-3.0-or-later
"""Values that are kept only as a keyed hash, whose key lies outside the database.

Each kind has a domain of its own, so that no value of one kind can be tried against another.
Nothing here may return or keep what it hashes.
"""

import hashlib
import hmac

from tuidang.pure.intake.declaration import Declaration
from tuidang.registry.vault.host_keys import host_key

_LOOKUP = b"tuidang/lookup-hash/v1\n"
_IDEMPOTENCY = b"tuidang/idempotency-hash/v1\n"
_FINGERPRINT = b"tuidang/list-fingerprint/v1\n"


def lookup_hash(lookup: bytes) -> bytes:
    """Return the 32 bytes under which the lookup value of a receipt code is found."""
    return _keyed(_LOOKUP, lookup)


def idempotency_hash(idempotency_key: str) -> bytes:
    """Return the 32 bytes that stand for an idempotency key."""
    return _keyed(_IDEMPOTENCY, idempotency_key.encode())


def list_fingerprint(declaration: Declaration) -> bytes | None:
    """Return the 32 bytes by which the same list is noticed again; None where nobody is named.

    Names and their organisations count, in any order; consent and text do not.
    """
    if not declaration.persons:
        return None
    persons = sorted((p.name.encode(), p.organizations) for p in declaration.persons)
    whole = b"".join(
        len(name).to_bytes(4) + name + bytes([organizations]) for name, organizations in persons
    )
    unnamed = declaration.unnamed.count if declaration.unnamed else 0
    return _keyed(_FINGERPRINT, unnamed.to_bytes(4) + hashlib.sha256(whole).digest())


def _keyed(domain: bytes, value: bytes) -> bytes:
    return hmac.digest(host_key("lookup"), domain + value, "sha256")
