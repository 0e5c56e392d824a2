# SPDX-License-Identifier: AGPL-3.0-or-later
"""Roots over leaf hashes."""

import base64

import pytest

from tests.pure.merkle.samples import VECTORS, leaves
from tuidang.pure.merkle.hashes import EMPTY_ROOT, leaf_hash
from tuidang.pure.merkle.tree import Frontier, root

RFC_ENTRIES = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]


@pytest.mark.parametrize(("size", "expected"), VECTORS["roots leaf-%d"].items())
def test_roots_are_those_of_other_implementations(size: str, expected: str) -> None:
    """A root over numbered leaves equals the one that Go's tlog computes."""
    hashes = leaves(int(size))
    assert base64.b64encode(root(hashes)).decode() == expected
    assert Frontier(hashes).root() == root(hashes)


def test_roots_of_the_rfc_example() -> None:
    """The roots over the eight classic entries of RFC 6962 come out at every size."""
    hashes = [leaf_hash(entry) for entry in RFC_ENTRIES]
    found = [root(hashes[:size]).hex() for size in range(1, 9)]
    assert found == VECTORS["rfc6962 8-leaf roots"]


def test_nothing_has_a_root_too() -> None:
    """The empty tree and the empty entry hash as the specification says."""
    assert base64.b64encode(EMPTY_ROOT).decode() == VECTORS["empty_root"]
    assert root([]) == Frontier().root() == EMPTY_ROOT
    assert base64.b64encode(leaf_hash(b"")).decode() == VECTORS["leaf_hash_of_empty_entry"]


def test_a_streamed_tree_agrees_at_every_size() -> None:
    """A frontier has the root of the whole list after each leaf, and counts them."""
    hashes, frontier = leaves(140), Frontier()
    for size, leaf in enumerate(hashes, 1):
        frontier.append(leaf)
        assert (frontier.size, frontier.root()) == (size, root(hashes[:size]))
