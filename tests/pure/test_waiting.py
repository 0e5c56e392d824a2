# SPDX-License-Identifier: Apache-2.0
"""By which day to apply for what is needed on a given day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.pure.waiting import LATER, MONTH, WEEK, apply_by, urgency_of

TODAY = date(2026, 7, 14)


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, WEEK), (7, WEEK), (8, MONTH), (31, MONTH), (32, LATER)]
)
def test_a_day_falls_into_a_bucket(days: int, bucket: int) -> None:
    """A week, a month, later: by the days that are left."""
    assert urgency_of(TODAY + timedelta(days), TODAY) == bucket


def test_it_is_reckoned_with_twice_the_median_and_a_day() -> None:
    """The bucket's own median counts, doubled, and a day for the log."""
    found = apply_by(date(2026, 8, 10), TODAY, {WEEK: 2, MONTH: 5, LATER: 9})
    assert (found.day, found.days) == (date(2026, 7, 30), 11)
    assert not found.late
    assert not found.guessed


def test_another_figure_stands_in_and_a_guess_is_called_one() -> None:
    """Without a figure of its own the most urgent one is used; without any, seven days."""
    assert apply_by(date(2026, 8, 10), TODAY, {WEEK: 3, MONTH: None}).days == 7
    guessed = apply_by(date(2026, 7, 20), TODAY, {WEEK: None})
    assert (guessed.guessed, guessed.late, guessed.day) == (True, True, date(2026, 7, 13))
    assert not apply_by(date(2026, 7, 21), TODAY, {}).late


@given(
    st.integers(0, 1000),
    st.dictionaries(st.sampled_from([WEEK, MONTH, LATER]), st.none() | st.integers(0, 300)),
)
def test_late_means_that_the_day_has_passed(left: int, medians: dict[int, int | None]) -> None:
    """The last day lies before what is needed, and it is late exactly when it is over."""
    found = apply_by(TODAY + timedelta(left), TODAY, medians)
    assert found.day < found.needed
    assert found.late == (found.day < TODAY)
