# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small things locked with a symmetric key, and the key that a passphrase gives.

ChaCha20-Poly1305 (RFC 8439) with a random nonce in front. Every box names its context, so
that a box copied to another row or another person does not open. This room must never keep
a passphrase, nor derive a key from one without the host's secret: a stolen database alone
gives nothing to guess against.
"""

import re
import secrets
import unicodedata
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from tuidang.registry.vault.errors import Unopenable
from tuidang.registry.vault.host_keys import host_key

NONCE_BYTES = 12
KEY_BYTES = 32
SALT_BYTES = 16
ITERATIONS = 3
LANES = 1
DEFAULT_MEMORY_KIB = 64 * 1024


def lock(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Lock bytes under a 32-byte key; they open under the same key and context only."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, plaintext, context)


def unlock(key: bytes, box: bytes, context: bytes) -> bytes:
    """Open a box, or raise Unopenable if the key, the context or a single bit differs."""
    nonce, sealed = box[:NONCE_BYTES], box[NONCE_BYTES:]
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, sealed, context)
    except (InvalidTag, ValueError):  # ValueError: too short to hold a nonce
        raise Unopenable from None


def memory_cost() -> int:
    """Return what argon2id may use for new members, in KiB. Each member keeps their own figure."""
    return int(getattr(settings, "ARGON2_MEMORY_KIB", DEFAULT_MEMORY_KIB))


def passphrase_key(passphrase: str, *, member: UUID, salt: bytes, memory_kib: int) -> bytes:
    """Return the 32-byte key of a member: argon2id of the passphrase, then the host's secret.

    HKDF-SHA256 (RFC 5869) over the argon2id hash (RFC 9106), salted with the host's secret.
    """
    stretched = Argon2id(
        salt=salt, length=KEY_BYTES, iterations=ITERATIONS, lanes=LANES, memory_cost=memory_kib
    ).derive(plain_passphrase(passphrase).encode())
    info = b"tuidang/vault/member/v1" + member.bytes
    return HKDF(SHA256(), KEY_BYTES, host_key("office"), info).derive(stretched)


def plain_passphrase(passphrase: str) -> str:
    """Fold what typing by hand changes: case, full-width letters, and what stands between words."""
    folded = unicodedata.normalize("NFKC", passphrase).casefold()
    return " ".join(re.findall(r"[^\W_]+", folded))
