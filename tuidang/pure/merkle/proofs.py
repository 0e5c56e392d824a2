# SPDX-License-Identifier: Apache-2.0
"""Inclusion and consistency proofs: made from leaf hashes, checked from nothing.

A proof is a list of 32-byte hashes, the leaf's sibling first. The verifying functions
raise, so that a caller who forgets to look at an answer is still safe; they must never
trust a length or an index that they were given.

Sources: RFC 6962 section 2.1, RFC 9162 sections 2.1.3.2 and 2.1.4.2.
"""

from collections.abc import Iterator, Sequence

from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import HASH_SIZE, node_hash
from tuidang.pure.merkle.kernel import parents
from tuidang.pure.merkle.tree import root

Range = tuple[int, int]


class ProofError(FormatError):
    """A proof does not show what it claims."""


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """Return the (start, end) ranges of leaves whose roots are the inclusion proof.

    Raises IndexError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise IndexError("leaf index outside the tree")
    ranges: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """Return the (start, end) ranges whose roots prove that `size` extends `old`.

    Raises IndexError unless 0 <= old <= size. Nothing needs proving from 0.
    """
    if not 0 <= old <= size:
        raise IndexError("old size outside the tree")
    if old in (0, size):
        return []
    ranges: list[Range] = []
    start, end = 0, size
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    if start:  # a whole old tree on the left edge is known to the verifier already
        ranges.append((start, end))
    return ranges[::-1]


def _split(count: int) -> int:
    """Return the largest power of two below count (count > 1)."""
    return 1 << (count - 1).bit_length() - 1


def inclusion_proof(index: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Return the proof that leaf `index` is in the tree; IndexError if it is not."""
    return [root(leaf_hashes[a:b]) for a, b in inclusion_ranges(index, len(leaf_hashes))]


def inclusion_proofs(leaf_hashes: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Yield the inclusion proof of every leaf, in order, hashing each node only once."""
    rows = [b"".join(leaf_hashes)]
    while len(rows[-1]) > HASH_SIZE:
        rows.append(parents(rows[-1]))
    for index in range(len(leaf_hashes)):
        siblings = ((row, (index >> level ^ 1) * HASH_SIZE) for level, row in enumerate(rows[:-1]))
        # A promoted hash has no sibling.
        yield [row[at : at + HASH_SIZE] for row, at in siblings if at < len(row)]


def consistency_proof(old: int, leaf_hashes: Sequence[bytes]) -> list[bytes]:
    """Return the proof that this tree extends its first `old` leaves; IndexError if too few."""
    return [root(leaf_hashes[a:b]) for a, b in consistency_ranges(old, len(leaf_hashes))]


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that the leaf stands at `index` in the tree of `size` leaves and this root.

    Raises ProofError (RFC 9162 section 2.1.3.2).
    """
    _check_lengths([root])
    if implied_root(leaf_hash, index, size, proof) != root:
        raise ProofError("root_differs", "inclusion proof leads to another root")


def implied_root(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root of the tree of `size` leaves that has the leaf at `index` by this proof.

    The proof alone shows nothing: whoever asks must hold the root against one that is known.
    Raises ProofError for a proof of the wrong length.
    """
    if not 0 <= index < size:
        raise ProofError("index_outside_tree", "leaf index outside the tree")
    _check_lengths([leaf_hash, *proof])
    position, last, result = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofError("proof_too_long", "inclusion proof too long")
        if position & 1 or position == last:
            result = node_hash(sibling, result)
            position, last = _skip_promotions(position, last)
        else:
            result = node_hash(result, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("proof_too_short", "inclusion proof too short")
    return result


def verify_consistency(
    old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Check that the tree of `new` leaves begins with the tree of `old` leaves.

    Raises ProofError (RFC 9162 section 2.1.4.2).
    """
    if not 0 <= old <= new:
        raise ProofError("sizes_out_of_order", "old tree larger than new tree")
    _check_lengths([old_root, new_root, *proof])
    if old in (0, new):
        _check_trivial_consistency(old, proof, old_root, new_root)
        return
    if not proof:
        raise ProofError("proof_too_short", "consistency proof is empty")
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    _walk_consistency(position, last, path, old_root, new_root)


def _walk_consistency(
    position: int, last: int, path: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    from_old = from_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofError("proof_too_long", "consistency proof too long")
        if position & 1 or position == last:
            from_old = node_hash(sibling, from_old)
            from_new = node_hash(sibling, from_new)
            position, last = _skip_promotions(position, last)
        else:
            from_new = node_hash(from_new, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofError("proof_too_short", "consistency proof too short")
    if (from_old, from_new) != (old_root, new_root):
        raise ProofError("root_differs", "consistency proof leads to other roots")


def _check_trivial_consistency(
    old: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    if proof:
        raise ProofError("proof_too_long", "consistency proof should be empty")
    if old and old_root != new_root:
        raise ProofError("root_differs", "two roots for one size")


def _skip_promotions(position: int, last: int) -> Range:
    """Climb past the levels at which this node was an odd last one."""
    while position & 1 == 0 and position:
        position, last = position >> 1, last >> 1
    return position, last


def _check_lengths(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_SIZE for each in hashes):
        raise ProofError("hash_length", "a hash is not 32 bytes long")
