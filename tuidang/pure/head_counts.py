# SPDX-License-Identifier: Apache-2.0
"""Numbers of people in a line of names: "等 12 人", "另有三人", "and 3 others".

It must never guess: a number that is not exact ("十余人"), not a number ("等多人") or of
unknown meaning ("全家五口") is reported as unclear.
"""

import re
from dataclasses import dataclass

from tuidang.pure.naming import SEPARATORS

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}

# White space is bounded everywhere, so that no line can keep the matching busy.
_GAP = r"\s{0,4}"
_NUMBER = r"(?P<number>[0-9０-９]{1,6}|[零〇一二两兩三四五六七八九十百千]{1,9})"
_PEOPLE = rf"{_GAP}[个個]?{_GAP}(?:口人|人|名|位|口)"
_TOTAL_WORD = r"(?:[总總一合]共|[共合总總][计計]|共有|共)"
_MORE_WORD = (
    rf"(?:以及|[和及与與并並])?{_GAP}"
    r"(?:另外?[还還]有|另有|[还還]有|尚有|另外|外加|其[余餘他]|餘|另)"
    rf"{_GAP}(?:未署名|不具名|匿名|无名|無名)?"
)
_ENGLISH = rf"(?P<number>[0-9]{{1,6}}){_GAP}"

# Each says how many people its line holds in all, or how many more there are.
_IN_ALL = (
    re.compile(rf"等{_GAP}人?{_GAP}[，,、]?{_GAP}{_TOTAL_WORD}?{_GAP}{_NUMBER}{_PEOPLE}"),
    re.compile(rf"(?P<closes>(?:以上)?{_TOTAL_WORD}){_GAP}[:：]?{_GAP}{_NUMBER}{_PEOPLE}"),
    re.compile(
        rf"(?P<closes>\b){_ENGLISH}(?:people|persons)?{_GAP}(?:in all|in total|altogether)\b",
        re.IGNORECASE,
    ),
)
_MORE = (
    re.compile(rf"{_MORE_WORD}{_GAP}{_NUMBER}{_PEOPLE}"),
    re.compile(
        rf"(?:\band\b|\bplus\b|[&＆+＋]){_GAP}{_ENGLISH}"
        r"(?:others?|more)(?:\s{1,4}(?:people|persons?))?\b",
        re.IGNORECASE,
    ),
)
_END = rf"(?={_GAP}(?:[{SEPARATORS}\s]|\Z))"
_UNCLEAR = re.compile(
    rf"等{_END}|等{_GAP}人|[余餘多几幾数數][个個]?[人名位口]{_END}|若干"
    rf"|[0-9０-９零〇一二两兩三四五六七八九十百千]{_GAP}[个個]?(?:人|名|位|口){_END}"
    rf"|(?:\A|[{SEPARATORS}\s])(?:另外?|[还還])有|\bothers?\b|\b[0-9]{{1,6}}\s{{1,4}}(?:people|persons|more)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, repr=False)
class HeadCounts:
    """What a line says about numbers of people, and the line without it.

    `in_all` is the number for the whole line, `more` the number beside its names;
    `closes_list` marks the wording of a sum ("共 12 人"); `problem` is a code or "".
    """

    rest: str
    in_all: int | None
    more: int
    closes_list: bool
    problem: str


def read_counts(line: str) -> HeadCounts:
    """Take the numbers of people out of a line; what is left are names and separators."""
    in_all: list[int | None] = []
    more: list[int | None] = []
    closes = False
    for pattern, numbers in [(pattern, in_all) for pattern in _IN_ALL] + [
        (pattern, more) for pattern in _MORE
    ]:
        for found in pattern.finditer(line):
            numbers.append(read_number(found["number"]))
            closes = closes or found.groupdict().get("closes") is not None
        line = pattern.sub("、", line)
    problem = ""
    if None in in_all or None in more or _UNCLEAR.search(line):
        problem = "count_unclear"
    elif len(in_all) > 1:
        problem = "count_twice"
    first = in_all[0] if in_all else None
    return HeadCounts(line, first, sum(number or 0 for number in more), closes, problem)


def read_number(text: str) -> int | None:
    """Read Arabic or Chinese numerals up to 9999; None where they can be read in two ways."""
    if text.isdecimal():
        return int(text)
    if not any(sign in _UNITS for sign in text):
        return int("".join(str(_DIGITS[sign]) for sign in text))  # 一二〇
    total, digit, last_unit, zero = 0, 0, 10_000, False
    for sign in text:
        if sign in _UNITS:
            unit = _UNITS[sign]
            if unit >= last_unit:
                return None
            total, digit, last_unit, zero = total + (digit or 1) * unit, 0, unit, False
        elif digit:
            return None
        else:
            digit, zero = _DIGITS[sign], zero or _DIGITS[sign] == 0
    # 百二 is 120 to some and 102 to others; 百零二 is clear.
    return None if digit and last_unit > 10 and not zero else total + digit
