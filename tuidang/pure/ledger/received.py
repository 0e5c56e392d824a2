# SPDX-License-Identifier: Apache-2.0
"""What came in on a day: the R entry, and each declarant's own path in it.

The commitments themselves are never published. A path proves a day, so it belongs to
the one declarant and goes to nobody else.

Source: `transparency-log.md` section 3.
"""

from collections.abc import Iterable

from tuidang.pure.ledger.entries import EntryError, Received
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.proofs import inclusion_proofs, verify_inclusion
from tuidang.pure.merkle.tree import root


def receive(commitments: Iterable[bytes]) -> Received:
    """Return the R entry over these commitments; EntryError if one repeats."""
    leaves = [leaf_hash(each) for each in _ascending(commitments)]
    return Received(len(leaves), root(leaves))


def received_paths(commitments: Iterable[bytes]) -> dict[bytes, tuple[int, list[bytes]]]:
    """Return, for each commitment, its index and inclusion proof in R's tree."""
    ordered = _ascending(commitments)
    paths = inclusion_proofs([leaf_hash(each) for each in ordered])
    return {
        each: (index, path) for index, (each, path) in enumerate(zip(ordered, paths, strict=True))
    }


def verify_received(entry: Received, commitment: bytes, index: int, path: list[bytes]) -> None:
    """Check that a commitment is among those of an R entry; raises ProofError."""
    verify_inclusion(leaf_hash(commitment), index, entry.count, path, entry.root)


def _ascending(commitments: Iterable[bytes]) -> list[bytes]:
    ordered = sorted(commitments)
    if len(set(ordered)) != len(ordered):
        raise EntryError("commitment_repeats", "a commitment was received twice")
    return ordered
