# SPDX-License-Identifier: Apache-2.0
"""The keys of a declarant, all of which come from the receipt code and the log's origin.

HKDF-SHA256 (RFC 5869) with the origin as salt, so one code gives unrelated keys at another
installation (intake spec, section 2). The registry computes them, uses them for one answer
and forgets them: nothing here may be stored but the recipient, the holder's public key
inside a salted digest, and the lookup value under a keyed hash.
"""

import hmac

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from tuidang.pure import bech32
from tuidang.pure.receipt.codes import Code

KEY_BYTES = 32
MAX_PERSON = 0xFFFF


class DeclarantKeys:
    """Every key that a receipt code gives under one log origin; all are 32 bytes.

    Persons of one declaration are numbered from 1, in the order of the declaration.
    """

    __slots__ = ("_root",)

    def __init__(self, code: Code, origin: str) -> None:
        # The extract step of HKDF. By hand, because a library object costs more than the hash.
        self._root = hmac.digest(origin.encode(), code.random, "sha256")

    @property
    def lookup(self) -> bytes:
        """The value by which the declaration is found again, never stored as it is."""
        return self._expand(b"tuidang/lookup/v1")

    @property
    def mailbox_secret(self) -> bytes:
        """The X25519 secret of the declarant's mailbox."""
        return self._expand(b"tuidang/mailbox/v1")

    def holder_seed(self, person: int) -> bytes:
        """Give the Ed25519 seed with which a person proves that a leaf is theirs."""
        return self._expand(b"tuidang/holder/v1" + _person_number(person))

    def holder_public(self, person: int) -> bytes:
        """Give the Ed25519 public key that goes into the person's leaf as field 5."""
        seed = self.holder_seed(person)
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    def identity_key(self, person: int) -> bytes:
        """Give the HMAC key that binds a person's legal name (log spec, section 3)."""
        return self._expand(b"tuidang/identity/v1" + _person_number(person))

    def _expand(self, info: bytes) -> bytes:
        """Run the expand step of HKDF for one block, which is just one key."""
        return hmac.digest(self._root, info + b"\x01", "sha256")


def mailbox_identity(secret: bytes) -> str:
    """Write a mailbox secret as the age identity that opens the mailbox (AGE-SECRET-KEY-1…).

    The 32 bytes are written as they are: X25519 clamps them whenever it uses them (RFC 7748).
    """
    return bech32.encode("age-secret-key-", _checked(secret)).upper()


def mailbox_recipient(secret: bytes) -> str:
    """Give the age recipient (age1…) to which the mailbox with this secret is sealed."""
    public = X25519PrivateKey.from_private_bytes(_checked(secret)).public_key()
    return bech32.encode("age", public.public_bytes_raw())


def _checked(secret: bytes) -> bytes:
    if len(secret) != KEY_BYTES:
        raise ValueError(f"a mailbox secret has {KEY_BYTES} bytes")
    return secret


def _person_number(person: int) -> bytes:
    if not 1 <= person <= MAX_PERSON:
        raise ValueError(f"persons are numbered 1 to {MAX_PERSON}")
    return person.to_bytes(2)
