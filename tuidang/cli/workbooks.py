# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading .xlsx workbooks that may be hostile.

The archive is unpacked once within bounds, and looked over, before openpyxl sees it. This
module must never compute a formula, follow a link, or run anything that a workbook brings.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any

import openpyxl
from openpyxl.utils.escape import unescape

from tuidang.pure.intake.lists import MAX_ROWS, Row
from tuidang.pure.intake.problems import LineProblem, ListError

MAX_WORKBOOK = 10_000_000
MAX_UNPACKED = 50_000_000
MAX_PARTS = 1_000
MAX_RATIO = 200
MAX_COLUMNS = 64
MAX_LINES = 20_000
_RATIO_MATTERS_FROM = 1_000_000
_CHUNK = 1 << 16
# Parts by which a workbook reaches out of itself or brings something to run.
_REACHING_OUT = (
    "externallinks/",
    "vbaproject",
    "connections.xml",
    "querytables/",
    "embeddings/",
    "activex/",
    "macrosheets/",
)
_DECLARATIONS = (b"<!doctype", b"<!entity", b"\0")


def read_workbook(data: bytes) -> tuple[Row, ...]:
    """Read the first sheet that has content into rows of texts.

    Whole numbers become their digits, so that a column of list numbers passes and a number
    in place of a name is refused by the rules for names. Raises ListError: not_a_workbook,
    workbook_too_large, workbook_external, too_many_rows, and with their lines formula and
    cell_not_text.
    """
    _check_archive(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            return _read_sheets(data)
    except ListError:
        raise
    except Exception:
        # openpyxl raises whatever a broken workbook makes it stumble over.
        raise _refusal("not_a_workbook") from None


def _refusal(code: str, **facts: int | str) -> ListError:
    return ListError([LineProblem(0, code, facts)])


def _check_archive(data: bytes) -> None:
    """Bound what the archive says that it holds, then what it really holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            _check_directory(parts)
            unpacked = 0
            for part in parts:
                with archive.open(part) as stream:
                    unpacked = _check_part(stream, unpacked, part.filename.lower())
    except ListError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
        raise _refusal("not_a_workbook") from None


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    """Judge the archive by its table of contents."""
    names = [part.filename.lower() for part in parts]
    plain = all(part.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts)
    if not plain or len(set(names)) < len(names):
        raise _refusal("not_a_workbook")
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refusal("workbook_too_large", limit=MAX_UNPACKED)
    for part in parts:
        ratio_limit = max(_RATIO_MATTERS_FROM, MAX_RATIO * part.compress_size)
        if part.file_size > ratio_limit:
            raise _refusal("workbook_too_large", limit=MAX_UNPACKED)
    if any(sign in name for name in names for sign in _REACHING_OUT):
        raise _refusal("workbook_external")


def _check_part(stream: IO[bytes], unpacked: int, name: str) -> int:
    """Unpack one part, and refuse XML that declares entities or is not in UTF-8."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        unpacked += len(chunk)
        if unpacked > MAX_UNPACKED:
            raise _refusal("workbook_too_large", limit=MAX_UNPACKED)
        seen = (tail + chunk).lower()
        if name.endswith((".xml", ".rels")) and any(sign in seen for sign in _DECLARATIONS):
            raise _refusal("not_a_workbook")
        tail = seen[-16:]
    return unpacked


def _read_sheets(data: bytes) -> tuple[Row, ...]:
    workbook = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=False, keep_links=False
    )
    try:
        for sheet in workbook.worksheets:
            # Some writers state a smaller area than they fill.
            sheet.reset_dimensions()
            rows = tuple(_read_rows(sheet.iter_rows()))
            if rows:
                return rows
    finally:
        workbook.close()
    raise _refusal("file_empty")


def _read_rows(sheet_rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
    """Give the rows that are not empty; wrong cells are collected and told together."""
    problems: list[LineProblem] = []
    filled = 0
    for line, cells in enumerate(sheet_rows, 1):
        if line > MAX_LINES or len(cells) > MAX_COLUMNS or filled > MAX_ROWS:
            raise _refusal("too_many_rows", limit=MAX_ROWS)
        if all(cell.value is None for cell in cells):
            continue
        filled += 1
        problems += [LineProblem(line, code) for code in filter(None, map(_cell_problem, cells))]
        yield Row(line, tuple(_cell_text(cell.value) for cell in cells))
    if problems:
        raise ListError(problems)


def _cell_problem(cell: Any) -> str | None:
    if cell.value is None:
        return None
    if cell.data_type == "f":
        return "formula"
    text = isinstance(cell.value, str) and cell.data_type != "e"
    whole = cell.data_type == "n" and cell.value == int(cell.value)
    return None if text or whole else "cell_not_text"


def _cell_text(value: object) -> str:
    if isinstance(value, str):
        return str(unescape(value))
    return str(int(value)) if isinstance(value, int | float) else ""
