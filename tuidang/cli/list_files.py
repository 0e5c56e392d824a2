# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading list files: the bytes of a .txt, .csv or .xlsx become rows.

Files come from strangers: text is refused when no encoding makes sense of it, and workbooks
have a reader of their own. This module must never write, follow a link, or repeat a cell.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator
from pathlib import PurePath

from tuidang.cli.workbooks import MAX_WORKBOOK, read_workbook
from tuidang.pure import naming
from tuidang.pure.intake.lists import Row, rows_from_text
from tuidang.pure.intake.problems import LineProblem, ListError

MAX_TEXT = 1_000_000
_DELIMITERS = (",", ";", "\t")
# Ideographs are added here every few years; elsewhere an unassigned character means garbage.
_IDEOGRAPHIC_PLANES = range(0x20000, 0x40000)


def read_list_file(name: str, data: bytes) -> tuple[Row, ...]:
    """Read a list file into rows; of `name` only the ending is looked at.

    Raises ListError: file_kind_unknown, file_too_large, not_text, row_unreadable, and for
    workbooks what `read_workbook` tells.
    """
    ending = PurePath(name).suffix.lower()
    if ending not in (".txt", ".csv", ".xlsx"):
        raise ListError([LineProblem(0, "file_kind_unknown")])
    limit = MAX_WORKBOOK if ending == ".xlsx" else MAX_TEXT
    if len(data) > limit:
        raise ListError([LineProblem(0, "file_too_large", {"limit": limit})])
    if ending == ".xlsx":
        return read_workbook(data)
    text = decode_text(data)
    return rows_from_text(text) if ending == ".txt" else tuple(_rows_from_csv(text))


def decode_text(data: bytes) -> str:
    """Decode UTF-8, UTF-16 with its mark, or GB18030; raise ListError (not_text) otherwise.

    GB18030 gives some character for most bytes. So its answer is refused where it holds
    control, private or unassigned characters, which no list of names has.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _decode(data, "utf-16")
    else:
        text = _decode(data, "utf-8-sig")
        if text is None:
            text = _decode(data, "gb18030")
            if text is not None and any(map(_is_garbage, set(text))):
                text = None
    if text is None or "\0" in text:
        raise ListError([LineProblem(0, "not_text")])
    return text


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _is_garbage(sign: str) -> bool:
    if sign in "\t\r\n":
        return False
    category = unicodedata.category(sign)
    if category == "Cn":
        return ord(sign) not in _IDEOGRAPHIC_PLANES or naming.is_noncharacter(sign)
    return category in ("Cc", "Co", "Cs")


def _rows_from_csv(text: str) -> Iterator[Row]:
    """Read CSV by the delimiter that occurs most; a row has the line on which it begins."""
    delimiter = max(_DELIMITERS, key=text.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error:
        raise ListError([LineProblem(line, "row_unreadable")]) from None
