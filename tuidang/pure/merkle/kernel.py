# SPDX-License-Identifier: Apache-2.0
"""The hash kernel: many hashes at once, and what an auditor does to every leaf.

Works on joined bytes, 32 for each hash. Compiled from `kernel.c` where the machine that
installed us has a compiler, and by `hashlib` where not; the answers are the same to the
byte. TUIDANG_KERNEL (`hashlib`, `portable`, `shani`, `avx512`) forces one. It must never
decide whether a log holds: what is not plain is left to those who can name the fault.

Sources: RFC 6962 section 2.1; `transparency-log.md` sections 2, 4 and 5.
"""

import os
from array import array
from collections.abc import Callable, Sequence

from tuidang.pure.merkle import interpreted
from tuidang.pure.merkle.compiled import AVX512, SHANI, Compiled, load
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT, HASH_SIZE
from tuidang.pure.merkle.interpreted import CELLS, MAX_BUNDLE, PERSON, Interpreted

FINGERPRINT, SECRET = 8, 18  # bytes; numbers of 64 bits
_TILE = 256 * HASH_SIZE
_ROOM = 1 << 17  # fingerprints that are handed over at once: one megabyte
# What a processor must be able to do, and what is used of it: a few hashes at a time go faster
# by the SHA instructions even where AVX-512 does the many.
_WAYS = {"avx512": (AVX512, AVX512 | SHANI), "shani": (SHANI, SHANI), "portable": (0, 0)}

Kernel = Compiled | Interpreted


class KernelMissing(RuntimeError):
    """TUIDANG_KERNEL asks for a kernel that this machine does not have."""


def available() -> dict[str, Kernel]:
    """Return the kernels that this machine runs, by their names, the fastest first."""
    kernels: dict[str, Kernel] = {}
    library = load()
    if library is not None:
        can = library.kernel_ways()
        kernels = {
            name: Compiled(library, name, ways & can)
            for name, (needed, ways) in _WAYS.items()
            if needed & can == needed
        }
    return {**kernels, "hashlib": Interpreted()}


def choose(name: str = "") -> Kernel:
    """Return the kernel of this name, or the fastest that this machine runs.

    Raises KernelMissing for a name that is unknown or that this machine cannot run.
    """
    kernels = available()
    if name not in ("", *kernels):
        raise KernelMissing(f"TUIDANG_KERNEL: here there is no {name}, but {', '.join(kernels)}")
    return kernels[name] if name else next(iter(kernels.values()))


_kernel = choose(os.environ.get("TUIDANG_KERNEL", ""))


def implementation() -> str:
    """Return which kernel runs: `avx512`, `shani`, `portable` or `hashlib`."""
    return _kernel.name


def leaf_hashes(entries: Sequence[bytes]) -> bytes:
    """Return the leaf hashes of these entries, joined; entries of any length."""
    return _kernel.leaf_hashes(entries)


def bundle_hashes(bundle: bytes, expected: int | None = None, *, kernel: Kernel = _kernel) -> bytes:
    """Return the leaf hashes of a bundle's entries, joined: the tile of level 0 beside it.

    Raises FormatError (`bundle_cut_off`, `bundle_count`), as `bundles.decode_bundle` does,
    for a cut-off bundle and unless it holds `expected` entries, or else 1 to 256.
    """
    hashes = kernel.bundle_hashes(bundle, MAX_BUNDLE)
    count = len(hashes) // HASH_SIZE
    if count != expected and (expected is not None or not 1 <= count <= MAX_BUNDLE):
        raise FormatError("bundle_count", "the bundle holds another number of entries")
    return hashes


def bundles_hashes(joined: bytes, expected: int, *, kernel: Kernel = _kernel) -> bytes:
    """Return the leaf hashes of the entries of several bundles that were joined.

    Raises FormatError unless there are exactly `expected` entries. Where one bundle ends and
    the next begins, nobody asks here.
    """
    hashes = kernel.bundle_hashes(joined, expected)
    if len(hashes) != HASH_SIZE * expected:
        raise FormatError("bundle_count", "the bundles hold another number of entries")
    return hashes


def parents(hashes: bytes) -> bytes:
    """Return the next row up: neighbours paired, an odd last hash promoted unchanged."""
    _check(hashes, HASH_SIZE)
    return _kernel.parents(hashes)


def root_of(hashes: bytes) -> bytes:
    """Return the root over these leaf hashes; EMPTY_ROOT for none."""
    _check(hashes, HASH_SIZE)
    return _kernel.root_of(hashes) if hashes else EMPTY_ROOT


def tile_roots(hashes: bytes) -> bytes:
    """Return the roots of consecutive full tiles (8,192 bytes each), joined."""
    _check(hashes, _TILE)
    return _kernel.tile_roots(hashes)


class Persons:
    """The plain road of an audit: D entries in order, which are nearly all there are.

    `take` goes over a bundle from a byte offset and consumes D entries as long as each is
    well formed and its commitment above the one before. Whatever else comes stops it, before
    that entry, and is for the slow road to judge. Counts are kept here; the fingerprint of
    each commitment, by which repeats are found, goes to `keep` a megabyte at a time, joined,
    in the order of the entries.

    One object for one audit, and for one thread.
    """

    def __init__(
        self, keep: Callable[[bytes], None], secret: "array[int]", kernel: Kernel = _kernel
    ) -> None:
        _check_secret(secret)
        self._keep, self._secret = keep, secret
        self._counts = array("Q", bytes(8 << 16))  # at orgs << 8 | class
        self._fingerprints = array("Q", bytes(FINGERPRINT * _ROOM))
        self._used = 0
        self._take = kernel.taker(self._secret, self._counts, self._fingerprints)

    def take(self, bundle: bytes, start: int, last: bytes) -> int:
        """Consume the D entries that begin at byte `start`; return how many there were.

        Each took 38 bytes, so the next entry stands at `start + 38 * n`, and the last
        commitment is the 32 bytes before. `last` is the commitment of the D entry before
        `start` in the same batch, and empty at the beginning of a batch.
        """
        if self._used + len(bundle) // PERSON > _ROOM:
            self.flush()
        if len(last) not in (0, HASH_SIZE):
            raise FormatError("hash_length", "a commitment is 32 bytes long")
        taken = self._take(bundle, start, last, self._used)
        self._used += taken
        return taken

    def flush(self) -> None:
        """Hand over the fingerprints that are still here."""
        if self._used:
            self._keep(self._fingerprints[: self._used].tobytes())
        self._used = 0

    def cells(self) -> dict[tuple[int, int], int]:
        """Return how many persons were taken so far, by (orgs, class); none is zero."""
        counts = ((cell, self._counts[cell[0] << 8 | cell[1]]) for cell in CELLS)
        return {cell: count for cell, count in counts if count}


def fingerprint(value: bytes, secret: "array[int]") -> bytes:
    """Return eight bytes that stand for these 32, under 18 random numbers of 64 bits.

    Two values have one fingerprint with a chance of 1 in 2^64, whoever chose them without
    knowing the numbers, so that nobody can crowd one bucket.
    """
    _check_secret(secret)
    if len(value) != HASH_SIZE:
        raise FormatError("hash_length", "a commitment is 32 bytes long")
    return interpreted.fingerprint(value, secret)


def buckets(fingerprints: bytes) -> list[bytes]:
    """Return 256 groups of these fingerprints (8 bytes each), by their first byte."""
    _check(fingerprints, FINGERPRINT)
    return _kernel.buckets(fingerprints)


def fingerprint_repeats(fingerprints: bytes) -> list[bytes]:
    """Return, ascending, each fingerprint (8 bytes) that stands there twice or more.

    The compiled kernel sorts, in twice the memory of what it is given and in a time that no
    choice of fingerprints can stretch.
    """
    _check(fingerprints, FINGERPRINT)
    return _kernel.repeats(fingerprints)


def _check_secret(secret: "array[int]") -> None:
    if secret.typecode != "Q" or len(secret) != SECRET:
        raise FormatError("secret_length", "a secret is 18 numbers of 64 bits")


def _check(data: bytes, width: int) -> None:
    if len(data) % width:
        raise FormatError("hash_length", f"not a whole number of {width} bytes")


__all__ = [
    "PERSON",
    "KernelMissing",
    "Persons",
    "available",
    "buckets",
    "bundle_hashes",
    "bundles_hashes",
    "choose",
    "fingerprint",
    "fingerprint_repeats",
    "implementation",
    "leaf_hashes",
    "parents",
    "root_of",
    "tile_roots",
]
