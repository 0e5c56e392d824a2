# SPDX-License-Identifier: Apache-2.0
"""Which files a log has gained between two sizes, and those of the sizes between.

A log has files of its right edge for each batch, which a strict audit looks for. A mirror that
slept meanwhile need not fetch them: each is the beginning of a file that it has.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

from collections.abc import Callable, Iterator

from tuidang.pure.ledger.entries import EntryError, Seal, decode
from tuidang.pure.merkle.bundles import BundleError, decode_bundle, encode_bundle
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.tiles import TILE_HEIGHT, TILE_WIDTH, BundleId, Tile

File = Tile | BundleId
Read = Callable[[str], bytes]


def gained_files(old: int, size: int) -> Iterator[File]:
    """Yield the tiles and bundles of a log of `size` that one of `old` entries did not have."""
    for level in range((size.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT):
        had, has = old >> TILE_HEIGHT * level, size >> TILE_HEIGHT * level
        for n in range(had // TILE_WIDTH, -(-has // TILE_WIDTH)):
            width = min(has - n * TILE_WIDTH, TILE_WIDTH)
            if not level:
                yield BundleId(n, width)
            yield Tile(level, n, width)


def earlier_files(old: int, size: int, read: Read) -> Iterator[tuple[File, File, bytes]]:
    """Yield the unfinished files of each batch that ended after `old` and before `size`.

    Each with the file of which it is the beginning, and its bytes; only of those tiles and
    bundles that are unfinished still. `read` gives the log's files. Where the chain of seals
    is broken they end early, and the audit says why.
    """
    made: set[Tile] = set()
    for end in _ends_between(old, size, read):
        for level in range((size.bit_length() + TILE_HEIGHT - 1) // TILE_HEIGHT):
            has = size >> TILE_HEIGHT * level
            n, width = divmod(end >> TILE_HEIGHT * level, TILE_WIDTH)
            tile, now = Tile(level, n, width), has - n * TILE_WIDTH
            if width and width < now < TILE_WIDTH and tile not in made:
                made.add(tile)
                whole = Tile(level, n, now)
                yield tile, whole, read(whole.path)[: width * HASH_SIZE]
                if not level:
                    bundle = BundleId(n, now)
                    entries = decode_bundle(read(bundle.path))
                    yield BundleId(n, width), bundle, encode_bundle(entries[:width])


def _ends_between(old: int, size: int, read: Read) -> Iterator[int]:
    """Yield the sizes after each batch, from the right; the seals name one another."""
    end = size
    while end > old:
        seal = _seal(end - 1, size, read)
        if seal is None or seal.previous_seal is None or seal.previous_seal >= end - 1:
            return
        end = seal.previous_seal + 1
        if end > old:
            yield end


def _seal(index: int, size: int, read: Read) -> Seal | None:
    n, place = divmod(index, TILE_WIDTH)
    bundle = BundleId(n, min(size - n * TILE_WIDTH, TILE_WIDTH))
    try:
        entry = decode(decode_bundle(read(bundle.path), bundle.width)[place])
    except (BundleError, EntryError):
        return None
    return entry if isinstance(entry, Seal) else None
