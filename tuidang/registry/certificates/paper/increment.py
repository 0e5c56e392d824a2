# SPDX-License-Identifier: AGPL-3.0-or-later
"""The increment that gives a page its signature field, and the place of the signature in it.

It reads the typesetter's file only as that writes it: one page, a plain cross-reference table, no
annotations. Anything else is refused rather than guessed at. The field has no picture and lies
outside the page, so that it needs no place in the structure tree (ISO 14289-1, section 7.18.1).

Source: ISO 32000-1 sections 7.5.4 to 7.5.6, 12.5.2, 12.7 and 12.8.1.
"""

import hashlib
import re
from dataclasses import dataclass
from itertools import accumulate

from tuidang.registry.certificates.paper.errors import NotOurPaper

_TRAILER = re.compile(
    rb"trailer\n<</Size (\d+)/Root (\d+) 0 R/Info (\d+) 0 R/ID\[(\([^()\\]+\))\([^()\\]+\)\]>>\n"
    rb"startxref\n(\d+)\n%%EOF"
)
_TRAILER_SIZE = 400  # bytes at the end, in which the trailer begins
_DAY = re.compile(rb"/CreationDate\(D:(\d{8})000000Z\)")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_ONE_PAGE = re.compile(rb"/Count 1/Kids\[(\d+) 0 R\]")
_RANGE_WIDTH = 34  # brackets, 0 and three numbers of nine digits
_ENTRY = 20  # bytes in the cross-reference table


@dataclass(frozen=True, slots=True)
class Increment:
    """A file in two parts; between them goes the signature with its angle brackets."""

    before: bytes
    after: bytes

    def digest(self) -> bytes:
        """Return the SHA-256 of everything but the signature."""
        digest = hashlib.sha256(self.before)
        digest.update(self.after)
        return digest.digest()


def add_signature_field(pdf: bytes, gap: int) -> Increment:
    """Return `pdf` with a signature field, and room for `gap` bytes of signature.

    Raises NotOurPaper if it is not one page as the typesetter writes it.
    """
    file = _File.read(pdf)
    field, signature = file.size, file.size + 1
    (page,) = _numbers(_ONE_PAGE, file.body(*_numbers(_PAGES, file.body(file.root))))
    changed = {
        page: _with(file.body(page), b"/Annots[%d 0 R]" % field),
        file.root: _with(file.body(file.root), b"/AcroForm<</Fields[%d 0 R]/SigFlags 3>>" % field),
        field: b"<</FT/Sig/T(Signature)/TU(Signature)/Type/Annot/Subtype/Widget/F 132"
        b"/Rect[-1 -1 -1 -1]/P %d 0 R/V %d 0 R>>" % (page, signature),
    }
    bodies = [b"%d 0 obj\n%b\nendobj\n" % item for item in changed.items()]
    start = pdf + b"\n"
    offsets = dict(zip([*changed, signature], accumulate(map(len, [start, *bodies])), strict=True))
    opening = (
        b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" % signature
    )
    opening += b"/M(D:%b000000Z)/ByteRange" % file.day()
    begun = b"".join([start, *bodies, opening])
    size = len(begun) + _RANGE_WIDTH + len(b"/Contents")
    after = _after(file, offsets, size + gap + len(b">>\nendobj\n"))
    ranges = b"[0 %d %d %d]" % (size, size + gap, len(after))
    return Increment(begun + ranges.ljust(_RANGE_WIDTH) + b"/Contents", after)


@dataclass(frozen=True, slots=True)
class _File:
    """The typesetter's file: number of objects, its catalog and information, its table."""

    data: bytes
    size: int
    root: int
    info: int
    identity: bytes
    table: int

    @classmethod
    def read(cls, data: bytes) -> "_File":
        found = _TRAILER.search(data, max(0, len(data) - _TRAILER_SIZE))
        if found is None or found.end() != len(data):
            raise NotOurPaper(what="its end")
        size, root, info, identity, table = found.groups()
        return cls(data, int(size), int(root), int(info), identity, int(table))

    def body(self, number: int) -> bytes:
        """Return what stands between `obj` and `endobj`."""
        entries = self.table + len(b"xref\n0 %d\n" % self.size)
        entry = self.data[entries + _ENTRY * number :][:_ENTRY]
        head = b"%d 0 obj\n" % number
        if entry[10:18] != b" 00000 n" or not entry[:10].isdigit():
            raise NotOurPaper(what="its table")
        start = int(entry[:10])
        end = self.data.find(b"\nendobj\n", start)
        if end < 0 or not self.data.startswith(head, start):
            raise NotOurPaper(what="an object")
        return self.data[start + len(head) : end]

    def day(self) -> bytes:
        """Return the day of issue, YYYYMMDD, which the typesetter wrote as the date made."""
        if found := _DAY.search(self.body(self.info)):
            return found[1]
        raise NotOurPaper(what="its date")


def _numbers(pattern: re.Pattern[bytes], body: bytes) -> tuple[int, ...]:
    found = pattern.search(body)
    if found is None:
        raise NotOurPaper(what="its page")
    return tuple(map(int, found.groups()))


def _with(body: bytes, entry: bytes) -> bytes:
    if not body.startswith(b"<<") or not body.endswith(b">>") or b"/Annots" in body:
        raise NotOurPaper(what="a dictionary")
    return body[:-2] + entry + b">>"


def _after(file: _File, offsets: dict[int, int], start: int) -> bytes:
    """Return the end of the signature's object, the table of what changed, and the trailer.

    The second part of the identity changes with each revision (ISO 32000-1, section 14.4).
    """
    table = b"".join(
        b"%d 1\n%010d 00000 n\r\n" % (number, offset) for number, offset in sorted(offsets.items())
    )
    identity = b"%b<%b>" % (file.identity, hashlib.sha256(file.data).hexdigest()[:32].encode())
    return (
        b">>\nendobj\nxref\n%btrailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[%b]/Prev %d>>\n"
        b"startxref\n%d\n%%%%EOF\n"
    ) % (table, file.size + 2, file.root, file.info, identity, file.table, start)
