# SPDX-License-Identifier: Apache-2.0
"""The log in parts to download: which files belong to which part, and their tar headers.

A part holds the full bundles of 256,000 entries and their leaf tiles, and never changes once
it is complete. The top holds everything else that a log of one size must have. Unpacked
together they are a folder in which nothing is missing and nothing is too much. The same log
must always give the same bytes: no times, no owners.

Sources: tlog-tiles, in `transparency-log.md` section 5; POSIX.1-1988 (ustar).
"""

import tarfile
from collections.abc import Iterable, Iterator

from tuidang.pure.merkle.tiles import TILE_HEIGHT, TILE_WIDTH, BundleId, Tile

BUNDLES_A_PART = 1000
# The folder into which the parts unpack: an audited folder must hold nothing but the log.
FOLDER = "log"
BLOCK = 512
END = bytes(2 * BLOCK)
MODE = 0o644


def complete_parts(size: int) -> int:
    """Return how many parts a log of this size fills."""
    return size // (BUNDLES_A_PART * TILE_WIDTH)


def all_parts(size: int) -> int:
    """Return how many parts a log of this size has; the last one may not be full yet."""
    return -(-(size // TILE_WIDTH) // BUNDLES_A_PART)


def bundles_of(part: int, size: int) -> range:
    """Return the numbers of the full bundles that a part holds in a log of this size."""
    first = part * BUNDLES_A_PART
    return range(first, max(first, min(first + BUNDLES_A_PART, size // TILE_WIDTH)))


def part_files(part: int, size: int) -> Iterator[BundleId | Tile]:
    """Yield the files of a part: each full bundle, then its leaf tile."""
    for n in bundles_of(part, size):
        yield BundleId(n)
        yield Tile(0, n)


def top_files(size: int, ends: Iterable[int]) -> Iterator[BundleId | Tile]:
    """Yield what the parts leave out, but for the checkpoint: upper tiles, and partial files.

    `ends` are the sizes after each batch, `size` among them. A partial file must be kept for
    each of them until the full one is there.
    """
    known = sorted({end for end in ends if end <= size} | {size})
    level, count = 0, size
    while count:
        if level:
            yield from (Tile(level, n) for n in range(count // TILE_WIDTH))
        for width in _partial_widths(level, count // TILE_WIDTH, known):
            yield Tile(level, count // TILE_WIDTH, width)
            if level == 0:
                yield BundleId(count // TILE_WIDTH, width)
        level, count = level + 1, count >> TILE_HEIGHT


def tar_header(path: str, length: int) -> bytes:
    """Return the header of a file below FOLDER: one block, the same at any time and place."""
    info = tarfile.TarInfo(f"{FOLDER}/{path}")
    info.size, info.mode = length, MODE
    return info.tobuf(tarfile.USTAR_FORMAT)


def padding(length: int) -> bytes:
    """Return the zeros that fill a file's last block."""
    return bytes(-length % BLOCK)


def tar_length(lengths: Iterable[int]) -> int:
    """Return how long a tar file is that holds files of these lengths."""
    return sum(BLOCK + length + -length % BLOCK for length in lengths) + len(END)


def _partial_widths(level: int, n: int, ends: Iterable[int]) -> list[int]:
    """Return how wide the last, unfinished tile of a level was after each batch."""
    tiles = (divmod(end >> level * TILE_HEIGHT, TILE_WIDTH) for end in ends)
    return sorted({width for number, width in tiles if number == n and width})
