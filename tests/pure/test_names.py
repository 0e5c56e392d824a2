# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists of names: what is understood, and what is asked about."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.intake.bodies import chinese_names, latin_names
from tuidang.pure.head_counts import read_number
from tuidang.pure.intake.problems import PROBLEM_CODES
from tuidang.pure.names import parse_names


def understood(text: str) -> tuple[list[str], int]:
    """Give the names and the number of unnamed people of a list without problems."""
    read = parse_names(text)
    assert read.problems == ()
    return list(read.persons), read.unnamed


def asked(text: str) -> list[tuple[int, str]]:
    """Give line and code of each problem."""
    return [(problem.line, problem.code) for problem in parse_names(text).problems]


SEPARATORS = ["、", "，", ",", ";", "；", "/", "／", "|", "\t", "\n", "\r\n", "。", " , ", "\n\n"]


@given(st.lists(chinese_names | latin_names, min_size=1, max_size=8), st.data())
def test_names_joined_by_any_separator_come_back(names: list[str], data: st.DataObject) -> None:
    """Whatever stands between names, mixed as it may be, the names are the same."""
    text = names[0]
    for name in names[1:]:
        text += data.draw(st.sampled_from(SEPARATORS)) + name
    assert understood(text) == (names, 0)


@given(st.lists(chinese_names, min_size=1, max_size=8), st.sampled_from([" ", "\u3000", "  "]))
def test_spaces_part_chinese_names(names: list[str], space: str) -> None:
    """Chinese names may stand in a row with nothing but spaces between them."""
    assert understood(space.join(names)) == (names, 0)


@given(st.lists(chinese_names | latin_names, max_size=6), st.integers(0, 480))
def test_stated_number_includes_the_names_of_its_line(names: list[str], others: int) -> None:
    """ "等 N 人" is N people in all, those with a name among them."""
    total = len(names) + others
    if total:
        assert understood(f"{'、'.join(names)}等{total}人") == (names, others)


@given(st.text(max_size=200))
def test_any_text_is_read_or_asked_about(text: str) -> None:
    """No text breaks the reader, and each problem has a known code and a real line."""
    read = parse_names(text)
    assert all(problem.code in PROBLEM_CODES and problem.line > 0 for problem in read.problems)


@given(st.text(alphabet="样本甲和与等共12三、 \n,.andSample", max_size=40))
def test_nothing_is_swallowed(text: str) -> None:
    """Every letter of a list without numbers of people ends up in a name or in a problem."""
    read = parse_names(text)
    if not read.problems:
        left = text
        for name in read.persons:
            assert name in left
            left = left.replace(name, "", 1)
        assert not set(left) - set("和与、 \n,and")


@pytest.mark.parametrize(
    ("text", "names", "unnamed"),
    [
        ("甲、乙等 12 人", ["甲", "乙"], 10),
        ("等 12 人", [], 12),
        ("等十二人", [], 12),
        ("样本甲、样本乙等，共106人", ["样本甲", "样本乙"], 104),
        ("样本甲等２人", ["样本甲"], 1),
        ("样本甲等一百二十名", ["样本甲"], 119),
        ("样本甲，另有三人", ["样本甲"], 3),
        ("樣本甲，還有3人", ["樣本甲"], 3),
        ("樣本甲，其餘兩位", ["樣本甲"], 2),
        ("樣本甲 餘 5 人", ["樣本甲"], 5),
        ("样本甲和另外2人", ["样本甲"], 2),
        ("样本甲等3人，另有2人", ["样本甲"], 4),
        ("样本甲、样本乙共2人", ["样本甲", "样本乙"], 0),
        ("Sample One and 3 others", ["Sample One"], 3),
        ("Sample One, Sample Two & 1 other", ["Sample One", "Sample Two"], 1),
        ("Sample One, 6 people in all", ["Sample One"], 5),
        ("甲等2人\n乙等3人\n丙", ["甲", "乙", "丙"], 3),
    ],
)
def test_numbers_of_people_are_understood(text: str, names: list[str], unnamed: int) -> None:
    """Numbers say how many a line holds, or how many more there are, in three spellings."""
    assert understood(text) == (names, unnamed)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("李和平", ["李和平"]),
        ("和平", ["和平"]),
        ("李和平、和平", ["李和平", "和平"]),
        ("样甲和样乙", ["样甲", "样乙"]),
        ("样本甲和样本乙和样本丙", ["样本甲", "样本乙", "样本丙"]),
        ("樣本甲與樣本乙", ["樣本甲", "樣本乙"]),
        ("样和平和样和顺", ["样和平", "样和顺"]),
        ("自由和平之光", ["自由和平之光"]),
        ("样本甲 和 样本乙", ["样本甲", "样本乙"]),
        ("样××和样**", ["样××", "样**"]),
        ("样本甲、以及样本乙", ["样本甲", "样本乙"]),
        ("样本甲&样本乙", ["样本甲", "样本乙"]),
        ("Sample One and Sample Two", ["Sample One", "Sample Two"]),
        ("Sample One & Sample Two", ["Sample One", "Sample Two"]),
        ("Sandy Anders", ["Sandy Anders"]),
        ("甲和乙", ["甲和乙"]),
    ],
)
def test_and_parts_names_and_leaves_names_whole(text: str, names: list[str]) -> None:
    """和 may part two names, or belong to one."""
    assert understood(text) == (names, 0)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sample One", ["Sample One"]),
        ("样本甲 Sample One", ["样本甲 Sample One"]),
        ("李xx 王XX", ["李xx", "王XX"]),
        ("张×× 李**", ["张××", "李**"]),
        ("𠮷𠮷 㐆样 𬭎样", ["𠮷𠮷", "㐆样", "𬭎样"]),
        ("样本甲、样本甲", ["样本甲", "样本甲"]),
        ("  样本甲  \n\n\u3000样本乙\u3000", ["样本甲", "样本乙"]),
        ("一一、样本乙", ["一一", "样本乙"]),
        ("", []),
    ],
)
def test_names_are_cut_where_people_mean_it(text: str, names: list[str]) -> None:
    """Latin names keep their spaces, masked ones their masks, and equal ones stay two."""
    assert understood(text) == (names, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1. 样本甲", "name_numbering"),
        ("1、样本甲", "name_numbering"),
        ("（3）样本甲", "name_numbering"),
        ("①样本甲", "name_numbering"),
        ("二十三、样本甲", "name_numbering"),
        ("• 样本甲", "name_bullet"),
        ("- 样本甲", "name_bullet"),
        ("12:31 样本甲", "name_timestamp"),
        ("[12:31] 样本甲: 你好", "name_timestamp"),
        ("2024/05/01 样本甲", "name_timestamp"),
        ("样本甲 138 0000 0000", "name_contact"),
        ("名单：样本甲", "name_label"),
        ("样本甲、www.sample.example", "name_url"),
        ("样本甲、\u202e样本乙", "name_bidi"),
        ("样本甲、样\x00本", "name_control"),
        ("样" * 61, "name_too_long"),
        ("样" * 40_001, "too_long"),
        ("样 本", "space_unclear"),
        ("样本甲 Sample One 样本乙", "space_unclear"),
        ("欧阳和明和样本", "and_unclear"),
        ("样本甲等十余人", "count_unclear"),
        ("样本甲等多人", "count_unclear"),
        ("样本甲等人", "count_unclear"),
        ("样本甲、样本乙等", "count_unclear"),
        ("样本甲全家五口", "count_unclear"),
        ("样本甲等百二人", "count_unclear"),
        ("Sample One and others", "count_unclear"),
        ("12 人", "count_unclear"),
        ("样本甲、还有样本乙", "count_unclear"),
        ("样本甲等3人等5人", "count_twice"),
        ("甲、乙、丙等2人", "count_too_small"),
        ("等 0 人", "count_too_small"),
    ],
)
def test_what_is_no_name_is_pointed_out_with_its_line(text: str, found: str) -> None:
    """Numbering, bullets, times, contacts and unclear numbers are told, never swallowed."""
    assert asked(f"样本丙\n{text}") == [(2, found)]


def test_all_wrong_lines_are_told() -> None:
    """One reading tells every wrong line, so that a list is corrected once."""
    assert asked("1. 样本甲\n样本乙\n12:31 样本丙\n样本丁等2人") == [
        (1, "name_numbering"),
        (3, "name_timestamp"),
    ]


def test_sum_on_its_own_line_is_compared() -> None:
    """A sum under a list must be the number of people in it."""
    assert parse_names("样本甲\n样本乙等2人\n共3人").total == 3
    assert asked("样本甲\n样本乙等2人\n共3人") == []
    wrong = parse_names("样本甲\n共3人").problems[0]
    assert (wrong.line, wrong.code, wrong.facts) == (2, "total_differs", {"stated": 3, "listed": 1})


def test_lines_of_names_are_known() -> None:
    """Each name knows its line, and whether it is masked, so that a reader can go back to it."""
    read = parse_names("样本甲\n\n样××、样本乙等5人")
    assert [(listed.line, listed.masked) for listed in read.listed] == [
        (1, False),
        (3, True),
        (3, False),
    ]
    assert [(line.line, line.count) for line in read.unnamed_lines] == [(3, 3)]


def test_no_repr_shows_a_name() -> None:
    """A printed list of names shows none."""
    assert "样本" not in repr(parse_names("样本甲、1. 样本乙"))


@given(st.integers(1, 9999))
def test_chinese_numerals_read_as_their_number(number: int) -> None:
    """Every number up to 9999 reads back from its Chinese spelling."""
    assert read_number(_chinese(number)) == number
    assert (
        read_number("".join("零一二三四五六七八九"[int(digit)] for digit in str(number))) == number
    )


def _chinese(number: int) -> str:
    spelled, zero = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            spelled += ("零" if zero and spelled else "") + "零一二三四五六七八九"[digit] + sign
        zero = not digit
    return spelled


@pytest.mark.parametrize("text", ["十百", "百二", "一二十", "十十"])
def test_doubtful_numerals_are_not_guessed(text: str) -> None:
    """A numeral that can be read in two ways is no number."""
    assert read_number(text) is None


@pytest.mark.parametrize(
    "pattern", ["等 ", "a@", "a-", "1 ", "共 ", "2024 ", "样本和", "and ", "+1", "样 ", "1:"]
)
def test_hostile_lines_do_not_keep_the_reader_busy(pattern: str) -> None:
    """A line as long as may be, made to confuse, is read in a moment."""
    line = (pattern * 40_000)[:40_000]
    start = time.process_time()
    parse_names(line)
    assert time.process_time() - start < 2
