# SPDX-License-Identifier: AGPL-3.0-or-later
"""Open data by day: the same lines for every program, and words for every column."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from tests.verify.sample_logs import sample_log
from tests.web.public.browsing import page_of
from tests.web.public.sealed import publish_days, write_log
from tests.web.public.test_figures import CHECKPOINT
from tuidang.pure.tally import totals
from tuidang.web.public.open_data import MEANINGS
from tuidang.web.public.tally_files import COLUMNS
from tuidang.web.shared.languages import LANGUAGES


@pytest.fixture
def log(installation: Path, db: None) -> Path:
    """Write a log of six batches, with corrections and entries carried over."""
    write_log(installation / "log", sample_log())
    return installation / "log"


def test_both_files_hold_the_same_lines(client: Client, log: Path) -> None:
    """CSV and JSON tell the same numbers of the same days, and add up to the totals."""
    rows = list(csv.DictReader(io.StringIO(client.get("/open-data/days.csv").content.decode())))
    told = json.loads(client.get("/open-data/days.json").content)
    assert [{name: str(value) for name, value in day.items()} for day in told["days"]] == rows
    assert len(rows) == 6
    tally = json.loads(client.get("/api/v1/tally").content)
    assert sum(day["persons"] for day in told["days"]) == tally["totals"]["persons"]
    assert sum(day["carried_over"] for day in told["days"]) == 1
    for day in told["days"]:
        assert sum(day[name] for name in COLUMNS if name.startswith("class_")) == day["persons"]


def test_the_json_says_how_to_read_it(client: Client, log: Path) -> None:
    """Licence, time zone, checkpoint, caveats, minima and every column stand in the file."""
    told = json.loads(client.get("/open-data/days.json").content)
    assert told["licence"]["id"] == "CC0-1.0"
    assert told["time_zone"] == "UTC"
    assert told["origin"] == "log.invalid/sample"
    assert told["checkpoint"] == (log / "checkpoint").read_text()
    assert "distinct, real people" in " ".join(told["read_first"])
    assert told["minima"]["lowered"] is True
    assert list(told["columns"]) == list(COLUMNS) == list(told["days"][0])


def test_earlier_lines_stay_as_they_are(client: Client, db: None) -> None:
    """A later day adds a line and changes none; a second batch of one day joins its line."""
    publish_days([(date(2026, 7, 1), 10), (date(2026, 7, 2), 30)], CHECKPOINT)
    before = client.get("/open-data/days.csv").content
    publish_days([(date(2026, 7, 3), 25)], CHECKPOINT)
    after = client.get("/open-data/days.csv").content
    assert after.startswith(before)
    publish_days([(date(2026, 7, 3), 26)], CHECKPOINT)
    rows = client.get("/open-data/days.csv").content.decode().splitlines()
    assert rows[-1].startswith("2026-07-03,2026-07-03,-4,")
    assert len(rows) == 4


def test_anybody_may_read_the_files(client: Client, log: Path) -> None:
    """Programs on other sites' pages may read them, and caches keep them for minutes."""
    for name, kind in (("days.csv", "text/csv"), ("days.json", "application/json")):
        response = client.get(f"/open-data/{name}")
        assert response["Content-Type"].startswith(kind)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cache-Control"] == "public, max-age=300"


def test_before_the_first_day_there_are_no_lines(client: Client, db: None) -> None:
    """Without a published batch the files hold their columns and no day."""
    told = json.loads(client.get("/open-data/days.json").content)
    assert (told["days"], told["checkpoint"], told["sealed_up_to"]) == ([], None, None)
    assert client.get("/open-data/days.csv").content.decode() == ",".join(COLUMNS) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_is_explained(client: Client, language: str) -> None:
    """The page has words for every column in its own language, and says what is free."""
    text = page_of(client.get(f"/{language}/open-data/")).text
    with translation.override(language):
        for name in COLUMNS:
            assert f"{name} {translation.gettext(MEANINGS[name])}" in text
    assert "CC0 1.0" in text


def test_totals_hold_every_column_that_is_counted() -> None:
    """No column is documented that totals do not have."""
    empty = totals({})
    counted = set(COLUMNS) - {"first_day", "last_day", "below_minima"}
    plain = {name for name in counted if not name.startswith("class_")}
    assert all(getattr(empty, name) == 0 for name in plain)
    assert MEANINGS.keys() == set(COLUMNS)
