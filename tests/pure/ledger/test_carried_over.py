# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statements of figures from before the log."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tuidang.pure.ledger.carried_over import (
    HEADER,
    LANGUAGES,
    MAX_PERSONS,
    CarriedOverError,
    CarriedOverFigure,
    parse_day,
)
from tuidang.pure.merkle.checkpoints import CheckpointError, parse_checkpoint

SAMPLE = CarriedOverFigure(
    origin="example.org/registry",
    persons=1_234_567,
    as_of=date(2026, 6, 30),
    source="样本报 (sample)",
    source_url="https://sample.example/figures?day=30",
    language="zh-Hans",
    recorded_on=date(2026, 11, 22),
)
VISIBLE = st.text(
    st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"]), min_size=1, max_size=40
)


def test_a_statement_reads_as_plain_lines() -> None:
    """The text says what is claimed, by whom, for when, and that nobody has audited it."""
    assert SAMPLE.text == (
        "tuidang carried-over figure/v1\n"
        "origin example.org/registry\n"
        "persons 1234567\n"
        "as of 2026-06-30\n"
        "source 样本报 (sample)\n"
        "source url https://sample.example/figures?day=30\n"
        "language zh-Hans\n"
        "recorded on 2026-11-22\n"
        "\n"
        "This figure is claimed by the source named here. It is not audited: the log does not "
        "show how it came about, and it is never added to what the log counts.\n"
    )
    assert "source url none\n" in replace(SAMPLE, source_url="").text


@given(
    st.integers(1, MAX_PERSONS),
    st.dates(max_value=date(2026, 11, 22)),
    VISIBLE,
    st.sampled_from(["", "http://sample.example/", "https://sample.example/?a=b&c#d"]),
    st.sampled_from(LANGUAGES),
)
def test_statements_round_trip(
    persons: int, as_of: date, source: str, url: str, language: str
) -> None:
    """Every statement is read back from its text, and never reads as a checkpoint."""
    day = date(2026, 11, 22)
    figure = CarriedOverFigure("example.org/registry", persons, as_of, source, url, language, day)
    assert CarriedOverFigure.parse(figure.text) == figure
    with pytest.raises(CheckpointError):
        parse_checkpoint(figure.text)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"persons": 0}, "persons_out_of_range"),
        ({"persons": -5}, "persons_out_of_range"),
        ({"persons": MAX_PERSONS + 1}, "persons_out_of_range"),
        ({"as_of": date(2026, 11, 23)}, "as_of_in_future"),
        ({"source": ""}, "source_length"),
        ({"source": "   "}, "source_length"),
        ({"source": " sample"}, "source_length"),
        ({"source": "s" * 301}, "source_length"),
        ({"source": "sample\npersons 5"}, "source_characters"),
        ({"source": "sample\x1b[2J"}, "source_characters"),
        ({"source": "sample\u202eelpmas"}, "source_characters"),
        ({"source": "sample\u2028sample"}, "source_characters"),
        ({"source": "sample\ud800"}, "source_characters"),
        ({"source_url": "ftp://sample.example"}, "source_url_form"),
        ({"source_url": "javascript:alert(1)"}, "source_url_form"),
        ({"source_url": "https://sample.example/ x"}, "source_url_form"),
        ({"source_url": "https://sample.example/\n"}, "source_url_form"),
        ({"source_url": "https://样本.example/"}, "source_url_form"),
        ({"source_url": "https://sample.example/" + "x" * 500}, "source_url_form"),
        ({"language": "de"}, "language_unknown"),
        ({"language": ""}, "language_unknown"),
        ({"origin": ""}, "origin_length"),
    ],
)
def test_what_no_statement_can_say_is_refused(change: dict[str, Any], code: str) -> None:
    """Figures, days, sources and addresses that are none are refused with their reason."""
    with pytest.raises(CarriedOverError) as caught:
        replace(SAMPLE, **change)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (HEADER, "tuidang carried-over figure/v2"),
        ("persons 1234567", "persons 01234567"),
        ("persons 1234567", "persons 9007199254740993"),
        ("as of 2026-06-30", "as of 20260630"),
        ("as of 2026-06-30", "as  of 2026-06-30"),
        ("language zh-Hans\n", ""),
        ("source url https://sample.example/figures?day=30", "source url "),
        ("not audited", "audited"),
        ("\n\n", "\n"),
    ],
)
def test_a_second_spelling_is_no_statement(old: str, new: str) -> None:
    """A text that is not the one spelling of a statement is refused."""
    assert SAMPLE.text.replace(old, new) != SAMPLE.text
    with pytest.raises(CarriedOverError):
        CarriedOverFigure.parse(SAMPLE.text.replace(old, new))


@pytest.mark.parametrize(
    "text", ["", "2026-13-01", "2026-02-30", "20260630", "2026-W01-1", "0-0-0"]
)
def test_a_day_has_one_spelling(text: str) -> None:
    """Only YYYY-MM-DD is a day, and only one that the calendar has."""
    with pytest.raises(CarriedOverError) as caught:
        parse_day(text)
    assert caught.value.code == "day_form"


_PIECES = st.sampled_from([*SAMPLE.text.splitlines(keepends=True), "\n", "none", "persons ", "x"])


@fuzzed
@given(st.text() | st.lists(_PIECES, max_size=14).map("".join))
def test_whatever_is_read_was_written_that_way(text: str) -> None:
    """Any text is refused, or is exactly what its figure is written as."""
    try:
        figure = CarriedOverFigure.parse(text)
    except CarriedOverError:
        return
    assert figure.text == text
