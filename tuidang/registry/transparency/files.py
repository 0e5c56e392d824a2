# SPDX-License-Identifier: AGPL-3.0-or-later
"""Batches as files: laid out, staged, and read again from the disk before anybody signs.

Bit flips have ended well-run logs, so what is signed is what the disk gives back, and not
what was in memory. Nothing here may sign, or know a table.

Source: `transparency-log.md` sections 5 and 11.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tuidang.pure.ledger.batches import Previous
from tuidang.pure.ledger.entries import Seal, decode
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.bundles import decode_bundle, encode_bundle
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.growth import grow
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.tiles import (
    TILE_WIDTH,
    BundleId,
    Tile,
    bundles_for_size,
    root_from_tiles,
)
from tuidang.registry.transparency.errors import LogDamaged
from tuidang.registry.transparency.storage import LogStore

Read = Callable[[str], bytes]


def read_previous(store: LogStore, size: int, root: bytes) -> Previous | None:
    """Return the seal that ends the public log, whose right edge must have this root.

    Raises LogDamaged if the tiles lead to another root, or the last bundle is not its tile's.
    """
    if size == 0:
        return None
    edge = bundle_of(size - 1, size)
    tile = _read_tile(store.read, Tile(0, edge.n, edge.width))
    seal = decode(entries_of(store.read, edge)[-1])
    if not isinstance(seal, Seal) or _bundle_hashes(store.read, edge) != tile:
        raise LogDamaged(path=edge.path)
    if root_from_tiles(lambda tile: _read_tile(store.read, tile), size) != root:
        raise LogDamaged(path=Tile(0, edge.n, edge.width).path)
    return Previous(seal, size - 1)


def bundle_of(index: int, size: int) -> BundleId:
    """Return the bundle that holds an entry in a log of this size."""
    n = index // TILE_WIDTH
    return BundleId(n, min(size - n * TILE_WIDTH, TILE_WIDTH))


def new_bundles(old_size: int, size: int) -> list[BundleId]:
    """Return the bundles that a log of `size` needs and one of `old_size` did not have."""
    first = old_size // TILE_WIDTH
    return [each for each in bundles_for_size(size) if each.n >= first]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a longer log adds to the files, and the root that it leads to."""

    files: list[tuple[str, bytes]]
    root: bytes

    @property
    def length(self) -> int:
        """How many bytes the files hold together."""
        return sum(len(data) for _, data in self.files)


def lay_out(read: Read, old_size: int, entries: Sequence[bytes]) -> Layout:
    """Return all bundles and tiles that the longer log needs and does not have.

    `read` gives the files of the log of `old_size`; only those on its right edge are asked for.
    """
    size, rest = old_size + len(entries), old_size % TILE_WIDTH
    edge = entries_of(read, BundleId(old_size // TILE_WIDTH, rest)) if rest else []
    row = [*edge, *entries]
    starts = range(0, len(row), TILE_WIDTH)
    bundles = [encode_bundle(row[start : start + TILE_WIDTH]) for start in starts]
    hashes = b"".join(map(kernel.bundle_hashes, bundles))[rest * HASH_SIZE :]
    tiles, root = grow(lambda tile: _read_tile(read, tile), old_size, hashes)
    paths = [each.path for each in new_bundles(old_size, size)]
    return Layout(
        [*zip(paths, bundles, strict=True), *((tile.path, data) for tile, data in tiles)], root
    )


def check_batch(read_old: Read, read_new: Read, old_size: int, size: int) -> bytes:
    """Return the root at `size` as the files give it, hashing every new entry and tile again.

    `read_old` gives the files of the log up to `old_size`, whose root is known to be right.
    Raises LogDamaged, naming the first file that does not fit the others.
    """
    hashes: list[bytes] = []
    for bundle in new_bundles(old_size, size):
        row = _bundle_hashes(read_new, bundle)
        if row != _read_tile(read_new, Tile(0, bundle.n, bundle.width)):
            raise LogDamaged(path=bundle.path)
        hashes.append(row)
    added = b"".join(hashes)[old_size % TILE_WIDTH * HASH_SIZE :]
    tiles, root = grow(lambda tile: _read_tile(read_old, tile), old_size, added)
    for tile, data in tiles:
        if tile.level and read_new(tile.path) != data:
            raise LogDamaged(path=tile.path)
    return root


def read_entries(read: Read, start: int, end: int) -> list[bytes]:
    """Return the entries from `start` up to `end`, which must be the size of a checkpoint."""
    row: list[bytes] = []
    for bundle in new_bundles(start, end):
        row += entries_of(read, bundle)
    return row[start % TILE_WIDTH :]


def entries_of(read: Read, bundle: BundleId) -> list[bytes]:
    """Return the entries of a bundle; LogDamaged unless it holds as many as its name says."""
    try:
        return decode_bundle(read(bundle.path), bundle.width)
    except FormatError as error:
        raise LogDamaged(path=bundle.path) from error


def _bundle_hashes(read: Read, bundle: BundleId) -> bytes:
    try:
        return kernel.bundle_hashes(read(bundle.path), bundle.width)
    except FormatError as error:
        raise LogDamaged(path=bundle.path) from error


def _read_tile(read: Read, tile: Tile) -> bytes:
    data = read(tile.path)
    if len(data) != tile.width * HASH_SIZE:
        raise LogDamaged(path=tile.path)
    return data
