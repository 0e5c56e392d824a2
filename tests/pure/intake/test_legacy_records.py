# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reading lines of earlier records."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tuidang.pure.intake.legacy_records import (
    CLASSES,
    MAX_KNOWN,
    MAX_LINE,
    LegacyRecordError,
    RecordReader,
    said_cell,
)
from tuidang.pure.ledger.entries import CLASSES as ENTRY_CLASSES
from tuidang.pure.ledger.entries import ORGS
from tuidang.pure.ledger.legacy import LegacyRecord

TODAY = date(2026, 11, 22)
WHOLE = b"organizations,class,name,stated\n"


def reader(heading: bytes = WHOLE) -> RecordReader:
    """Return the reader of a table with this heading."""
    return RecordReader(heading, today=TODAY)


@pytest.mark.parametrize(
    ("heading", "line", "record"),
    [
        (b"organizations,class\n", b"party,self_named\n", LegacyRecord(1, 0, "")),
        (b"organizations,class", b"party league,self_alias", LegacyRecord(3, 1, "")),
        (b"class,organizations\r\n", b"other_unnamed,unspecified\r\n", LegacyRecord(0, 3, "")),
        (b"\xef\xbb\xbforganizations,class\n", b"withheld,withheld\n", LegacyRecord(255, 7, "")),
        (b"organizations\tclass\tname\n", b"pioneers\tother_named\tA, B\n",
         LegacyRecord(4, 2, "A, B")),
        (WHOLE, "党团队,self_named,样本甲,2004-12-03\n".encode(), LegacyRecord(7, 0, "样本甲")),
        (WHOLE, b'"party, league",self_named,"Sample ""A""",\n', LegacyRecord(3, 0, 'Sample "A"')),
        (WHOLE, b" party , self_named , Sample ,2026-11-22\n", LegacyRecord(1, 0, "Sample")),
    ],
)  # fmt: skip
def test_lines_are_read_under_their_heading(
    heading: bytes, line: bytes, record: LegacyRecord
) -> None:
    """Commas or tabs, any order of columns, quotes, a byte order mark, both kinds of line ends."""
    table = reader(heading)
    assert table.read(line) == record
    assert table.read(line) == record


@pytest.mark.parametrize(
    "heading",
    [
        b"",
        b"\n",
        b"party,self_named\n",
        b"organizations,name\n",
        b"organizations,class,class\n",
        b"organizations,class,age\n",
        b'organizations,"class\n',
        b"organizations,class," + b"x" * MAX_LINE,
        b"organizations,class\xff\n",
    ],
)
def test_a_heading_names_its_columns(heading: bytes) -> None:
    """Without both needed columns, with an unknown or a repeated one, nothing is read."""
    with pytest.raises(LegacyRecordError):
        reader(heading)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"\n", "columns"),
        (b"party,self_named\n", "columns"),
        (b"party,self_named,,,\n", "columns"),
        (b",self_named,,\n", "organizations"),
        (b"army,self_named,,\n", "organizations"),
        (b"party party,self_named,,\n", "organizations"),
        (b"8,self_named,,\n", "organizations"),
        (b"party,,,\n", "class"),
        (b"party,0,,\n", "class"),
        (b"party,SELF_NAMED,,\n", "class"),
        (b"party,other_unnamed,Sample,\n", "name"),
        (b"party,self_named,Sam\x1b[2Jple,\n", "name"),
        ("party,self_named,Sam\u202eple,\n".encode(), "name"),
        (b"party,self_named," + b"s" * 201 + b",\n", "name"),
        (b"party,self_named,,2026-11-23\n", "stated"),
        (b"party,self_named,,20040101\n", "stated"),
        (b"party,self_named,,2004-02-30\n", "stated"),
        (b"party,self_named,,yesterday\n", "stated"),
        (b'party,self_named,"Sample,\n', "quotes"),
        (b'party,self_named,"Sam"ple,\n', "quotes"),
        (b'party,self_named,"a\rb"\r,\n', "quotes"),
        (b"party,self_named,\xff,\n", "utf8"),
        (b"party,self_named,\xed\xa0\x80,\n", "utf8"),
        (b"party,self_named," + b" " * MAX_LINE + b",\n", "line_too_long"),
    ],
)
def test_what_is_not_understood_is_refused(line: bytes, code: str) -> None:
    """A cell that is not understood is named by a code, and its words are not repeated."""
    with pytest.raises(LegacyRecordError) as caught:
        reader().read(line)
    assert caught.value.code == code
    assert "Sample" not in str(caught.value)


def test_a_table_of_many_spellings_takes_no_memory() -> None:
    """Only so many lines and cells are remembered, and those beyond are read all the same."""
    table = reader()
    for number in range(1, 2 * MAX_KNOWN):
        record = table.read(b"party" + b" " * number + b"league,self_named,,\n")
        assert record == LegacyRecord(3, 0, "")
    assert len(table._lines_known) == len(table._cells_known) == MAX_KNOWN


def test_every_cell_can_be_said_and_read() -> None:
    """The words for a cell are those of the columns, for each cell that there is."""
    assert set(CLASSES.values()) | {each | 0x80 for each in CLASSES.values()} == ENTRY_CLASSES
    table = reader(b"organizations,class\n")
    for orgs in ORGS:
        for class_ in CLASSES.values():
            assert table.read(said_cell(orgs, class_).encode()) == LegacyRecord(orgs, class_, "")


_PIECES = st.sampled_from(
    [*CLASSES, "party", "league", "pioneers", "unspecified", "organizations", "class", "name",
     "stated", "2004-01-01", "样本", ",", "\t", '"', "\r", "\n", " ", "\u202e", "\ufeff"]
)  # fmt: skip
_LINES = st.binary(max_size=80) | st.lists(_PIECES, max_size=12).map(lambda p: "".join(p).encode())


@fuzzed
@given(_LINES, _LINES)
def test_any_line_is_refused_or_is_a_person(heading: bytes, line: bytes) -> None:
    """Whatever stands in a table, it is refused as such, or gives a record an entry can have."""
    try:
        table = reader(heading)
    except LegacyRecordError:
        table = reader()
    try:
        record = table.read(line)
    except LegacyRecordError:
        return
    assert record.orgs in ORGS
    assert record.class_ in CLASSES.values()
    assert record.name == record.name.strip()
