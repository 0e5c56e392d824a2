# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which characters a font file can draw, read from its table `cmap` alone.

A name is looked at while it is being typed, so this must be quick and must not load a
typesetter; it never reads an outline.

Source: OpenType 1.9, "cmap" (format 12, which holds all of Unicode) and "TTC Header".
"""

import struct
from pathlib import Path

_UNICODE = b"\x00\x03\x00\x0a"  # platform 3, encoding 10


class FontUnreadable(ValueError):
    """The file is no OpenType font with a table for the whole of Unicode."""


def read_ranges(path: Path, number: int = 0) -> list[tuple[int, int, int]]:
    """Return the code points that a font draws: `first`..`last`, both included, and first's glyph.

    Glyphs rise by one with the code points of a range; `number` counts the fonts of a collection.
    Raises FontUnreadable, and OSError where the file cannot be read.
    """
    try:
        return _ranges(_table(path, number))
    except (struct.error, StopIteration) as error:
        raise FontUnreadable(path.name) from error


def _table(path: Path, number: int) -> bytes:
    with path.open("rb") as file:
        if file.read(4) == b"ttcf":
            file.seek(12 + 4 * number)
            file.seek(struct.unpack(">I", file.read(4))[0] + 4)
        (tables,) = struct.unpack(">H6x", file.read(8))
        records = struct.iter_unpack(">4s4xII", file.read(16 * tables))
        offset, length = next(record[1:] for record in records if record[0] == b"cmap")
        file.seek(offset)
        return file.read(length)


def _ranges(table: bytes) -> list[tuple[int, int, int]]:
    (count,) = struct.unpack_from(">2xH", table)
    subtables = struct.iter_unpack(">4sI", table[4 : 4 + 8 * count])
    start = next(offset for key, offset in subtables if key == _UNICODE)
    form, groups = struct.unpack_from(">H10xI", table, start)
    if form != 12:
        raise FontUnreadable(f"format {form}")
    body = table[start + 16 : start + 16 + 12 * groups]
    # Glyph 0 is the box that stands for what is missing.
    return [
        (first + (glyph == 0), last, glyph + (glyph == 0))
        for first, last, glyph in struct.iter_unpack(">III", body)
        if last > first or glyph > 0
    ]
