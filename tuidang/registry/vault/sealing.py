# SPDX-License-Identifier: AGPL-3.0-or-later
"""The age adapter: the one file that knows pyrage, which has no types of its own.

What is sealed here opens with the standard `age` tool (age-encryption.org/v1, X25519). The
plaintext inside is padded, so that a ciphertext says only which size class it is in; whoever
opens one by hand strips the padding: four bytes of length, big-endian, then the text, then
zeros. This room must never seal to nobody, and never return a part of a damaged text.
"""

from collections.abc import Sequence

import pyrage  # type: ignore[import-untyped]

from tuidang.registry.vault.errors import NoRecipient, Unopenable

KIB = 1024
SIZE_CLASSES = (1 * KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB)
LENGTH_BYTES = 4


def new_identity() -> tuple[str, str]:
    """Make a key pair: (AGE-SECRET-KEY-1…, age1…)."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal(plaintext: bytes, recipients: Sequence[str]) -> bytes:
    """Seal bytes, padded, so that each of the recipients (age1…) can open them alone.

    Raises NoRecipient if there is none, or if one of them is not a recipient: sealing to
    the rest would quietly shut somebody out.
    """
    if not recipients:
        raise NoRecipient
    try:
        parsed = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError:
        raise NoRecipient from None
    sealed: bytes = pyrage.encrypt(pad(plaintext), parsed)
    return sealed


def unseal(ciphertext: bytes, identities: Sequence[str]) -> bytes:
    """Open what one of the identities (AGE-SECRET-KEY-1…) can open, without its padding.

    Raises Unopenable whatever the reason: wrong keys, damage, or padding that is not ours.
    """
    if not identities:
        raise Unopenable
    try:
        parsed = [pyrage.x25519.Identity.from_str(identity) for identity in identities]
        padded: bytes = pyrage.decrypt(ciphertext, parsed)
    except (pyrage.DecryptError, pyrage.IdentityError):
        raise Unopenable from None
    return unpad(padded)


def pad(plaintext: bytes) -> bytes:
    """Fill up to the next size class: u32 length, big-endian, then the text, then zeros."""
    framed = len(plaintext).to_bytes(LENGTH_BYTES) + plaintext
    return framed.ljust(padded_size(len(framed)), b"\0")


def unpad(padded: bytes) -> bytes:
    """Take the text out of its padding; raise Unopenable if `pad` cannot have made it."""
    end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES])
    if len(padded) != padded_size(end) or any(padded[end:]):
        raise Unopenable
    return padded[LENGTH_BYTES:end]


def padded_size(framed: int) -> int:
    """Return the size class in bytes for a text of `framed` bytes, its length field included."""
    for size in SIZE_CLASSES:
        if framed <= size:
            return size
    largest = SIZE_CLASSES[-1]
    return -(-framed // largest) * largest
