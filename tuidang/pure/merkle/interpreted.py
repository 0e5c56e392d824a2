# SPDX-License-Identifier: Apache-2.0
"""The hash kernel in Python alone, for machines without a compiler.

Short rather than fast, and what the compiled kernel is compared with. It must never accept
what the compiled kernel refuses, nor the other way round.
"""

import struct
import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from operator import mul

from tuidang.pure.merkle.errors import FormatError

MAX_BUNDLE = 256
PERSON = 38  # bytes of a D entry in a bundle: its length, its four codes, its commitment
Take = Callable[[bytes, int, bytes, int], int]
_CLASSES = (0, 1, 2, 3, 7, 0x80, 0x81, 0x82, 0x83, 0x87)
CELLS = tuple((orgs, class_) for orgs in (*range(8), 0xFF) for class_ in _CLASSES)
_HEADS = {bytes((0, 36, 1, *cell, 0)) for cell in CELLS}


def fingerprint(value: bytes, secret: "array[int]") -> bytes:
    """See `kernel.fingerprint`."""
    words: tuple[int, ...] = struct.unpack(">8I", value)
    high = secret[8] + sum(map(mul, secret[:8], words))
    low = secret[17] + sum(map(mul, secret[9:17], words))
    return b"".join((each >> 32 & 0xFFFFFFFF).to_bytes(4, "big") for each in (high, low))


class Interpreted:
    """The functions of `kernel`, by `hashlib`."""

    name = "hashlib"

    def leaf_hashes(self, entries: Sequence[bytes]) -> bytes:
        """See `kernel.leaf_hashes`."""
        return b"".join([sha256(b"\x00" + entry).digest() for entry in entries])

    def bundle_hashes(self, bundle: bytes, most: int) -> bytes:
        """See `kernel.bundle_hashes`; more than `most` entries are refused."""
        entries = list(_entries(bundle))
        if len(entries) > most:
            raise FormatError("bundle_count", "the bundle holds another number of entries")
        return self.leaf_hashes(entries)

    def parents(self, hashes: bytes) -> bytes:
        """See `kernel.parents`."""
        ends = range(64, len(hashes) + 1, 64)
        above = [sha256(b"\x01" + hashes[end - 64 : end]).digest() for end in ends]
        return b"".join(above) + hashes[len(hashes) & ~63 :]

    def root_of(self, hashes: bytes) -> bytes:
        """See `kernel.root_of`; at least one hash."""
        while len(hashes) > 32:
            hashes = self.parents(hashes)
        return hashes

    def tile_roots(self, hashes: bytes) -> bytes:
        """See `kernel.tile_roots`."""
        tiles = range(0, len(hashes), 8192)
        return b"".join([self.root_of(hashes[at : at + 8192]) for at in tiles])

    def taker(self, secret: "array[int]", counts: "array[int]", fingerprints: "array[int]") -> Take:
        """Return the function by which `kernel.Persons` takes entries into these arrays.

        It is given bundle, first byte, the commitment before (32 bytes or none), and how many
        fingerprints there are; it returns how many entries it took.
        """

        def take(bundle: bytes, start: int, last: bytes, used: int) -> int:
            taken = 0
            for at in range(start, len(bundle) - PERSON + 1, PERSON):
                commitment = bundle[at + 6 : at + PERSON]
                if bundle[at : at + 6] not in _HEADS or commitment <= last:
                    break
                if used + taken == len(fingerprints):
                    break
                counts[bundle[at + 3] << 8 | bundle[at + 4]] += 1
                found = fingerprint(commitment, secret)
                fingerprints[used + taken] = int.from_bytes(found, sys.byteorder)
                taken, last = taken + 1, commitment
            return taken

        return take

    def buckets(self, fingerprints: bytes) -> list[bytes]:
        """See `kernel.buckets`."""
        groups: list[list[bytes]] = [[] for _ in range(256)]
        for at in range(0, len(fingerprints), 8):
            groups[fingerprints[at]].append(fingerprints[at : at + 8])
        return [b"".join(group) for group in groups]

    def repeats(self, fingerprints: bytes) -> list[bytes]:
        """See `kernel.fingerprint_repeats`."""
        ordered = sorted(fingerprints[at : at + 8] for at in range(0, len(fingerprints), 8))
        return sorted({one for one, other in pairwise(ordered) if one == other})


def _entries(bundle: bytes) -> Iterator[bytes]:
    at, end = 0, len(bundle)
    while at < end:
        start = at + 2
        at = start + int.from_bytes(bundle[at:start], "big")
        if start > end or at > end:
            raise FormatError("bundle_cut_off", "the bundle ends inside an entry")
        yield bundle[start:at]
