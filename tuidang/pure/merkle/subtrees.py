# SPDX-License-Identifier: Apache-2.0
"""ML-DSA-44 cosignatures: what they sign, and whether they did.

The message names cosigner and origin and commits to size and root, but not to extension
lines: whoever relies on such a line alone must refuse those. Verifying raises. Nothing here
signs: who wants to has a library for it.

Source: C2SP tlog-cosignature v1.0.1, in `transparency-log.md` section 8; FIPS 204 with an
empty context string.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from tuidang.pure.merkle.canonical import from_base64, from_decimal, to_utf8
from tuidang.pure.merkle.errors import FormatError

PUBLIC_KEY_SIZE = 1312
MAX_SIZE = 2**63 - 1
_LABEL = b"subtree/v1\n\0"


def subtree_message(cosigner: str, checkpoint_text: str, time: int) -> bytes:
    """Return what an ML-DSA cosigner signs for a whole checkpoint; `time` in POSIX seconds.

    Raises FormatError for a text that does not begin as a checkpoint, and for names of more
    than 255 bytes.
    """
    origin, size, root = [*checkpoint_text.split("\n"), "", "", ""][:3]
    digest = from_base64(root)
    if len(digest) != 32:
        raise FormatError("hash_length", "a hash is not 32 bytes long")
    start, end = bytes(8), from_decimal(size, MAX_SIZE).to_bytes(8, "big")
    stamp = time.to_bytes(8, "big")
    return b"".join([_LABEL, _opaque(cosigner), stamp, _opaque(origin), start, end, digest])


def verify(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Check a signature by a 1312-byte key; raises FormatError if it does not hold."""
    try:
        MLDSA44PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise FormatError("signature_invalid", "the signature does not hold") from error


def _opaque(text: str) -> bytes:
    data = to_utf8(text)
    if not 0 < len(data) < 256:
        raise FormatError("name_length", "a name is empty or too long to be signed")
    return bytes([len(data)]) + data
