# SPDX-License-Identifier: AGPL-3.0-or-later
"""Organisations: words, bits, and how people write them in a list."""

import pytest

from tuidang.pure.intake.organizations import (
    organization_byte,
    organization_words,
    parse_organizations,
)


@pytest.mark.parametrize("byte", range(8))
def test_words_and_byte_are_the_same(byte: int) -> None:
    """Every set of organisations has one byte, and every byte one set."""
    assert organization_byte(organization_words(byte)) == byte


@pytest.mark.parametrize("byte", [-1, 8, 0xFF])
def test_other_bytes_have_no_words(byte: int) -> None:
    """What the log withholds is nothing that a declaration names."""
    with pytest.raises(ValueError, match="0 to 7"):
        organization_words(byte)


@pytest.mark.parametrize(
    ("text", "byte"),
    [
        ("党", 1),
        ("團", 2),
        ("队", 4),
        ("党 团", 3),
        ("黨團隊", 7),
        ("退团队", 6),
        ("团、队", 6),
        ("三退", 7),
        ("共青团，少先队", 6),
        ("party/league", 3),
        ("Young Pioneers", 4),
        ("Party & Pioneers", 5),
        ("未注明", 0),
        ("unspecified", 0),
    ],
)
def test_organizations_are_read_as_people_write_them(text: str, byte: int) -> None:
    """Both scripts, short forms, runs and English words are understood."""
    assert parse_organizations(text) == byte


@pytest.mark.parametrize(
    "text", ["", " ", "样本甲", "党党", "党 样本", "party party", "退", "三退党"]
)
def test_what_is_not_understood_is_not_guessed(text: str) -> None:
    """A name in the wrong column, or the same thing twice, is no set of organisations."""
    assert parse_organizations(text) is None
