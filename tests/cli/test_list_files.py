# SPDX-License-Identifier: AGPL-3.0-or-later
"""List files: what can be read is read alike, and hostile files are refused early."""

import io
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuidang.cli.list_files import MAX_TEXT, decode_text, read_list_file
from tuidang.cli.workbooks import MAX_UNPACKED, MAX_WORKBOOK
from tuidang.pure.intake.lists import declaration_from_rows
from tuidang.pure.intake.problems import ListError

NAMES = ["样本甲", "樣本乙", "Sample One", "𠮷样", "㐆样", "𬭎样", "样××"]
TEXT = "\n".join(NAMES)


def names_of(file: str, data: bytes) -> list[str]:
    """Read a list file through to the names of its declaration."""
    declaration = declaration_from_rows(
        read_list_file(file, data),
        today=date(2026, 7, 1),
        language="zh-Hans",
        idempotency_key="sample-idempotency-key",
    )
    return [person.name for person in declaration.persons]


def refused(file: str, data: bytes) -> list[tuple[int, str]]:
    """Give line and code of each problem of a refused file."""
    with pytest.raises(ListError) as error:
        names_of(file, data)
    return [(problem.line, problem.code) for problem in error.value.problems]


def workbook(*rows: tuple[Any, ...], change: Callable[[Any], None] | None = None) -> bytes:
    """Write rows into the first sheet of a workbook, and change it if asked."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change:
        change(book)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """Pack a workbook anew with further parts, or other contents for its own."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", 8) as new:
        for part in old.infolist():
            if part.filename not in changed:
                new.writestr(part.filename, old.read(part))
        for name, value in changed.items():
            new.writestr(name, value)
    return result.getvalue()


def sheet_of(data: bytes) -> bytes:
    """Give the XML of the first sheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("xl/worksheets/sheet1.xml")


PLAIN = workbook(*((name,) for name in NAMES))


def test_text_csv_and_workbook_give_the_same_people() -> None:
    """A list is the same list in whatever file it comes."""
    assert names_of("list.txt", TEXT.encode()) == NAMES
    assert names_of("list.CSV", ("姓名\n" + TEXT).encode()) == NAMES
    assert names_of("list.xlsx", PLAIN) == NAMES
    assert names_of("list.txt", "、".join(NAMES).encode()) == NAMES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("ending", ["txt", "csv"])
def test_encodings_of_the_field_are_read(encoding: str, ending: str) -> None:
    """UTF-8 and UTF-16 with their marks, and GB18030 with rare characters, give the same names."""
    assert names_of(f"list.{ending}", TEXT.encode(encoding)) == NAMES


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff\xff\xff",
        b"\x80\x81",
        b"\xff\xfe\x00",
        "样本甲\n样本乙".encode("utf-16-le"),
        "樣本甲、樣本乙".encode("big5"),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"sample\x00sample",
        "样本\x01".encode("gb18030"),
        "样本\ue000".encode("gb18030"),
        bytes(range(128, 256)) * 3,
    ],
)
def test_garbage_is_no_text(data: bytes) -> None:
    """What no encoding makes sense of is refused, and never guessed at."""
    assert refused("list.txt", data) == [(0, "not_text")]
    assert refused("list.csv", data) == [(0, "not_text")]


@given(st.binary(max_size=40))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    """No bytes break the decoder."""
    try:
        assert "\0" not in decode_text(data)
    except ListError as error:
        assert [problem.code for problem in error.problems] == ["not_text"]  # noqa: PT017


def test_csv_lines_are_those_of_the_file() -> None:
    """A wrong row is told by the line on which it begins, quoted line breaks or not."""
    data = '姓名,组织\n"样本甲\n样本乙",党\n\n1. 样本丙,团\n'.encode()
    assert refused("list.csv", data) == [(5, "name_numbering")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_delimiters_are_found(delimiter: str) -> None:
    """Spreadsheets write CSV with commas, semicolons or tabs."""
    text = f'姓名{delimiter}组织\n"样本甲"{delimiter}党 团\n样本乙{delimiter}\n'
    assert names_of("list.csv", text.encode()) == ["样本甲", "样本乙"]


def test_broken_quotation_is_told_with_its_line() -> None:
    """A row whose quotation marks do not close is refused, not swallowed with all after it."""
    assert refused("list.csv", '样本甲\n"样本乙\n样本丙\n'.encode()) == [(2, "row_unreadable")]


@pytest.mark.parametrize("file", ["list.ods", "list.xls", "list", "txt", "list.xlsm"])
def test_other_kinds_of_file_are_refused(file: str) -> None:
    """Only the three kinds that can be read safely are read."""
    assert refused(file, TEXT.encode()) == [(0, "file_kind_unknown")]


def test_sizes_are_limited_before_anything_is_read() -> None:
    """A file larger than a list can be is not even decoded."""
    assert refused("list.txt", b"\xff" * (MAX_TEXT + 1)) == [(0, "file_too_large")]
    assert refused("list.xlsx", b"\xff" * (MAX_WORKBOOK + 1)) == [(0, "file_too_large")]


def test_empty_files_are_told() -> None:
    """A file with nothing in it is no list."""
    assert refused("list.txt", b"\n \n") == [(0, "file_empty")]
    assert refused("list.xlsx", workbook()) == [(0, "file_empty")]


def test_first_sheet_with_content_is_read() -> None:
    """An empty first sheet is passed over."""

    def add_sheet(book: Any) -> None:
        book.create_sheet("2").append(["样本甲", "党"])
        book.create_sheet("3").append(["样本乙"])

    assert names_of("list.xlsx", workbook(change=add_sheet)) == ["样本甲"]


def test_workbook_with_heading_numbers_and_gaps_is_read() -> None:
    """List numbers may stand in a column of their own, and empty rows between."""
    data = workbook(("序号", "姓名", "组织"), (1, "样本甲", "党"), (), (2.0, " 样本乙 ", None))
    assert names_of("list.xlsx", data) == ["样本甲", "样本乙"]


def test_area_that_a_sheet_states_is_not_believed() -> None:
    """Rows beyond the stated area are read too."""
    sheet = sheet_of(PLAIN).replace(b'<dimension ref="A1:A7"', b'<dimension ref="A1"')
    assert sheet != sheet_of(PLAIN)
    data = repacked(PLAIN, {"xl/worksheets/sheet1.xml": sheet})
    assert names_of("list.xlsx", data) == NAMES


def test_wrong_cells_are_told_together_with_their_lines() -> None:
    """Formulas, dates and truth values are refused wherever they stand."""
    data = workbook(
        ("样本甲",),
        ("=1+1",),
        ("样本乙", "=HYPERLINK(A1)"),
        (date(2024, 5, 1),),
        (True,),
        (1.5,),
    )
    assert refused("list.xlsx", data) == [
        (2, "formula"),
        (3, "formula"),
        (4, "cell_not_text"),
        (5, "cell_not_text"),
        (6, "cell_not_text"),
    ]


def test_error_in_a_cell_is_no_name() -> None:
    """What a spreadsheet shows as an error is told as such."""

    def spoil(book: Any) -> None:
        book.active["A1"].value = "#N/A"

    assert refused("list.xlsx", workbook(("x",), change=spoil)) == [(1, "cell_not_text")]


@pytest.mark.parametrize("number", [123, 13800000000])
def test_number_in_place_of_a_name_is_pointed_out(number: int) -> None:
    """A number is no name, be it short or a telephone's."""
    assert [line for line, _ in refused("list.xlsx", workbook(("样本甲",), (number,)))] == [2]


def test_workbook_that_unpacks_to_gigabytes_is_refused_at_once() -> None:
    """A bomb is refused by its table of contents, before it is unpacked."""
    start = time.process_time()
    bomb = repacked(PLAIN, {"xl/bomb.xml": b" " * (MAX_UNPACKED + 1)})
    packed = time.process_time() - start
    assert len(bomb) < 100_000
    start = time.process_time()
    assert refused("list.xlsx", bomb) == [(0, "workbook_too_large")]
    assert time.process_time() - start < max(0.1, packed)


def test_many_bombs_in_one_archive_are_refused() -> None:
    """Parts that are each within bounds count together."""
    parts = {f"xl/part{number}.bin": b" " * 900_000 for number in range(60)}
    assert refused("list.xlsx", repacked(PLAIN, parts)) == [(0, "workbook_too_large")]


def test_single_part_that_is_packed_too_tightly_is_refused() -> None:
    """No table of names packs a thousandfold."""
    bomb = repacked(PLAIN, {"xl/bomb.bin": b" " * 2_000_000})
    assert refused("list.xlsx", bomb) == [(0, "workbook_too_large")]


def test_too_many_parts_are_refused() -> None:
    """A workbook of names has a dozen parts, not thousands."""
    parts = {f"xl/part{number}.bin": b"" for number in range(1_001)}
    assert refused("list.xlsx", repacked(PLAIN, parts)) == [(0, "workbook_too_large")]


def test_lie_about_the_unpacked_size_gains_nothing() -> None:
    """A part that says that it is small is not unpacked beyond what it says."""
    bomb = bytearray(repacked(PLAIN, {"xl/bomb.bin": b" " * 20_000_000}))
    size = struct.pack("<I", 20_000_000)
    assert bomb.count(size) == 2
    lie = bytes(bomb).replace(size, struct.pack("<I", 20_000))
    assert refused("list.xlsx", lie) == [(0, "not_a_workbook")]


@pytest.mark.parametrize(
    "part",
    [
        "xl/externalLinks/externalLink1.xml",
        "xl/vbaProject.bin",
        "xl/connections.xml",
    ],
)
def test_workbook_that_reaches_out_is_refused(part: str) -> None:
    """Links to other files, macros and connections have no place in a list."""
    assert refused("list.xlsx", repacked(PLAIN, {part: b"<x/>"})) == [(0, "workbook_external")]


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>',
        b'<!doctype x SYSTEM "file:///etc/hostname"><x/>',
        '<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'.encode("utf-16"),
        b" " * 65_530 + b'<!DOCTYPE x [<!ENTITY a "a">]><x/>',
    ],
)
def test_entities_are_refused_before_any_xml_is_read(xml: bytes) -> None:
    """Entities can blow up or reach out, and no workbook needs them."""
    data = repacked(PLAIN, {"xl/worksheets/sheet1.xml": xml})
    assert refused("list.xlsx", data) == [(0, "not_a_workbook")]


def test_xml_reader_of_workbooks_is_the_safe_one() -> None:
    """Should an entity ever slip through, the reader refuses it too."""
    assert openpyxl.DEFUSEDXML


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"PK\x05\x06" + b"\0" * 18,
        b"\xd0\xcf\x11\xe0" * 200,
        PLAIN[:-40],
        TEXT.encode(),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    """Empty, cut off, encrypted or other files are no workbooks."""
    assert refused("list.xlsx", data) == [(0, "not_a_workbook")]


def test_other_ways_of_packing_are_refused() -> None:
    """Only the plain packing that every spreadsheet writes is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", b"<x/>" * 100)
    assert refused("list.xlsx", packed.getvalue()) == [(0, "not_a_workbook")]


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'r="A7"', b'r="XFD7"'), (b'<row r="7"', b'<row r="1048576"'), (b'r="A7"', b'r="BM7"')],
)
def test_cells_at_the_end_of_the_world_are_refused(old: bytes, new: bytes) -> None:
    """One cell far out does not make the reader fill a million rows or thousands of columns."""
    sheet = sheet_of(PLAIN)
    assert old in sheet
    data = repacked(PLAIN, {"xl/worksheets/sheet1.xml": sheet.replace(old, new)})
    assert refused("list.xlsx", data) == [(0, "too_many_rows")]


def test_line_far_down_is_refused() -> None:
    """Wide gaps between rows are no list either."""
    sheet = sheet_of(PLAIN).replace(b'<row r="7"', b'<row r="20001"').replace(b'"A7"', b'"A20001"')
    data = repacked(PLAIN, {"xl/worksheets/sheet1.xml": sheet})
    assert refused("list.xlsx", data) == [(0, "too_many_rows")]


def test_sheet_with_too_many_rows_is_refused() -> None:
    """Ten times what a list may hold is enough."""
    assert refused("list.xlsx", workbook(*[("样本甲",)] * 5_002)) == [(0, "too_many_rows")]


@given(st.integers(0, len(PLAIN) - 1), st.integers(0, 7))
@settings(max_examples=60)
def test_any_damage_to_a_workbook_is_survived(at: int, bit: int) -> None:
    """A damaged workbook gives names or a refusal, and never another error."""
    damaged = bytearray(PLAIN)
    damaged[at] ^= 1 << bit
    try:
        assert names_of("list.xlsx", bytes(damaged))
    except ListError as error:
        assert error.problems  # noqa: PT017  (either outcome is fine, silence is not)


def test_refusal_repeats_nothing_of_the_file() -> None:
    """Neither file name nor cells stand in a refusal."""
    with pytest.raises(ListError) as error:
        names_of("样本名单.csv", "姓名\n1. 样本甲\n".encode())
    assert "样本" not in repr(error.value.problems) + str(error.value)
