# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vectors of the log specification, and a log in memory."""

import base64
import json
from pathlib import Path
from typing import Any

from tuidang.pure.merkle.growth import grow
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import Signer
from tuidang.pure.merkle.tiles import Tile

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "tlog.json").read_text(encoding="utf-8")
)
ORIGIN = "example.org/registry"
TIME = 1767225600
LOG = Signer(ORIGIN, bytes(range(0x20)))
WITNESS = Signer("witness.example.org/w1", bytes(range(0x20, 0x40)))
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"


def leaves(count: int) -> list[bytes]:
    """Return the leaf hashes of the entries `leaf 0`, `leaf 1`, …"""
    return [leaf_hash(b"leaf %d" % index) for index in range(count)]


def decoded(hashes: list[str]) -> list[bytes]:
    """Return hashes that the vectors give in base64."""
    return [base64.b64decode(each) for each in hashes]


class MemoryLog:
    """Tiles in a dictionary, as a log would serve them."""

    def __init__(self) -> None:
        self.size = 0
        self.tiles: dict[Tile, bytes] = {}

    def append(self, leaf_hashes: list[bytes]) -> bytes:
        """Grow by these leaves and return the new root; no tile is ever written twice."""
        written, root = grow(self.tiles.__getitem__, self.size, leaf_hashes)
        names = [tile for tile, _ in written]
        assert len(set(names)) == len(names)
        assert not set(names) & set(self.tiles)
        self.tiles.update(written)
        self.size += len(leaf_hashes)
        return root


def flip(data: bytes, bit: int) -> bytes:
    """Return the bytes with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
