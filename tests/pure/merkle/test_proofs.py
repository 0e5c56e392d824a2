# SPDX-License-Identifier: AGPL-3.0-or-later
"""Inclusion and consistency proofs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.merkle.samples import VECTORS, decoded, flip, leaves
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.pure.merkle.proofs import (
    ProofError,
    consistency_proof,
    inclusion_proof,
    inclusion_proofs,
    verify_consistency,
    verify_inclusion,
)
from tuidang.pure.merkle.tree import root

HASHES = leaves(1000)
ROOTS = [root(HASHES[:size]) for size in range(71)]


def test_proofs_are_those_of_other_implementations() -> None:
    """Both published proofs come out byte for byte and hold."""
    path = inclusion_proof(257, HASHES[:300])
    assert path == decoded(VECTORS["incl 257/300"])
    verify_inclusion(HASHES[257], 257, 300, path, root(HASHES[:300]))
    path = consistency_proof(300, HASHES)
    assert path == decoded(VECTORS["cons 300->1000"])
    verify_consistency(300, 1000, path, root(HASHES[:300]), root(HASHES))


@pytest.mark.parametrize("size", range(70))
def test_every_inclusion_holds_and_no_damaged_one(size: int) -> None:
    """Every leaf of every small tree is proven, and not by a path one hash off."""
    for index, path in enumerate(inclusion_proofs(HASHES[:size])):
        assert path == inclusion_proof(index, HASHES[:size])
        verify_inclusion(HASHES[index], index, size, path, ROOTS[size])
        for damaged in ([*path, EMPTY_ROOT], path[:-1], [EMPTY_ROOT, *path[1:]]):
            if damaged != path and size > 1:
                with pytest.raises(ProofError):
                    verify_inclusion(HASHES[index], index, size, damaged, ROOTS[size])


@pytest.mark.parametrize("size", range(70))
def test_every_consistency_holds_and_no_damaged_one(size: int) -> None:
    """Every small tree extends each smaller one, and not by a path one hash off."""
    for old in range(size + 1):
        path = consistency_proof(old, HASHES[:size])
        verify_consistency(old, size, path, ROOTS[old], ROOTS[size])
        for damaged in ([*path, EMPTY_ROOT], path[:-1], [EMPTY_ROOT, *path[1:]]):
            if damaged != path:
                with pytest.raises(ProofError):
                    verify_consistency(old, size, damaged, ROOTS[old], ROOTS[size])


@given(st.integers(1, 70), st.data())
def test_an_inclusion_proof_holds_for_one_place_only(size: int, data: st.DataObject) -> None:
    """A proof is refused for another leaf, another index, another root and any flipped bit."""
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, 70).filter(lambda each: each != index))
    path = inclusion_proof(index, HASHES[:size])
    whole = b"".join([HASHES[index], ROOTS[size], *path])
    broken = flip(whole, data.draw(st.integers(0, len(whole) * 8 - 1)))
    leaf, top, *rest = (broken[at : at + 32] for at in range(0, len(broken), 32))
    with pytest.raises(ProofError):
        verify_inclusion(leaf, index, size, rest, top)
    with pytest.raises(ProofError):
        verify_inclusion(HASHES[index], other, size, path, ROOTS[size])


@given(st.integers(2, 70), st.data())
def test_a_consistency_proof_breaks_with_any_bit(size: int, data: st.DataObject) -> None:
    """A proof with one bit flipped, in it or in either root, is refused."""
    old = data.draw(st.integers(1, size - 1))
    whole = b"".join([ROOTS[old], ROOTS[size], *consistency_proof(old, HASHES[:size])])
    broken = flip(whole, data.draw(st.integers(0, len(whole) * 8 - 1)))
    first, second, *rest = (broken[at : at + 32] for at in range(0, len(broken), 32))
    with pytest.raises(ProofError):
        verify_consistency(old, size, rest, first, second)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0), (7, 5)])
def test_an_index_outside_the_tree_is_refused(index: int, size: int) -> None:
    """Neither making nor checking accepts a place that the tree does not have."""
    with pytest.raises(IndexError):
        inclusion_proof(index, HASHES[:size])
    with pytest.raises(ProofError) as caught:
        verify_inclusion(HASHES[0], index, size, [], ROOTS[size])
    assert caught.value.code == "index_outside_tree"


@pytest.mark.parametrize(("old", "new"), [(-1, 5), (6, 5)])
def test_an_older_tree_cannot_be_larger(old: int, new: int) -> None:
    """Neither making nor checking accepts sizes in the wrong order."""
    with pytest.raises(IndexError):
        consistency_proof(old, HASHES[:new])
    with pytest.raises(ProofError) as caught:
        verify_consistency(old, new, [], ROOTS[5], ROOTS[5])
    assert caught.value.code == "sizes_out_of_order"


def test_two_roots_for_one_size_are_refused() -> None:
    """The same size with another root is a split view, whatever proof comes with it."""
    with pytest.raises(ProofError) as caught:
        verify_consistency(5, 5, [], ROOTS[5], ROOTS[6])
    assert caught.value.code == "root_differs"


def test_hashes_have_one_length() -> None:
    """A hash that is cut or padded is refused before anything is computed."""
    with pytest.raises(ProofError) as caught:
        verify_inclusion(HASHES[0], 0, 2, [HASHES[1] + b"\0"], ROOTS[2])
    assert caught.value.code == "hash_length"
