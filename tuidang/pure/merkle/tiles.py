# SPDX-License-Identifier: Apache-2.0
"""Where the hashes of a log lie: tile names, and trees computed from tiles.

Everything is computed from tiles that somebody else served. A root or proof made from
them proves nothing until it is compared with a signed checkpoint: never skip that.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from tuidang.pure.merkle.canonical import from_decimal
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT, HASH_SIZE, node_hash
from tuidang.pure.merkle.kernel import root_of
from tuidang.pure.merkle.proofs import Range, consistency_ranges, inclusion_ranges

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
MAX_LEVEL = 63
_GROUPS = [f"{n:03d}" for n in range(1000)]
_NUMBER = re.compile(r"(?:x[0-9]{3}/){0,6}[0-9]{3}\Z")  # 10^21 is more than 2^64


class TileError(FormatError):
    """A tile path or the content of a tile is not canonical."""


class Tile(NamedTuple):
    """Up to 256 neighbouring hashes of one level; `n` counts from the left."""

    level: int
    n: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix, such as `tile/0/x001/234/067.p/9`."""
        return f"tile/{self.level}/{_numbered(self.n, self.width)}"


class BundleId(NamedTuple):
    """The name of up to 256 neighbouring entries; same `n` and width as their tile."""

    n: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix, such as `tile/entries/000.p/8`."""
        return f"tile/entries/{_numbered(self.n, self.width)}"


ReadTile = Callable[[Tile], bytes]


def _numbered(n: int, width: int) -> str:
    n, group = divmod(n, 1000)
    path = _GROUPS[group]
    while n:
        n, group = divmod(n, 1000)
        path = f"x{_GROUPS[group]}/{path}"
    return path if width == TILE_WIDTH else f"{path}.p/{width}"


def parse_path(path: str) -> Tile | BundleId:
    """Return what a path below the log's prefix names; TileError unless canonical."""
    prefix, _, rest = path.partition("/")
    kind, _, numbered = rest.partition("/")
    number, partial, width_text = numbered.partition(".p/")
    if prefix != "tile" or not _NUMBER.match(number) or number.startswith("x000/"):
        raise TileError("tile_path", "not the path of a tile")
    n = int(number.replace("x", "").replace("/", ""))
    try:
        width = from_decimal(width_text, TILE_WIDTH - 1) if partial else TILE_WIDTH
        level = -1 if kind == "entries" else from_decimal(kind, MAX_LEVEL)
    except FormatError as error:
        raise TileError("tile_path", "not the path of a tile") from error
    if width == 0:
        raise TileError("tile_path", "empty tiles do not exist")
    return BundleId(n, width) if kind == "entries" else Tile(level, n, width)


def bundles_for_size(size: int) -> Iterator[BundleId]:
    """Yield the bundles that a log of this size implies, from the left."""
    full, rest = divmod(size, TILE_WIDTH)
    yield from (BundleId(n) for n in range(full))
    if rest:
        yield BundleId(full, rest)


def tiles_for_size(size: int) -> Iterator[Tile]:
    """Yield the tiles that a log of this size implies: level by level, from the left."""
    level = 0
    while size:
        yield from (Tile(level, b.n, b.width) for b in bundles_for_size(size))
        size >>= TILE_HEIGHT
        level += 1


def check_tile(tile: Tile, data: bytes) -> bytes:
    """Return the content of a tile; TileError unless it is exactly `tile.width` hashes."""
    if len(data) != tile.width * HASH_SIZE:
        raise TileError("tile_length", f"{tile.path} has the wrong length")
    return data


def tile_hashes(tile: Tile, data: bytes) -> list[bytes]:
    """Return the hashes of a tile; TileError unless there are exactly `tile.width`."""
    check_tile(tile, data)
    return [data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE)]


def root_from_tiles(read: ReadTile, size: int) -> bytes:
    """Return the root at `size`, from one tile a level on the right edge.

    Raises TileError for a tile of the wrong length, and whatever `read` raises.
    """
    return _roots(read, [(0, size)], size)[0] if size else EMPTY_ROOT


def inclusion_proof_from_tiles(read: ReadTile, index: int, size: int) -> list[bytes]:
    """Return the proof that leaf `index` is in the log of `size`.

    Raises IndexError for an index outside, TileError for a tile of the wrong length.
    """
    return _roots(read, inclusion_ranges(index, size), size)


def consistency_proof_from_tiles(read: ReadTile, old: int, size: int) -> list[bytes]:
    """Return the proof that the log of `size` extends the log of `old`.

    Raises IndexError for an old size outside, TileError for a tile of the wrong length.
    """
    return _roots(read, consistency_ranges(old, size), size)


def _roots(read: ReadTile, ranges: Sequence[Range], size: int) -> list[bytes]:
    """Return the root of each range; a tile is read once though several need it."""
    known: dict[tuple[int, int], bytes] = {}

    def hashes(level: int, n: int) -> bytes:
        if (level, n) not in known:
            width = min((size >> level * TILE_HEIGHT) - n * TILE_WIDTH, TILE_WIDTH)
            tile = Tile(level, n, width)
            known[level, n] = check_tile(tile, read(tile))
        return known[level, n]

    return [_range_root(hashes, start, end) for start, end in ranges]


def _range_root(hashes: Callable[[int, int], bytes], start: int, end: int) -> bytes:
    """Join the full subtrees of a range, from right to left."""
    heights = [h for h in range((end - start).bit_length()) if (end - start) >> h & 1]
    result = b""
    for height in heights:
        end -= 1 << height
        subtree = _subtree_root(hashes, end, height)
        result = node_hash(subtree, result) if result else subtree
    return result


def _subtree_root(hashes: Callable[[int, int], bytes], start: int, height: int) -> bytes:
    """Return the root of the 2**height leaves from `start` (a multiple of that)."""
    level, inside = divmod(height, TILE_HEIGHT)
    n, offset = divmod(start >> level * TILE_HEIGHT, TILE_WIDTH)
    first, last = offset * HASH_SIZE, (offset + (1 << inside)) * HASH_SIZE
    return root_of(hashes(level, n)[first:last])
