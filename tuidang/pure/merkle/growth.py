# SPDX-License-Identifier: Apache-2.0
"""New tiles for new leaves.

Computes what must be written and writes nothing. It must never produce a tile that the
old log had already: those are immutable.
"""

from collections.abc import Sequence

from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.kernel import tile_roots
from tuidang.pure.merkle.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    ReadTile,
    Tile,
    check_tile,
    root_from_tiles,
)

_FULL = TILE_WIDTH * HASH_SIZE


def grow(
    read: ReadTile, old_size: int, new_leaf_hashes: bytes | Sequence[bytes]
) -> tuple[list[tuple[Tile, bytes]], bytes]:
    """Return the tiles that the longer log needs and did not have, and its root.

    `read` gives tiles of the old log; only the partial ones on its right edge are asked
    for. They are believed: compare `root_from_tiles(read, old_size)` with the signed
    root first. The leaf hashes may come joined, as `kernel.leaf_hashes` gives them. Raises
    TileError for a tile of the wrong length.
    """
    joined = new_leaf_hashes if isinstance(new_leaf_hashes, bytes) else b"".join(new_leaf_hashes)
    written: dict[Tile, bytes] = {}
    level, count, hashes = 0, old_size, joined
    while hashes:
        tiles, hashes = _grow_level(read, level, count, hashes)
        written.update(tiles)
        level, count = level + 1, count >> TILE_HEIGHT

    def read_new(tile: Tile) -> bytes:
        return written[tile] if tile in written else read(tile)

    new_root = root_from_tiles(read_new, old_size + len(joined) // HASH_SIZE)
    return list(written.items()), new_root


def _grow_level(
    read: ReadTile, level: int, count: int, added: bytes
) -> tuple[list[tuple[Tile, bytes]], bytes]:
    """Return the tiles of one level that `added` fills or begins, and the roots of full ones."""
    first, rest = divmod(count, TILE_WIDTH)
    edge = Tile(level, first, rest)
    row = (check_tile(edge, read(edge)) if rest else b"") + added
    contents = [row[at : at + _FULL] for at in range(0, len(row), _FULL)]
    tiles = [
        (Tile(level, n, len(content) // HASH_SIZE), content)
        for n, content in enumerate(contents, first)
    ]
    return tiles, tile_roots(row[: len(row) // _FULL * _FULL])
