# SPDX-License-Identifier: AGPL-3.0-or-later
"""A signed log of any size, in daily batches, written as fast as its hashes can be had.

Every commitment is random and stands for nobody: a sample.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from tests.pure.ledger.samples import DAY
from tests.verify.sample_logs import CLOCK, ORIGIN, TIME, TRUST, signed
from tuidang.pure.ledger.entries import Cell, Received, Seal, day_number
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.growth import grow
from tuidang.pure.merkle.tiles import BundleId, Tile

BATCH = 44_000
PERSONS = BATCH - 2  # and R, and the seal
# Which cell a sample falls into is said by the last byte of its commitment.
CELLS = [((n * 7) % 8, (0, 1, 2, 3, 7)[n % 5]) for n in range(256)]
HEADS = [bytes((0, 36, 1, orgs, class_, 0)) for orgs, class_ in CELLS]


class Writer:
    """Appends batches to a log in a folder that is not public and need not be durable."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.size = 0
        self.root = b""
        self._batches = 0
        self._counts: Counter[tuple[int, int]] = Counter()
        self._rest: list[bytes] = []  # the entries of the last bundle, if it is not full
        self._folders: set[str] = set()

    def batch(self, persons: int) -> None:
        """Add a day of so many persons."""
        entries = [*self._persons(persons), *self._ending(persons)]
        row = self._rest + entries
        first, hashes = self.size // 256, list[bytes]()
        for n, start in enumerate(range(0, len(row), 256), first):
            chunk = row[start : start + 256]
            bundle = b"".join(chunk)
            self._write(BundleId(n, len(chunk)).path, bundle)
            hashes.append(kernel.bundle_hashes(bundle, len(chunk)))
        added = b"".join(hashes)[32 * len(self._rest) :]
        tiles, self.root = grow(self._read, self.size, added)
        for tile, data in tiles:
            self._write(tile.path, data)
        self.size += len(entries)
        self._rest = row[len(row) // 256 * 256 :]
        self._batches += 1

    def sign(self) -> None:
        """Write the checkpoint, and beside the folder the keys to trust."""
        text = Checkpoint(ORIGIN, self.size, self.root).text
        self._write("checkpoint", signed(text, cosign(text, CLOCK, TIME)))
        self.folder.with_name("trust").write_bytes(TRUST)

    def _persons(self, count: int) -> Iterator[bytes]:
        noise = os.urandom(32 * count)
        last = noise[31::32]
        for value in range(256):
            self._counts[CELLS[value]] += last.count(value)
        commitments = sorted(noise[at : at + 32] for at in range(0, len(noise), 32))
        return (HEADS[each[31]] + each for each in commitments)

    def _ending(self, persons: int) -> Iterator[bytes]:
        day = day_number(DAY + timedelta(days=self._batches))
        cells = (Cell(*cell, count) for cell, count in sorted(self._counts.items()) if count)
        previous = self.size - 1 if self.size else None
        seal = Seal(0, self._batches, self.size, previous, day, day, tuple(cells))
        for entry in (Received(persons, os.urandom(32)).encode(), seal.encode()):
            yield len(entry).to_bytes(2, "big") + entry

    def _read(self, tile: Tile) -> bytes:
        return (self.folder / tile.path).read_bytes()

    def _write(self, path: str, data: bytes) -> None:
        parent = path.rpartition("/")[0]
        if parent not in self._folders:
            (self.folder / parent).mkdir(parents=True, exist_ok=True)
            self._folders.add(parent)
        with open(f"{self.folder}/{path}", "wb", buffering=0) as file:  # noqa: PTH123 -- faster
            file.write(data)


def write_log(folder: Path, leaves: int) -> Writer:
    """Write a signed log of `leaves` entries, the last batch perhaps smaller, and its trust."""
    writer = Writer(folder)
    while writer.size < leaves:
        writer.batch(min(BATCH, max(leaves - writer.size, 3)) - 2)
    writer.sign()
    return writer
