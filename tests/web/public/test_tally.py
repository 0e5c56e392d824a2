# SPDX-License-Identifier: AGPL-3.0-or-later
"""The totals: one set of figures on page, in JSON and in CSV, with the words they need."""

import csv
import io
import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from tests.registry.declarations.desk import DAY, NOW, Desk, body, hand_in, other, person, unnamed
from tests.web.public.browsing import page_of
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.tally.carried_over import carry_over
from tuidang.registry.tally.figures import published
from tuidang.registry.transparency import actions as transparency
from tuidang.web.public.chart import bar_chart
from tuidang.web.public.said_totals import say_totals
from tuidang.web.public.tally import tally_view
from tuidang.web.shared.languages import LANGUAGES
from tuidang.web.shared.numbers import said_number, said_roughly

WORDS = {
    "en": ("three organisations", "cannot be compared", "distinct, real people",
           "2 declared for themselves. 4 were reported by others, 3 of those without a name"),
    "zh-hans": ("涵盖三个组织", "不能与党员人数相比较", "互不相同的真实的人",
                "2 人由本人声明；4 人由他人代报，其中 3 人没有姓名"),
    "zh-hant": ("涵蓋三個組織", "不能與黨員人數相比較", "互不相同的真實的人",
                "2 人由本人聲明；4 人由他人代報，其中 3 人沒有姓名"),
}  # fmt: skip


@pytest.fixture
def two_days(desk: Desk) -> None:
    """Publish a family on one day and one person on the next."""
    transparency.install(now=NOW)
    people = (person("样本甲", organizations=["party", "league"]), other("样本乙"))
    publish(desk, NOW, hand_in(body(*people, unnamed=unnamed(3)))[0])
    publish(desk, NOW + timedelta(days=1), hand_in(body(person("样本丙", kind="alias")))[0])


def publish(desk: Desk, now: datetime, row: object) -> None:
    """Accept and publish one declaration."""
    desk.accept(row)  # type: ignore[arg-type]
    assert publish_batch(now=now, at_once=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_totals_with_their_sentences(
    client: Client, two_days: None, language: str
) -> None:
    """Every total stands with what it covers, what it does not show, and who spoke."""
    response = client.get(f"/{language}/tally/")
    page = page_of(response)
    assert response.status_code == 200
    assert '<p class="big" id="persons">6</p>' in page.source
    for words in WORDS[language]:
        assert words in page.text
    assert "tuidang log audit http://testserver/log/ --vkey trust.json" in page.text
    assert "example.org/registry" in page.text


def test_organisations_and_classes_are_told_apart(client: Client, two_days: None) -> None:
    """Each organisation and each class has its line; who leaves two counts once in the total."""
    text = page_of(client.get("/en/tally/")).text
    for words in (
        "Communist Party 3",
        "Youth League 1",
        "Young Pioneers 0",
        "All, not specified 3",
        "under their own name 1",
        "under an alias 1",
        "with a name 1",
        "without a name 3",
        "Total 6",
        "one by one 6",
    ):
        assert words in text


def test_each_day_has_a_bar_and_a_number(client: Client, two_days: None) -> None:
    """The chart has a bar for each day, words for those who do not see it, and a table beside."""
    page = page_of(client.get("/en/tally/"))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("rect") == 2
    assert {"svg", "title", "desc"} <= set(tags)
    assert "2026-07-15 1" in page.text
    assert "2026-07-14 5" in page.text


def test_lowered_minima_are_said(client: Client, two_days: None, settings: Settings) -> None:
    """A page with totals says that the minima are lowered, where they are."""
    assert "lowered minima: from 1 per day" in page_of(client.get("/en/tally/")).text
    settings.MIN_BATCH, settings.MIN_CELL = 1000, 20
    assert "lowered minima" not in page_of(client.get("/en/tally/")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_the_first_day_the_page_says_so(client: Client, db: None, language: str) -> None:
    """Without a published batch there are no figures, and the page still answers."""
    response = client.get(f"/{language}/tally/")
    assert response.status_code == 200
    assert "<svg" not in response.content.decode()


def test_the_interface_gives_the_same_figures(client: Client, two_days: None) -> None:
    """JSON holds totals, cells, days, the checkpoint, and the empty carried-over claims."""
    answer = json.loads(client.get("/api/v1/tally").content)
    assert answer["totals"]["persons"] == 6
    assert answer["totals"]["organizations"]["party"] == 3
    assert answer["totals"]["classes"] == {"0": 1, "1": 1, "2": 1, "3": 3, "7": 0}
    assert sum(cell["persons"] for cell in answer["cells"]) == 6
    assert [day["persons"] for day in answer["period"]["days"]] == [5, 1]
    assert answer["reviewed"] == {"single": 6, "cluster": 0, "batch": 0}
    assert answer["carried_over"] == {"audited": False, "claims": []}
    assert answer["checkpoint"] == published().checkpoint
    assert answer["minima"]["lowered"] is True


def test_a_period_is_the_difference_of_two_seals(client: Client, two_days: None) -> None:
    """`from` and `to` choose days, both included; the totals of the whole log stay beside."""
    answer = json.loads(client.get("/api/v1/tally?from=2026-07-15&to=2026-07-15").content)
    assert answer["totals"]["persons"] == 6
    assert answer["period"]["totals"]["persons"] == 1
    assert [day["last_day"] for day in answer["period"]["days"]] == ["2026-07-15"]


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-13-01", "from=20260715"])
@pytest.mark.parametrize("path", ["/api/v1/tally", "/api/v1/tally.csv"])
def test_a_period_that_is_none_is_refused(client: Client, db: None, path: str, query: str) -> None:
    """Dates that cannot be read are a problem document, which does not repeat them."""
    response = client.get(f"{path}?{query}")
    told = json.loads(response.content)
    assert response.status_code == 422
    assert told["errors"][0]["path"] == query.partition("=")[0]
    assert query.partition("=")[2] not in response.content.decode()


def test_the_table_for_programs_adds_up(client: Client, two_days: None) -> None:
    """CSV has one line a day, whose persons add up to the total."""
    response = client.get("/api/v1/tally.csv")
    rows = list(csv.DictReader(io.StringIO(response.content.decode())))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert [row["last_day"] for row in rows] == ["2026-07-14", "2026-07-15"]
    assert sum(int(row["persons"]) for row in rows) == 6
    classes = [name for name in rows[0] if name.startswith("class_")]
    assert all(sum(int(row[c]) for c in classes) == int(row["persons"]) for row in rows)


def test_withheld_classes_are_said_to_be_withheld(two_days: None) -> None:
    """Where a class or organisations are not published, the page says for how many."""
    figures = published()
    totals = replace(figures.totals, withheld=2, by_class={0: 1, 7: 5})
    view = tally_view(replace(figures, totals=totals), "en")
    assert view.said.untold == "5"
    assert view.said.unlike[-1].number == "2"


def test_a_chart_needs_something_to_show() -> None:
    """Days on which corrections prevail have no bar, and no days no chart."""
    assert bar_chart([]) is None
    assert bar_chart([(DAY, 0)]) is None
    chart = bar_chart([(date(2026, 7, 1), -3), (date(2026, 7, 2), 1500)])
    assert chart is not None
    assert [bar.height for bar in chart.bars] == ["0.0", "156.0"]
    assert (chart.most, chart.first, chart.last) == ("1,500", "2026-07-01", "2026-07-02")


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [(9_999, "zh-hans", ""), (1_234_567, "en", ""), (420_000_000, "zh-hans", "4.2"),
     (1_234_567, "zh-hant", "123.5")],
)  # fmt: skip
def test_large_numbers_are_said_in_chinese_units(number: int, language: str, words: str) -> None:
    """Chinese readers get ten thousands and hundred millions beside the digits."""
    said = said_roughly(number, language)
    assert bool(said) == bool(words)
    assert words in said
    assert said_number(-1_234) == "−1,234"


@pytest.fixture
def claimed(two_days: None) -> str:
    """Record two figures from before the log, and name the file of the newer one."""
    words = {"source": "样本报 <b>sample</b>", "language": "zh-Hans", "now": NOW}
    carry_over(300_000_000, as_of=date(2024, 12, 31), **words)
    address = "https://sample.example/figures"
    row = carry_over(420_000_000, as_of=date(2025, 12, 31), source_url=address, **words)
    return f"/.well-known/tuidang/statements/{bytes(row.digest).hex()}.note"


CLAIMED = {
    "en": "Claimed by 样本报 <b>sample</b> (2025-12-31), not audited",
    "zh-hans": "样本报 <b>sample</b> 自称（2025-12-31），未经审计",
    "zh-hant": "样本报 <b>sample</b> 自稱（2025-12-31），未經稽核",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_earlier_figures_stand_apart(client: Client, claimed: str, language: str) -> None:
    """A claim stands with source, day and file, newest first, and changes no total."""
    page = page_of(client.get(f"/{language}/tally/"))
    assert CLAIMED[language] in page.text
    assert page.text.index("420,000,000") < page.text.index("300,000,000")
    assert f'<a href="{claimed}">' in page.source
    assert 'lang="zh-Hans"' in page.source
    assert "https://sample.example/figures" in page.text
    assert 'href="https://sample.example' not in page.source
    assert '<p class="big" id="persons">6</p>' in page.source


def test_the_interface_keeps_claims_apart(client: Client, claimed: str) -> None:
    """JSON says of each claim whose it is, and where its statement and its entry are."""
    answer = json.loads(client.get("/api/v1/tally").content)
    newest, _ = answer["carried_over"]["claims"]
    assert answer["carried_over"]["audited"] is False
    assert answer["totals"]["persons"] == 6
    assert (newest["persons"], newest["as_of"], newest["index"]) == (
        420_000_000,
        "2025-12-31",
        None,
    )
    assert (newest["statement"], newest["language"]) == (claimed, "zh-Hans")
    publish_batch(now=NOW + timedelta(days=2), at_once=True)
    newest, _ = json.loads(client.get("/api/v1/tally").content)["carried_over"]["claims"]
    assert newest["index"] is not None
    assert f"is entry {newest['index']} of the log" in page_of(client.get("/en/tally/")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_persons_of_earlier_records_are_told(two_days: None, language: str) -> None:
    """Beside a total stands how many of it were entered in bulk from earlier records."""
    said = say_totals(replace(published().totals, carried_over=1_500), language)
    with translation.override(language):
        page = render_to_string("public/totals_caveats.html", {"said": said})
    assert "1,500" in page
    without = replace(said, carried_over="")
    assert page != render_to_string("public/totals_caveats.html", {"said": without})
