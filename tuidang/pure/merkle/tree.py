# SPDX-License-Identifier: Apache-2.0
"""Roots of whole trees, from a list or from a stream (RFC 6962 section 2.1).

Builds only; what others claim about a tree is checked in `proofs`.
"""

from collections.abc import Iterable, Sequence

from tuidang.pure.merkle.hashes import EMPTY_ROOT, node_hash
from tuidang.pure.merkle.kernel import root_of


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes (32 bytes each); EMPTY_ROOT for none."""
    return root_of(b"".join(leaf_hashes))


class Frontier:
    """A tree that grows leaf by leaf and remembers only its right edge.

    Memory is one hash for each set bit of the size, so hundreds of millions of
    leaves can be streamed through it.
    """

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of full subtrees, largest first
        for leaf in leaf_hashes:
            self.append(leaf)

    def append(self, leaf_hash: bytes) -> None:
        """Add one leaf hash (32 bytes) at the right."""
        merged, carry = leaf_hash, self.size
        while carry & 1:
            merged = node_hash(self._peaks.pop(), merged)
            carry >>= 1
        self._peaks.append(merged)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over everything appended so far."""
        if not self._peaks:
            return EMPTY_ROOT
        result = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            result = node_hash(peak, result)
        return result
