# SPDX-License-Identifier: Apache-2.0
"""The hash kernel compiled from `kernel.c`, called by ctypes.

Hands over buffers and their sizes, and nothing else: every length is checked on this side or
by the C function, never assumed. Calls let other threads run, and share nothing.
"""

import ctypes
from array import array
from collections.abc import Sequence
from pathlib import Path

from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.interpreted import Take

LIBRARY = Path(__file__).with_name("libkernel.so")
SHANI, AVX512 = 1, 2  # bits of what a processor can do besides plain C
_ABI = 3
_CHUNK = 2048

# Bytes that are still to be filled, which only we know of: one allocation, and no copy.
_new_bytes = ctypes.pythonapi.PyBytes_FromStringAndSize
_new_bytes.argtypes, _new_bytes.restype = [ctypes.c_void_p, ctypes.c_ssize_t], ctypes.py_object

_I32, _I64, _SIZE, _TEXT = ctypes.c_int32, ctypes.c_int64, ctypes.c_size_t, ctypes.c_char_p
_ADDRESS = ctypes.c_void_p
_FUNCTIONS: dict[str, tuple[type | None, list[type]]] = {
    "kernel_abi": (_I32, []),
    "kernel_ways": (_I32, []),
    "kernel_leaves": (_I64, [_I32, _TEXT, _SIZE, _ADDRESS, _SIZE, _TEXT, _SIZE]),
    "kernel_bundle": (_I64, [_I32, _TEXT, _SIZE, _TEXT, _SIZE]),
    "kernel_parents": (_SIZE, [_I32, _TEXT, _SIZE, _TEXT]),
    "kernel_tiles": (_SIZE, [_I32, _TEXT, _SIZE, _TEXT]),
    "kernel_persons": (_SIZE, [_TEXT, _SIZE, _SIZE, _TEXT, _ADDRESS, _ADDRESS, _ADDRESS, _SIZE]),
    "kernel_buckets": (None, [_TEXT, _SIZE, _TEXT, _ADDRESS]),
    "kernel_repeats": (_SIZE, [_TEXT, _SIZE, _TEXT]),
}


def load(path: Path = LIBRARY) -> ctypes.CDLL | None:
    """Return the compiled library, None where there is none that fits this code."""
    try:
        library = ctypes.CDLL(str(path))
        for name, (result, arguments) in _FUNCTIONS.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
        return library if library.kernel_abi() == _ABI else None
    except (OSError, AttributeError):
        return None


class Compiled:
    """The functions of `kernel`, by one of the ways that `kernel.c` has."""

    def __init__(self, library: ctypes.CDLL, name: str, ways: int) -> None:
        self.name = name
        self._library = library
        self._ways = ways

    def leaf_hashes(self, entries: Sequence[bytes]) -> bytes:
        """See `kernel.leaf_hashes`; a few thousand at a time, which a cache can hold."""
        out: bytes = _new_bytes(None, 32 * len(entries))
        for first in range(0, len(entries), _CHUNK):
            chunk = entries[first : first + _CHUNK]
            joined, lengths = b"".join(chunk), array("Q", map(len, chunk))
            where = lengths.buffer_info()[0]
            self._library.kernel_leaves(
                self._ways, joined, len(joined), where, len(lengths), out, first
            )
        return out

    def bundle_hashes(self, bundle: bytes, most: int) -> bytes:
        """See `kernel.bundle_hashes`; `most` is how many entries there is room for."""
        out: bytes = _new_bytes(None, 32 * most)
        count = self._library.kernel_bundle(self._ways, bundle, len(bundle), out, most)
        if count < 0:
            raise FormatError("bundle_cut_off", "the bundle ends inside an entry")
        if count > most:
            raise FormatError("bundle_count", "the bundle holds another number of entries")
        return out if count == most else out[: 32 * count]

    def parents(self, hashes: bytes) -> bytes:
        """See `kernel.parents`."""
        count = len(hashes) // 32
        out: bytes = _new_bytes(None, (count + 1) // 2 * 32)
        self._library.kernel_parents(self._ways, hashes, count, out)
        return out

    def root_of(self, hashes: bytes) -> bytes:
        """See `kernel.root_of`; at least one hash."""
        while len(hashes) > 32:
            hashes = self.tile_roots(hashes)
        return hashes

    def tile_roots(self, hashes: bytes) -> bytes:
        """See `kernel.tile_roots`; here the last tile may be shorter."""
        out: bytes = _new_bytes(None, (len(hashes) + 8191) // 8192 * 32)
        self._library.kernel_tiles(self._ways, hashes, len(hashes) // 32, out)
        return out

    def taker(self, secret: "array[int]", counts: "array[int]", fingerprints: "array[int]") -> Take:
        """See `interpreted.Interpreted.taker`; the arrays must not grow or move."""
        function, cells = self._library.kernel_persons, counts.buffer_info()[0]
        (key, _), (place, room) = secret.buffer_info(), fingerprints.buffer_info()

        def take(bundle: bytes, start: int, last: bytes, used: int) -> int:
            taken: int = function(
                bundle, len(bundle), start, last or None, key, cells, place + 8 * used, room - used
            )
            return taken

        return take

    def buckets(self, fingerprints: bytes) -> list[bytes]:
        """See `kernel.buckets`."""
        grouped: bytes = _new_bytes(None, len(fingerprints))
        ends = array("Q", bytes(8 * 256))
        where = ends.buffer_info()[0]
        self._library.kernel_buckets(fingerprints, len(fingerprints) // 8, grouped, where)
        starts = [0, *ends[:-1]]
        return [grouped[8 * a : 8 * b] for a, b in zip(starts, ends, strict=True)]

    def repeats(self, fingerprints: bytes) -> list[bytes]:
        """See `kernel.fingerprint_repeats`."""
        work: bytes = _new_bytes(None, 2 * len(fingerprints))
        found = self._library.kernel_repeats(fingerprints, len(fingerprints) // 8, work)
        return [work[at : at + 8] for at in range(0, 8 * found, 8)]
