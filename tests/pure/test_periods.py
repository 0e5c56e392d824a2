# SPDX-License-Identifier: Apache-2.0
"""Quarters and milestones: which there are, and how they are spelled."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.pure.periods import Quarter, milestones, parse_quarter, quarter_of


@given(st.dates(min_value=date(1000, 1, 1), max_value=date(9998, 12, 31)))
def test_every_day_lies_in_its_quarter(day: date) -> None:
    """A day lies between the first and last day of its quarter, and quarters leave no gap."""
    quarter = quarter_of(day)
    assert quarter.first_day <= day <= quarter.last_day
    assert quarter_of(quarter.last_day + timedelta(days=1)) == quarter.next()
    assert parse_quarter(quarter.name) == quarter
    assert quarter < quarter.next()


@pytest.mark.parametrize(
    "name", ["", "2026", "2026-q0", "2026-q5", "0999-q1", "2026-q1\n", "26-q1"]
)
def test_other_spellings_are_no_quarter(name: str) -> None:
    """There is one spelling of a quarter."""
    assert parse_quarter(name) is None
    assert parse_quarter("2026-q4") == Quarter(2026, 4)


def test_milestones_thin_out() -> None:
    """A thousand to a million by tens, then each million, ten million, hundred million."""
    assert list(milestones(999)) == []
    assert list(milestones(999_999)) == [1_000, 10_000, 100_000]
    found = list(milestones(420_000_000))
    million = 1_000_000
    assert found[3:13] == [each * million for each in range(1, 11)]
    assert found[13:22] == [each * million for each in range(20, 101, 10)]
    assert found[22:] == [200 * million, 300 * million, 400 * million]


@given(st.integers(min_value=0, max_value=10**12))
def test_a_milestone_is_one_for_every_larger_count(persons: int) -> None:
    """What is a milestone stays one however far the count goes; none is above the count."""
    found = list(milestones(persons))
    assert found == sorted(set(found))
    assert all(each <= persons for each in found)
    assert list(milestones(persons * 2))[: len(found)] == found
