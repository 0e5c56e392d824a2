# SPDX-License-Identifier: Apache-2.0
"""The tree of a log as it grows: the tiles at its right edge, and no others.

Takes full tiles of leaf hashes and gives the tiles above them as they fill. Memory is
one tile a level, whatever the size. It must never read a file: what it says comes from the
entries alone.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

from collections.abc import Iterator

from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.hashes import EMPTY_ROOT, HASH_SIZE
from tuidang.pure.merkle.tiles import TILE_WIDTH, Tile

LEVELS = 9  # 256**8 is 2**64, and one more for its root
_FULL = TILE_WIDTH * HASH_SIZE


class RightEdge:
    """The hashes of the unfinished tile on each level above the leaf hashes."""

    def __init__(self) -> None:
        self._rows = [bytearray() for _ in range(LEVELS)]
        self._finished = [0] * LEVELS  # tiles of each level

    def add(self, tiles: bytes) -> list[tuple[Tile, bytes]]:
        """Add full tiles of leaf hashes, joined; return the tiles above that are full with them."""
        filled: list[tuple[Tile, bytes]] = []
        roots = kernel.tile_roots(tiles)
        for at in range(0, len(roots), HASH_SIZE):
            self._add(1, roots[at : at + HASH_SIZE], filled)
        return filled

    def _add(self, level: int, root: bytes, filled: list[tuple[Tile, bytes]]) -> None:
        row = self._rows[level]
        row += root
        if len(row) == _FULL:
            content = bytes(row)
            row.clear()
            filled.append((Tile(level, self._finished[level]), content))
            self._finished[level] += 1
            self._add(level + 1, kernel.root_of(content), filled)

    def unfinished(self) -> Iterator[tuple[Tile, bytes]]:
        """Yield the tiles above the leaf hashes that have begun, and are not full."""
        for level, row in enumerate(self._rows):
            if row:
                yield Tile(level, self._finished[level], len(row) // HASH_SIZE), bytes(row)

    def root(self, rest: bytes = b"") -> bytes:
        """Return the root over everything added and `rest`, leaf hashes fewer than a tile."""
        edge = kernel.root_of(rest) if rest else b""
        for row in self._rows:
            edge = kernel.root_of(bytes(row) + edge) if row else edge
        return edge or EMPTY_ROOT
