# SPDX-License-Identifier: Apache-2.0
"""New tiles for new leaves.

Computes what must be written and writes nothing. It must never produce a tile that the
old log had already: those are immutable.
"""

from collections.abc import Sequence

from tuidang.pure.merkle.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    ReadTile,
    Tile,
    root_from_tiles,
    tile_hashes,
)
from tuidang.pure.merkle.tree import root


def grow(
    read: ReadTile, old_size: int, new_leaf_hashes: Sequence[bytes]
) -> tuple[list[tuple[Tile, bytes]], bytes]:
    """Return the tiles that the longer log needs and did not have, and its root.

    `read` gives tiles of the old log; only the partial ones on its right edge are asked
    for. They are believed: compare `root_from_tiles(read, old_size)` with the signed
    root first. Raises TileError for a tile of the wrong length.
    """
    written: dict[Tile, bytes] = {}
    level, count, hashes = 0, old_size, list(new_leaf_hashes)
    while hashes:
        tiles, hashes = _grow_level(read, level, count, hashes)
        written.update((tile, b"".join(content)) for tile, content in tiles)
        level, count = level + 1, count >> TILE_HEIGHT

    def read_new(tile: Tile) -> bytes:
        return written[tile] if tile in written else read(tile)

    new_root = root_from_tiles(read_new, old_size + len(new_leaf_hashes))
    return list(written.items()), new_root


def _grow_level(
    read: ReadTile, level: int, count: int, added: Sequence[bytes]
) -> tuple[list[tuple[Tile, list[bytes]]], list[bytes]]:
    """Return the tiles of one level that `added` fills or begins, and the roots of full ones."""
    first, rest = divmod(count, TILE_WIDTH)
    edge = Tile(level, first, rest)
    row = (tile_hashes(edge, read(edge)) if rest else []) + list(added)
    tiles = []
    for n, start in enumerate(range(0, len(row), TILE_WIDTH), first):
        content = row[start : start + TILE_WIDTH]
        tiles.append((Tile(level, n, len(content)), content))
    return tiles, [root(content) for tile, content in tiles if tile.width == TILE_WIDTH]
