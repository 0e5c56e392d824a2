# SPDX-License-Identifier: Apache-2.0
"""Lines of earlier records, as they are read from a table: one line, one person.

A cell that is not understood is reported, never guessed: one misread column would turn
millions of people into something that they are not. No message repeats what stands in a cell.

Source: the columns are ours, and stand in docs/how-to/operator.md.
"""

import csv
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NoReturn

from tuidang.pure.intake.organizations import organization_words, parse_organizations
from tuidang.pure.ledger.entries import (
    CLASS_WITHHELD,
    OTHER_NAMED,
    OTHER_UNNAMED,
    SELF_ALIAS,
    SELF_NAMED,
    WITHHELD,
)
from tuidang.pure.ledger.legacy import LegacyRecord
from tuidang.pure.merkle.errors import FormatError

NEEDED = ("organizations", "class")
COLUMNS = (*NEEDED, "name", "stated")
WITHHELD_WORD = "withheld"
CLASSES: Mapping[str, int] = {
    "self_named": SELF_NAMED,
    "self_alias": SELF_ALIAS,
    "other_named": OTHER_NAMED,
    "other_unnamed": OTHER_UNNAMED,
    WITHHELD_WORD: CLASS_WITHHELD,
}
MAX_LINE = 4096  # bytes, with its end
MAX_NAME = 200
MAX_KNOWN = 1000  # spellings that are remembered: a hostile table must cost no memory


class LegacyRecordError(FormatError):
    """A line of earlier records cannot be read."""


class RecordReader:
    """Reads the lines of one table under its heading.

    The heading names the columns, in any order: organizations, class, and if wanted name and
    stated. Cells are parted by tabs if the heading has one, else by commas.
    """

    def __init__(self, heading: bytes, *, today: date) -> None:
        """Raises LegacyRecordError for a heading without the needed columns."""
        text = _text(heading).removeprefix("\ufeff")
        self._delimiter = "\t" if "\t" in text else ","
        names = self._cells(text)
        known_once = len(set(names)) == len(names) and set(names) <= set(COLUMNS)
        if not known_once or not set(NEEDED) <= set(names):
            _refuse(
                "heading", "a heading has organizations and class, and may have name and stated"
            )
        self._width = len(names)
        self._at = {name: names.index(name) for name in names}
        self._today = today
        self._cells_known: dict[tuple[str, str], tuple[int, int]] = {}
        self._lines_known: dict[bytes, LegacyRecord] = {}

    def read(self, line: bytes) -> LegacyRecord:
        """Return the person of one line; LegacyRecordError with a code if it is none."""
        record = self._lines_known.get(line)  # without names, a table has the same few lines
        if record is None:
            record = self._read(line)
            if len(self._lines_known) < MAX_KNOWN:
                self._lines_known[line] = record
        return record

    def _read(self, line: bytes) -> LegacyRecord:
        cells = self._cells(_text(line))
        if len(cells) != self._width:
            _refuse("columns", f"there are {len(cells)} cells and not {self._width}")
        said = cells[self._at["organizations"]], cells[self._at["class"]]
        cell = self._cells_known.get(said)
        if cell is None:
            cell = _cell(*said)
            if len(self._cells_known) < MAX_KNOWN:
                self._cells_known[said] = cell
        name = cells[self._at["name"]] if "name" in self._at else ""
        if name:
            _check_name(name, cell[1])
        if "stated" in self._at and cells[self._at["stated"]]:
            self._check_stated(cells[self._at["stated"]])
        return LegacyRecord(*cell, name)

    def _cells(self, text: str) -> Sequence[str]:
        if '"' not in text:
            return [cell.strip() for cell in text.rstrip("\r\n").split(self._delimiter)]
        try:
            (cells,) = csv.reader([text], delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError) as error:
            raise LegacyRecordError("quotes", "the quotation marks do not close") from error
        return [cell.strip() for cell in cells]

    def _check_stated(self, text: str) -> None:
        """The log proves no day before it began, so this one is only looked at."""
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise LegacyRecordError("stated", "a date is written YYYY-MM-DD") from error
        if day.isoformat() != text or day > self._today:
            _refuse("stated", "a date is written YYYY-MM-DD and not in the future")


def said_cell(orgs: int, class_: int) -> str:
    """Say a cell in the words of the columns."""
    named = WITHHELD_WORD if orgs == WITHHELD else " ".join(organization_words(orgs))
    (klass,) = (word for word, value in CLASSES.items() if value == class_)
    return f"{named}, {klass}"


def _text(line: bytes) -> str:
    if len(line) > MAX_LINE:
        _refuse("line_too_long", f"a line has at most {MAX_LINE} bytes")
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise LegacyRecordError("utf8", "the line is not UTF-8") from error


def _cell(organizations: str, klass: str) -> tuple[int, int]:
    orgs = WITHHELD if organizations == WITHHELD_WORD else parse_organizations(organizations)
    if orgs is None:
        _refuse("organizations", "the organisations are not understood")
    if klass not in CLASSES:
        _refuse("class", f"a class is one of {', '.join(CLASSES)}")
    return orgs, CLASSES[klass]


def _check_name(name: str, class_: int) -> None:
    if class_ == OTHER_UNNAMED:
        _refuse("name", "somebody without a name has one")
    if len(name) > MAX_NAME or any(unicodedata.category(sign)[0] == "C" for sign in name):
        _refuse("name", f"a name has at most {MAX_NAME} characters, none of them invisible")


def _refuse(code: str, message: str) -> NoReturn:
    raise LegacyRecordError(code, message)
