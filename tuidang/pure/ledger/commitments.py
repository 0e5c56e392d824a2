# SPDX-License-Identifier: Apache-2.0
"""Salted commitments: what stands in the log instead of a person.

All randomness is the caller's: one 32-byte salt and six 16-byte salts for each leaf, from
the operating system, never derived and never used twice. Nothing here may hash a value
without a salt: 1.4 billion names take seconds to try.

Source: `transparency-log.md` section 2.
"""

import hashlib
from collections.abc import Sequence

from tuidang.pure.merkle.errors import FormatError

FIELDS = 6
SALT_SIZE = 32
FIELD_SALT_SIZE = 16

# Fields of a D leaf.
DAY, ORGS_FIELD, CLASS_FIELD, NAME, HOLDER, IDENTITY = range(1, 7)
# Fields of an L leaf; the first is the day again.
LINKED_COMMITMENT, LEGAL_NAME, BIRTH_DATE, HOLDER_SIGNATURE = range(2, 6)
# Fields of a C leaf; the first is the day again.
TRUE_REASON, DECIDED_BY = range(2, 4)


class CommitmentError(FormatError):
    """A salt, a digest, a field number or an origin has the wrong size."""


def field_digest(j: int, salt: bytes, value: bytes) -> bytes:
    """Return the digest of field `j` (1 to 6); an absent value is empty, but salted.

    Raises CommitmentError for a salt that is not 16 bytes long.
    """
    if not 1 <= j <= FIELDS or len(salt) != FIELD_SALT_SIZE or len(value) >= 2**32:
        raise CommitmentError("field_size", "field number, salt or value out of range")
    head = b"tuidang-field/v1\n" + bytes([j]) + salt
    return hashlib.sha256(head + len(value).to_bytes(4, "big") + value).digest()


def commitment(origin: str, salt: bytes, digests: Sequence[bytes]) -> bytes:
    """Return the commitment over six field digests, bound to one log by its origin.

    Raises CommitmentError for an origin that is not 1 to 255 bytes, a salt that is not 32
    bytes, and another number of digests.
    """
    name = origin.encode("utf-8")
    if not 1 <= len(name) <= 255:
        raise CommitmentError("origin_length", "an origin is 1 to 255 bytes long")
    if len(salt) != SALT_SIZE or [len(each) for each in digests] != [32] * FIELDS:
        raise CommitmentError("digest_size", "salt or digests have the wrong size")
    head = b"tuidang-leaf/v1\n" + bytes([len(name)]) + name
    return hashlib.sha256(head + salt + b"".join(digests)).digest()
