# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages to cite: a quarter that is over and a milestone never change, and say how to be read."""

from datetime import date

import pytest
from django.test import Client

from tests.verify.sample_logs import CLOCK, LOG, signed
from tests.web.public.browsing import page_of
from tests.web.public.sealed import publish_days
from tuidang.pure.merkle.checkpoints import cosign
from tuidang.registry.tally import periods
from tuidang.registry.transparency.models import Batch
from tuidang.web.shared.languages import LANGUAGES

each_language = pytest.mark.parametrize("language", LANGUAGES)
TEXT = "log.invalid/sample\n300\n56/ILTiUT8eTBUUygJHUWCMojB9zTL2sBjlnE+vUtdU=\n"
CHECKPOINT = signed(TEXT, cosign(TEXT, CLOCK, 1_795_305_600)).decode()
DAYS = [
    (date(2026, 11, 30), 700),
    (date(2026, 12, 31), 1_200),
    (date(2027, 1, 1), 1_150),
    (date(2027, 7, 2), 12_000),
]
SENTENCES = {
    "en": ("three organisations", "cannot be compared", "distinct, real people", "UTC",
           "1,200 declared for themselves"),
    "zh-hans": ("涵盖三个组织", "不能与党员人数相比较", "互不相同的真实的人", "UTC",
                "1,200 人由本人声明"),
    "zh-hant": ("涵蓋三個組織", "不能與黨員人數相比較", "互不相同的真實的人", "UTC",
                "1,200 人由本人聲明"),
}  # fmt: skip


@pytest.fixture
def batches(db: None) -> None:
    """Publish four batches in three quarters, with a correction at the beginning of the second."""
    publish_days(DAYS, CHECKPOINT)


@each_language
@pytest.mark.parametrize("name", ["2026-q4", "1000"])
def test_a_figure_stands_with_its_sentences(
    client: Client, batches: None, language: str, name: str
) -> None:
    """A figure stands with what it covers and does not show, its checkpoint, and how to cite."""
    response = client.get(f"/{language}/figures/{name}/")
    page = page_of(response)
    assert response.status_code == 200
    for words in SENTENCES[language]:
        assert words in page.text
    assert "1,200" in page.text
    assert TEXT.replace("\n", " ") in page.text
    assert f"http://testserver/{language}/figures/{name}/" in page.text
    assert "log.invalid/sample" in page.text


def test_a_quarter_is_what_its_batches_added(client: Client, batches: None) -> None:
    """A batch belongs to the quarter of its last day; corrections are subtracted."""
    added = {
        name: page_of(client.get(f"/en/figures/{name}/")).source.partition('class="big">')[2]
        for name in ("2026-q4", "2027-q1", "2027-q2", "2027-q3")
    }
    assert {name: html.partition("<")[0] for name, html in added.items()} == {
        "2026-q4": "1,200",
        "2027-q1": "−50",
        "2027-q2": "0",
        "2027-q3": "10,850",
    }


@pytest.mark.parametrize("name", ["2026-q4", "2027-q1", "1000"])
def test_what_is_over_never_changes(client: Client, db: None, name: str) -> None:
    """Later batches and further cosignatures change no byte of a page to cite, nor its tag."""
    publish_days(DAYS[:3], CHECKPOINT)
    address = f"/en/figures/{name}/"
    over = name != "2027-q1"
    before = client.get(address)
    publish_days(DAYS[3:], CHECKPOINT)
    for batch in Batch.objects.all():
        batch.checkpoint += "— other.invalid/witness AAAAAAAAAAAA\n"
        batch.save()
    after = client.get(address)
    assert (after.content == before.content) is over
    assert (after["ETag"] == before["ETag"]) is over
    assert ("will change" in page_of(before).text) is not over
    assert "will change" not in page_of(after).text
    assert "witness AAAA" not in after.content.decode()


def test_a_page_that_is_known_already_is_not_sent_again(client: Client, batches: None) -> None:
    """Whoever has the tag of a page learns that it is the same, packed or plain."""
    first = client.get("/en/figures/2026-q4/", headers={"accept-encoding": "gzip"})
    tag = first["ETag"]
    assert tag == client.get("/en/figures/2026-q4/")["ETag"]
    again = client.get("/en/figures/2026-q4/", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get("/en/figures/2027-q1/", headers={"if-none-match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize(
    "name",
    ["2026-q3", "2027-q4", "9999-q4", "2026-q5", "2026-Q4", "026-q4", "2000", "100000", "1500",
     "10000000000", "999999999999", "0", "x"],
)  # fmt: skip
def test_what_has_not_happened_has_no_page(client: Client, batches: None, name: str) -> None:
    """A quarter before the log or still to come, and a count not reached or none, are 404."""
    assert client.get(f"/en/figures/{name}/").status_code == 404


@each_language
def test_the_index_leads_to_each_page(client: Client, batches: None, language: str) -> None:
    """Quarters and milestones are listed, newest first, and each link leads somewhere."""
    page = page_of(client.get(f"/{language}/figures/"))
    prefix = f"/{language}/figures/"
    links = [values["href"] or "" for tag, values in page.tags if tag == "a" and "href" in values]
    listed = [link for link in links if link.startswith(prefix) and link != prefix]
    assert [link.removeprefix(prefix).strip("/") for link in listed] == [
        "2027-q3", "2027-q2", "2027-q1", "2026-q4", "10000", "1000",
    ]  # fmt: skip
    assert {client.get(link).status_code for link in listed} == {200}
    assert client.get(f"{prefix}2026-q4")["Location"] == f"{prefix}2026-q4/"


@each_language
def test_before_the_log_begins_there_is_nothing_to_cite(
    client: Client, db: None, language: str
) -> None:
    """The index answers, and no quarter has a page."""
    assert client.get(f"/{language}/figures/").status_code == 200
    assert client.get(f"/{language}/figures/2026-q4/").status_code == 404


def test_a_batch_that_is_only_prepared_is_not_told(client: Client, batches: None) -> None:
    """Nothing of a batch is said before its checkpoint is public."""
    Batch.objects.filter(number=3).update(state=Batch.State.PREPARED)
    assert client.get("/en/figures/2027-q3/").status_code == 404
    assert client.get("/en/figures/10000/").status_code == 404


def test_a_checkpoint_keeps_the_lines_of_the_log_alone() -> None:
    """Lines of the log and its clock stay as they are; others, which may come later, go."""
    assert periods.own_lines(CHECKPOINT) == CHECKPOINT
    assert LOG.name in CHECKPOINT
    assert periods.own_lines(f"{CHECKPOINT}— w.invalid AAAAAAAAAAAA\n") == CHECKPOINT
