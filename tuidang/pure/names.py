# SPDX-License-Identifier: Apache-2.0
"""Lists of names as people write them.

What is understood, line by line:

- Names stand between 、 ， , ; ； / | 。, tabs and line breaks. A space parts two Chinese
  names; Latin names keep their spaces.
- 和, 与, "and" and "&" part names where they stand between spaces. Without spaces 和 and 与
  part two names only in a text of more than four characters with at least two on each
  side; 和平 and 李和平 are names, and 欧阳和明和李四 is asked about.
- "等 12 人" and "共 12 人" say how many people their own line holds in all; alone on a line,
  "等 12 人" is twelve people without names, and "共 12 人" the total of the whole list.
  "另有 3 人", "还有 3 人", "and 3 others" are three more.
- Numbering, bullets, dates and times, labels, telephone numbers and addresses are pointed
  out with their line.

It must never swallow what it does not understand, and never merge equal names: two people
may share one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tuidang.pure import naming
from tuidang.pure.head_counts import HeadCounts, read_counts
from tuidang.pure.intake.problems import LineProblem

# Room for 500 names of full length in one line.
MAX_LINE = 40_000

_LINE_BREAK = re.compile(r"\r\n|[\n\r\u2028\u2029]")
_SEPARATOR = re.compile(f"[{naming.SEPARATORS}\t]")
_WORD = re.compile(f"[^{naming.SPACES}]+")
_HAN_OR_MASK = re.compile(f"[{naming.HAN}{naming.MASKS}]")
_LATIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_MASK_X = re.compile(f"(?<=[{naming.HAN}])[xX]{{1,3}}")
_AND = re.compile(
    r"(?:\A|(?<=\s))(?:and|和|与|與|及|以及|[&＆])(?=\s|\Z)"
    f"|(?<=[{naming.HAN}])[&＆+＋](?=[{naming.HAN}])"
    r"|\A\s*以及",
    re.IGNORECASE,
)
_ALL_CHINESE = re.compile(f"[{naming.HAN}{naming.MASKS}]{{5,}}")
# 和平, 和谐, 与时 and the like are words, in which nothing is parted.
_AND_INSIDE = re.compile("[和与與](?![平谐諧睦美气氣善顺順祥煦时時共])")


@dataclass(frozen=True, slots=True, repr=False)
class ListedName:
    """One name of a list and the line (from 1) on which it stands."""

    line: int
    name: str

    @property
    def masked(self) -> bool:
        """Say whether a part of the name is hidden; such a name is an alias."""
        return naming.is_masked(self.name)


@dataclass(frozen=True, slots=True, repr=False)
class UnnamedOnLine:
    """How many people without names one line holds; never 0."""

    line: int
    count: int


@dataclass(frozen=True, slots=True, repr=False)
class NameList:
    """What a list of names says; usable only where `problems` is empty.

    `total` is a stated number of people for the whole list; it has been compared.
    """

    listed: tuple[ListedName, ...]
    unnamed_lines: tuple[UnnamedOnLine, ...]
    total: int | None
    problems: tuple[LineProblem, ...]

    @property
    def persons(self) -> tuple[str, ...]:
        """The names in the order in which they stand, equal ones as often as they stand."""
        return tuple(listed.name for listed in self.listed)

    @property
    def unnamed(self) -> int:
        """How many people without names the list holds."""
        return sum(line.count for line in self.unnamed_lines)


def parse_names(text: str) -> NameList:
    """Read a list of names pasted or typed as free text."""
    return parse_lines(enumerate(_LINE_BREAK.split(text), 1))


def parse_lines(lines: Iterable[tuple[int, str]]) -> NameList:
    """Read numbered lines of names; two with the same number are one line of a file."""
    read = [_Line(number, text) for number, text in lines if naming.trim(text)]
    listed = tuple(ListedName(line.number, name) for line in read for name in line.names)
    unnamed = tuple(UnnamedOnLine(line.number, line.unnamed) for line in read if line.unnamed)
    problems = [problem for line in read for problem in line.problems]
    totals = [(line.number, line.list_total) for line in read if line.list_total is not None]
    size = len(listed) + sum(line.count for line in unnamed)
    for number, total in totals:
        if total != size and not problems:
            facts = {"stated": total, "listed": size}
            problems.append(LineProblem(number, "total_differs", facts))
    return NameList(listed, unnamed, totals[-1][1] if totals else None, tuple(problems))


class _Line:
    """One line, read: its names, its people without names, and what is wrong with it."""

    def __init__(self, number: int, text: str) -> None:
        self.number = number
        self.names: list[str] = []
        self.unnamed = 0
        self.list_total: int | None = None
        self.problems: list[LineProblem] = []
        counts = read_counts(text)
        spoiled = _line_problem(text, counts)
        if spoiled:
            self._add(spoiled)
            return
        for token in _SEPARATOR.split(counts.rest):
            self._read_token(token)
        self._count(counts)

    def _add(self, code: str, **facts: int | str) -> None:
        self.problems.append(LineProblem(self.number, code, facts))

    def _read_token(self, token: str) -> None:
        """Cut what stands between two separators into names."""
        for part in _AND.split(token):
            pieces = _split_spaces(part)
            if pieces is None:
                self._add("space_unclear")
                continue
            for piece in pieces:
                self._read_piece(piece)

    def _read_piece(self, piece: str) -> None:
        names = _split_and(piece)
        if names is None:
            self._add("and_unclear")
            return
        for name in names:
            problem = naming.name_problem(name)
            if problem:
                limit = {"limit": naming.MAX_NAME} if problem == "name_too_long" else {}
                self._add(problem, **limit)
            else:
                self.names.append(name)

    def _count(self, counts: HeadCounts) -> None:
        """Add the people without names that the line states."""
        if counts.in_all is None:
            self.unnamed = counts.more
        elif counts.closes_list and not self.names and not counts.more:
            self.list_total = counts.in_all
        else:
            # "甲、乙等 12 人" holds twelve: two with a name and ten without.
            self.unnamed = counts.in_all - len(self.names) + counts.more
            if counts.in_all < max(1, len(self.names)):
                self.unnamed = 0
                self._add("count_too_small", stated=counts.in_all, listed=len(self.names))


def _line_problem(text: str, counts: HeadCounts) -> str | None:
    """Find what must be seen before the line is cut at its separators: 2024/05/01, 1、…"""
    if len(text) > MAX_LINE:
        return "too_long"
    foreign = naming.foreign_matter(naming.trim(text))
    return foreign or counts.problem or naming.leading_mark(naming.trim(counts.rest))


def _split_spaces(text: str) -> list[str] | None:
    """Part at spaces between two Chinese pieces; other pieces keep their spaces.

    None where that is a guess: "王 芳" may be one name set wide or two names of one
    character, and of "样本甲 Sample 样本乙" nobody knows what the middle belongs to.
    """
    groups: list[list[re.Match[str]]] = []
    for word in _WORD.finditer(text):
        if groups and not (_is_chinese(word[0]) and _is_chinese(groups[-1][-1][0])):
            groups[-1].append(word)
        else:
            groups.append([word])
    pieces = [text[group[0].start() : group[-1].end()] for group in groups]
    alone = len(pieces) > 1 and any(len(piece) == 1 for piece in pieces)
    mixed = any(sum(_is_chinese(word[0]) for word in group) > 1 for group in groups)
    return None if alone or mixed else pieces


def _is_chinese(piece: str) -> bool:
    return bool(_HAN_OR_MASK.search(piece)) and not _LATIN.search(_MASK_X.sub("", piece))


def _split_and(piece: str) -> list[str] | None:
    """Part "样本甲和样本乙"; None where a piece of one character would be left between."""
    if not _ALL_CHINESE.fullmatch(piece):
        return [piece]
    cuts = [
        found.start()
        for found in _AND_INSIDE.finditer(piece)
        if 2 <= found.start() <= len(piece) - 3
    ]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(piece)]
    names = [piece[start:end] for start, end in zip(starts, ends, strict=True)]
    return names if all(len(name) > 1 for name in names) else None
