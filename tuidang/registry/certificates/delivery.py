# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished certificate as it is handed over: its files, packed and locked.

In the mailbox it is locked under the second word inside the seal to the receipt code; for a
pick-up it is sealed to a code of its own. File names say nothing of whose they are.
"""

import io
import zipfile
from dataclasses import dataclass, field
from datetime import date
from typing import Self
from uuid import UUID

PDF = "certificate.pdf"
PNG = "certificate.png"
PLAIN = "plain.pdf"  # without code and attachments
CODE = "code.txt"  # the text of the code
PROOF = "certificate.tlog-proof"
FILES = (PDF, PNG, PLAIN, CODE, PROOF)
ROOM = 384 * 1024  # more than any has taken; then sealing makes them all of one size
_NUMBER_BYTES, _LENGTH_BYTES = 2, 4
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can say


@dataclass(frozen=True, slots=True)
class Packed:
    """The files of one certificate, for person `number` of a declaration."""

    number: int
    files: dict[str, bytes] = field(repr=False)

    def to_bytes(self) -> bytes:
        """Write u16 number, u32 length, a ZIP archive, then zeros up to ROOM.

        So that a sealed piece does not tell a long name, a script, or whether a proof is in it.
        """
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(_entry(name), content)
        packed = stream.getvalue()
        length = len(packed).to_bytes(_LENGTH_BYTES)
        return (self.number.to_bytes(_NUMBER_BYTES) + length + packed).ljust(ROOM, b"\0")

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote."""
        start = _NUMBER_BYTES + _LENGTH_BYTES
        end = start + int.from_bytes(data[_NUMBER_BYTES:start])
        with zipfile.ZipFile(io.BytesIO(data[start:end])) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return cls(int.from_bytes(data[:_NUMBER_BYTES]), files)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One certificate as it leaves: the piece it came in, the day it was put there, its files.

    `number` is that of the person; `files` are those of FILES that there are. `piece` names it
    for an erasure, and is None for a pick-up.
    """

    number: int
    day: date
    files: dict[str, bytes] = field(repr=False)
    piece: UUID | None = None


def _entry(name: str) -> zipfile.ZipInfo:
    """Name a file in the archive without the time at which it was made."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
