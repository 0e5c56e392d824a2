# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Atom feed of checkpoints, as a feed reader and an auditor see it."""

from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from tests.verify.sample_logs import sample_log
from tests.web.public.sealed import publish_days, write_log
from tests.web.public.test_figures import CHECKPOINT
from tuidang.registry.transparency.models import Batch
from tuidang.web.public.feed import LENGTH, tag

ATOM = "{http://www.w3.org/2005/Atom}"


def fetch(client: Client) -> ET.Element:
    """Return the feed, which must be well-formed and say what it is."""
    response = client.get("/log.atom")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)  # noqa: S314 -- our own answer


def text(element: ET.Element, path: str) -> str:
    """Return the text of an element that must be there once."""
    (found,) = element.findall("/".join(f"{ATOM}{each}" for each in path.split("/")))
    return found.text or ""


@pytest.fixture
def log(installation: Path, db: None) -> Path:
    """Write a log of six batches."""
    write_log(installation / "log", sample_log())
    return installation / "log"


def test_each_entry_is_a_signed_checkpoint(client: Client, log: Path) -> None:
    """Newest first, one entry a batch, whose content is the checkpoint byte for byte."""
    entries = fetch(client).findall(f"{ATOM}entry")
    batches = Batch.objects.order_by("-number")
    assert [text(each, "content") for each in entries] == [each.checkpoint for each in batches]
    assert text(entries[0], "content") == (log / "checkpoint").read_text()
    assert {each.find(f"{ATOM}content").get("type") for each in entries} == {"text"}  # type: ignore[union-attr]
    assert "Size 525, root " in text(entries[0], "summary")


def test_the_feed_has_what_rfc_4287_asks_for(client: Client, log: Path) -> None:
    """Ids are unique tag URIs that name no address; author, links and times are there."""
    feed = fetch(client)
    entries = feed.findall(f"{ATOM}entry")
    ids = [text(feed, "id"), *(text(each, "id") for each in entries)]
    assert len(set(ids)) == len(ids) == 7
    first = Batch.objects.order_by("number")[0].last_day.isoformat()
    assert ids[0] == f"tag:log.invalid,{first}:sample"
    assert ids[-1] == f"{ids[0]}/batch/0"
    assert text(feed, "updated") == text(entries[0], "updated") == "2026-11-22T00:00:00Z"
    assert text(feed, "author/name")
    assert all(text(each, "title") and text(each, "updated") for each in entries)
    links = {(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")}
    assert ("self", "http://testserver/log.atom") in links


def test_titles_tell_what_was_added(client: Client, db: None) -> None:
    """A title has the batch, its day, what it added and the total; corrections count down."""
    days = [(date(2026, 7, 1), 1_500), (date(2026, 7, 2), 1_400)]
    publish_days(days, CHECKPOINT)
    titles = [text(each, "title") for each in fetch(client).findall(f"{ATOM}entry")]
    assert titles == [
        "Batch 1, 2026-07-02: added −100, in all 1,400 people",
        "Batch 0, 2026-07-01: added 1,500, in all 1,500 people",
    ]


def test_the_feed_ends_after_a_hundred_batches(client: Client, db: None) -> None:
    """Only the newest are told; the oldest of them still knows what it added."""
    days = [(date(2026, 1, 1) + timedelta(days=n), 1_000 + n) for n in range(LENGTH + 2)]
    publish_days(days, CHECKPOINT)
    titles = [text(each, "title") for each in fetch(client).findall(f"{ATOM}entry")]
    assert len(titles) == LENGTH
    assert titles[-1].startswith("Batch 2, 2026-01-03: added 1, in all")


def test_only_published_batches_are_told(client: Client, log: Path) -> None:
    """A batch whose checkpoint is not public yet stands in no feed; without any there is none."""
    Batch.objects.filter(number=5).update(state=Batch.State.PREPARED)
    assert len(fetch(client).findall(f"{ATOM}entry")) == 5
    Batch.objects.all().delete()
    assert client.get("/log.atom").status_code == 404


def test_a_checkpoint_without_a_clock_has_the_time_of_its_day(client: Client, log: Path) -> None:
    """Where the log's clock has not signed, an entry is as old as its batch's day."""
    batch = Batch.objects.get(number=5)
    lines = batch.checkpoint.splitlines(keepends=True)
    batch.checkpoint = "".join(line for line in lines if "/clock" not in line)
    batch.save()
    newest = fetch(client).findall(f"{ATOM}entry")[0]
    assert text(newest, "updated") == f"{batch.last_day.isoformat()}T00:00:00Z"


@pytest.mark.parametrize("page", ["tally/", "audit/", "open-data/"])
def test_pages_on_figures_lead_feed_readers_there(client: Client, db: None, page: str) -> None:
    """A feed reader that is given the page finds the feed."""
    source = client.get(f"/zh-hans/{page}").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" href="/log.atom"' in source


def test_an_id_comes_from_the_name_of_the_log() -> None:
    """The authority of a tag is the host in the log's name, with or without a path behind it."""
    assert tag("example.org/registry", date(2026, 7, 14)) == "tag:example.org,2026-07-14:registry"
    assert tag("example.org", date(2026, 7, 14)) == "tag:example.org,2026-07-14:log"
