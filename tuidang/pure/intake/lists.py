# SPDX-License-Identifier: Apache-2.0
"""Lists: the rows of a file or of pasted text become one declaration.

A row is one or more names and, in its last cell, perhaps their organisations. Where the
first row is a heading (in any of three languages), each column holds what its heading says.
A list is taken as a whole or refused as a whole, with every wrong line. It must never skip
a line, guess a consent, or tell a cell's content in a problem.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tuidang.pure import names, naming
from tuidang.pure.intake.columns import Column, Heading, read_heading, read_word
from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.organizations import organization_words, parse_organizations
from tuidang.pure.intake.persons import Consent, DeclaredBy, Kind
from tuidang.pure.intake.problems import IntakeError, LineProblem, ListError
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.ledger.entries import UNSPECIFIED

# Ten times what a list may hold, so that empty rows and remarks do no harm.
MAX_ROWS = 5_000
# Twice as many as a list may have persons; whoever sees so many looks at the file first.
MAX_PROBLEMS = 1_000


@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """One row of a list: the line of the file (from 1) and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListDefaults:
    """What holds for every person of whom the list says nothing else.

    A masked name is an alias whatever `kind` says. `organizations` is a leaf's byte.
    """

    organizations: int = UNSPECIFIED
    kind: Kind = "real"
    declared_by: DeclaredBy = "collector"
    consent: Consent = "agreed"

    def values(self) -> dict[str, object]:
        """Give the fields of a person without a name, under the words of the interface."""
        values: dict[str, object] = {
            "organizations": list(organization_words(self.organizations)),
            "kind": self.kind,
            "declared_by": self.declared_by,
        }
        return values if self.declared_by == "self" else {**values, "consent": self.consent}


USUAL = ListDefaults()


def declaration_from_rows(
    rows: Sequence[Row],
    *,
    today: date,
    language: str,
    idempotency_key: str,
    defaults: ListDefaults = USUAL,
) -> Declaration:
    """Read a whole list, or raise ListError with every wrong line.

    At most 500 persons. The declaration shows nothing but its count.
    """
    reading = _Reading(defaults)
    reading.read(rows)
    body = reading.body() | {
        "language": language,
        "show": "count",
        "idempotency_key": idempotency_key,
    }
    try:
        declaration = parse_declaration(body, today=today)
    except IntakeError as error:
        for problem in error.problems:
            line = reading.line_of(problem.path)
            if problem.code != "nobody" or not reading.problems:
                reading.problems.append(LineProblem(line, problem.code, problem.facts))
    reading.refuse_if_wrong()
    return declaration


def body_from_rows(rows: Sequence[Row], *, defaults: ListDefaults = USUAL) -> dict[str, object]:
    """Read a list into the persons and unnamed of `POST /api/v1/declarations`.

    Raises ListError; the caller adds language, show and idempotency key.
    """
    reading = _Reading(defaults)
    reading.read(rows)
    reading.refuse_if_wrong()
    return reading.body()


def rows_from_text(text: str) -> tuple[Row, ...]:
    """Cut pasted text or a text file into rows; tabs and upright bars part the cells."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(
        Row(number, tuple(line.replace("|", "\t").replace("｜", "\t").split("\t")))
        for number, line in enumerate(lines, 1)
    )


@dataclass(slots=True, repr=False)
class _Reading:
    """A list while it is read: the parts of its body, their lines, and what is wrong."""

    defaults: ListDefaults
    persons: list[dict[str, object]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    unnamed: int = 0
    unnamed_values: dict[str, object] | None = None
    unnamed_line: int = 0
    totals: list[tuple[int, int]] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)

    def read(self, rows: Sequence[Row]) -> None:
        """Read all rows; what is wrong stands in `problems` afterwards."""
        filled = [row for row in rows if any(naming.trim(cell) for cell in row.cells)]
        if not filled:
            self.add(0, "file_empty")
            return
        if len(filled) > MAX_ROWS:
            self.add(0, "too_many_rows", limit=MAX_ROWS)
            return
        heading = read_heading(filled[0].cells)
        if heading and heading.problem:
            self.add(filled[0].line, heading.problem)
            return
        for row in filled[1:] if heading else filled:
            text, values = self._by_column(row, heading) if heading else self._plain(row)
            self._read_names(row.line, text, values)
        self._check_totals()

    def add(self, line: int, code: str, **facts: int | str) -> None:
        self.problems.append(LineProblem(line, code, facts))

    def refuse_if_wrong(self) -> None:
        left_out = len(self.problems) - MAX_PROBLEMS
        if left_out > 0:
            self.problems[MAX_PROBLEMS:] = [
                LineProblem(0, "too_many_problems", {"count": left_out})
            ]
        if self.problems:
            raise ListError(self.problems)

    def body(self) -> dict[str, object]:
        unnamed = {"unnamed": {"count": self.unnamed, **(self.unnamed_values or {})}}
        return {"persons": self.persons, **(unnamed if self.unnamed else {})}

    def line_of(self, path: str) -> int:
        """Find the line that a problem of the body stands on; 0 for the whole."""
        if path.startswith("unnamed"):
            return self.unnamed_line
        _, bracket, rest = path.partition("persons[")
        return self.lines[int(rest.partition("]")[0])] if bracket else 0

    def _plain(self, row: Row) -> tuple[str, dict[str, object]]:
        """Read a row without heading: names, and in the last cell perhaps organisations."""
        filled = [cell for cell in map(naming.trim, row.cells) if cell]
        values = self.defaults.values()
        last = parse_organizations(filled[-1]) if len(filled) > 1 else None
        if last is not None:
            filled.pop()
            values["organizations"] = list(organization_words(last))
        return "\t".join(filled), values

    def _by_column(self, row: Row, heading: Heading) -> tuple[str, dict[str, object]]:
        """Read a row under a heading; empty cells leave what is usual."""
        values = self.defaults.values()
        text = ""
        for at, cell in enumerate(map(naming.trim, row.cells)):
            column = heading.columns.get(at)
            if not cell:
                continue
            if column is None:
                self.add(row.line, "column_unknown")
            elif column == "name":
                text = cell
            else:
                self._read_cell(row.line, column, cell, values)
        if values["declared_by"] == "self" and "consent" not in self._given(row, heading):
            values.pop("consent", None)
        return text, values

    def _given(self, row: Row, heading: Heading) -> set[Column]:
        """Name the columns that a row fills."""
        cells = dict(enumerate(row.cells))
        return {column for at, column in heading.columns.items() if naming.trim(cells.get(at, ""))}

    def _read_cell(self, line: int, column: Column, cell: str, values: dict[str, object]) -> None:
        """Read what is not a name; a list number is only checked to be one."""
        if column == "number":
            if not cell.rstrip(".、").isdecimal():
                self.add(line, "value_unclear")
        elif column == "organizations":
            byte = parse_organizations(cell)
            if byte is None:
                self.add(line, "organizations_unclear")
            else:
                values["organizations"] = list(organization_words(byte))
        else:
            word = read_word(column, cell)
            if word is None:
                self.add(line, "value_unclear")
            else:
                values[column] = word

    def _read_names(self, line: int, text: str, values: dict[str, object]) -> None:
        """Read one row's names and its people without names."""
        read = names.parse_lines([(line, text.replace("\r\n", "\n").replace("\n", "\t"))])
        # A sum can only be compared with the whole list.
        problems = [problem for problem in read.problems if problem.code != "total_differs"]
        self.problems.extend(problems)
        if read.total is not None:
            self.totals.append((line, read.total))
        elif not read.persons and not read.unnamed and not problems:
            self.add(line, "name_missing")
        if any(parse_organizations(name) is not None for name in read.persons):
            self.add(line, "organizations_unclear")
        self.persons.extend({"name": name, **values} for name in read.persons)
        self.lines.extend(line for _ in read.persons)
        if read.unnamed:
            self._add_unnamed(line, read.unnamed, values)

    def _add_unnamed(self, line: int, count: int, values: dict[str, object]) -> None:
        """Add people without names; a declaration has one group of them."""
        shared = {key: value for key, value in values.items() if key != "kind"}
        if self.unnamed_values is None:
            self.unnamed_values, self.unnamed_line = shared, line
        elif self.unnamed_values != shared:
            self.add(line, "unnamed_differ")
        self.unnamed += count

    def _check_totals(self) -> None:
        """Compare each stated sum, unless lines are wrong and the comparison means nothing."""
        size = len(self.persons) + self.unnamed
        for line, total in [] if self.problems else self.totals:
            if total != size:
                self.add(line, "total_differs", stated=total, listed=size)
