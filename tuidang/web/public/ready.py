# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages as ready-made bytes, plain and gzipped, with slots that are filled for each answer.

Rendering a page costs many times what sending it does, and the form is asked for most when
the site is under attack. A slot in a gzipped page is a stored block (RFC 1951, section
3.2.4) between compressed pieces that do not refer to one another.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_LONGEST_SLOT = 0xFFFF


@dataclass(frozen=True, slots=True)
class ReadyPage:
    """The pieces of a page around its slots, and the same pieces compressed."""

    pieces: tuple[bytes, ...]
    packed: tuple[bytes, ...]

    @classmethod
    def cut(cls, page: str, slots: Sequence[str] = ()) -> "ReadyPage":
        """Cut a rendered page at its slot marks, each of which stands in it once, in order.

        Raises ValueError where a mark is missing, repeated or out of order.
        """
        pieces, rest = [], page
        for mark in slots:
            piece, found, rest = rest.partition(mark)
            if not found or mark in rest:
                raise ValueError("a slot of a ready-made page must stand in it exactly once")
            pieces.append(piece.encode())
        pieces.append(rest.encode())
        last = len(pieces) - 1
        packed = tuple(_pack(piece, last=at == last) for at, piece in enumerate(pieces))
        return cls(tuple(pieces), packed)

    def plain(self, *values: bytes) -> bytes:
        """Give the page with its slots filled; the values must be safe in HTML already."""
        return b"".join(_woven(self.pieces, values))

    def gzipped(self, *values: bytes) -> bytes:
        """Give the same page as a gzip file (RFC 1952)."""
        page = self.plain(*values)
        stored = [_stored(value) for value in values]
        trailer = struct.pack("<II", zlib.crc32(page), len(page))
        return b"".join([_GZIP_HEADER, *_woven(self.packed, stored), trailer])


def _woven(pieces: Sequence[bytes], values: Sequence[bytes]) -> list[bytes]:
    if len(values) != len(pieces) - 1:
        raise ValueError("a ready-made page needs one value for each slot")
    woven = [pieces[0]]
    for value, piece in zip(values, pieces[1:], strict=True):
        woven += (value, piece)
    return woven


def _pack(piece: bytes, *, last: bool) -> bytes:
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    # A sync flush ends on a whole byte, so that a stored block may follow.
    return compressor.compress(piece) + compressor.flush(
        zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
    )


def _stored(value: bytes) -> bytes:
    if len(value) > _LONGEST_SLOT:
        raise ValueError("a slot takes at most 65,535 bytes")
    return b"\x00" + struct.pack("<HH", len(value), len(value) ^ 0xFFFF) + value
