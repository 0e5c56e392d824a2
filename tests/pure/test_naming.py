# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one name may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.pure.intake.problems import PROBLEM_CODES
from tuidang.pure.naming import is_masked, name_problem, trim


@pytest.mark.parametrize(
    "name",
    [
        "样本甲",
        "樣本甲",
        "𠮷",
        "㐆样",
        "𬭎",
        "样〇",
        "Sample One",
        "O’Sample-Two",
        "Søren Sample",
        "样××",
        "样某",
        "样**",
        "样○○",
        "样□",
        "样·本",
        "清风",
        "🌸",
        "sample_99",
        "@sample",
        "李和平",
        "葛\U000e0100样",
        "\uf900样",
        "样本xx",
        "X",
        "a" * 60,
        "𠮷" * 60,
        "J. R. Sample",
        "样本（甲）",
        "\U000323af\U000323af",
    ],
)
def test_names_of_all_kinds_pass(name: str) -> None:
    """Rare characters, masks, handles and Latin names are names."""
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "name_empty"),
        ("a" * 61, "name_too_long"),
        ("样" * 10_000, "name_too_long"),
        ("样\x00本", "name_control"),
        ("样\t本", "name_control"),
        ("样\x7f本", "name_control"),
        ("样\n本", "name_line_break"),
        ("样\u2028本", "name_line_break"),
        ("样\u202e本", "name_bidi"),
        ("样\u2066本", "name_bidi"),
        ("样\u200f本", "name_bidi"),
        ("样\u200b本", "name_invisible"),
        ("样\u200d本", "name_invisible"),
        ("样\ufeff本", "name_invisible"),
        ("样\u00ad本", "name_invisible"),
        ("样\u3164本", "name_invisible"),
        ("样\U000e0041本", "name_invisible"),
        ("样\ue000本", "name_private_use"),
        ("样\U000f0000本", "name_private_use"),
        ("样\ud800本", "name_broken"),
        ("样\ufdd0本", "name_broken"),
        ("样\U0002ffff本", "name_broken"),
        ("Jose\u0301 Sample", "name_not_composed"),
        ("S\u0330\u0331\u0332\u0333ample", "name_marks"),
        ("12345", "name_digits"),
        ("１２３", "name_digits"),
        ("……", "name_no_letters"),
        ("-", "name_no_letters"),
        ("https://sample.example", "name_url"),
        ("www.sample.example", "name_url"),
        ("样本 sample.com", "name_url"),
        ("样本 13800000000", "name_contact"),
        ("138 0000 0000", "name_contact"),
        ("sample@mail.example", "name_contact"),
        ("12:31 样本", "name_timestamp"),
        ("2024-05-01 样本", "name_timestamp"),
        ("5月1日样本", "name_timestamp"),
        ("• 样本", "name_bullet"),
        ("- 样本", "name_bullet"),
        ("* 样本", "name_bullet"),
        ("1. 样本", "name_numbering"),
        ("1 样本", "name_numbering"),
        ("（3）样本", "name_numbering"),
        ("①样本", "name_numbering"),
        ("十二、样本", "name_numbering"),
        ("样本：甲", "name_label"),
        ("样本甲、样本乙", "name_several"),
        ("Sample, One", "name_several"),
        ("样本甲/样本乙", "name_several"),
        ("=样本", "name_formula"),
    ],
)  # fmt: skip
def test_what_is_no_name_has_its_own_code(name: str, code: str) -> None:
    """Each thing that cannot stand in a name field is pointed out as what it is."""
    assert name_problem(name) == code


@given(st.text(max_size=80))
def test_every_text_is_a_name_or_has_a_known_problem(text: str) -> None:
    """No text, whatever its characters, leads to anything but a name or a code."""
    assert name_problem(trim(text)) in {None, *PROBLEM_CODES}


@given(st.text(max_size=20))
def test_trimming_takes_only_outer_space(text: str) -> None:
    """White space goes from both ends and nothing else does."""
    assert trim(f" \t\u3000{text}\r\n\u00a0") == trim(text)
    assert trim(text) in text


@pytest.mark.parametrize(
    "name", ["样××", "样某", "某某", "样**", "样＊", "样○", "样〇〇", "样xx", "样?"]
)
def test_masks_are_seen(name: str) -> None:
    """However people hide a part of a name, it is seen to be hidden."""
    assert is_masked(name)


@pytest.mark.parametrize("name", ["样本甲", "样〇", "Max Sample", "sample_x", "xx"])
def test_plain_names_are_not_masked(name: str) -> None:
    """A rare character or a Latin x hides nothing."""
    assert not is_masked(name)
