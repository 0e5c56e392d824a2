# SPDX-License-Identifier: Apache-2.0
"""The two hashes of the tree (RFC 6962 section 2.1, SHA-256 only).

The prefixes keep an entry from ever passing for an inner node. Nothing here may
choose another hash function.
"""

import hashlib

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte hash of an entry, any length."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of two neighbouring subtree roots."""
    return hashlib.sha256(b"\x01" + left + right).digest()
