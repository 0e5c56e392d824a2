# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Atom feed of checkpoints: one entry for each published batch (RFC 4287).

In English for everybody: programs and auditors read it. Its ids come from the log's name and
never from an address, so that a mirror of the feed has the same ones.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.notes import split_note
from tuidang.registry.transparency.models import Batch
from tuidang.web.public.log_files import MINUTES, OPEN
from tuidang.web.public.pages import site_address
from tuidang.web.public.refusals import only, refuse
from tuidang.web.shared.numbers import said_number

ATOM = "application/atom+xml; charset=utf-8"
LENGTH = 100
_TIME_BYTES = 8


@dataclass(frozen=True)
class FeedEntry:
    """One batch as the feed tells it."""

    id: str
    number: int
    day: date
    updated: str
    size: int
    root: str
    persons: str
    added: str
    checkpoint: str


@only("GET", "HEAD")
def feed(request: HttpRequest) -> HttpResponse:
    """Give the newest batches; 404 before the log begins."""
    batches = list(Batch.objects.published().order_by("-number")[: LENGTH + 1])
    if not batches:
        return refuse(request, 404)
    first = Batch.objects.published().order_by("number").values_list("last_day", flat=True)[0]
    origin = batches[0].checkpoint.partition("\n")[0]
    base = tag(origin, first)
    before = [_persons(each) for each in batches[1:]] + [0]
    entries = [
        _entry(batch, base, earlier) for batch, earlier in zip(batches, before, strict=True)
    ][:LENGTH]
    values = {"id": base, "origin": origin, "site": site_address(request), "entries": entries}
    body = render_to_string("public/feed.xml", values).encode()
    return HttpResponse(body, content_type=ATOM, headers={**OPEN, "Cache-Control": MINUTES})


def tag(origin: str, since: date) -> str:
    """Return the tag URI (RFC 4151) of a log that began on this day."""
    authority, _, rest = origin.partition("/")
    return f"tag:{authority},{since.isoformat()}:{rest or 'log'}"


def _entry(batch: Batch, base: str, before: int) -> FeedEntry:
    added = _persons(batch) - before
    return FeedEntry(
        id=f"{base}/batch/{batch.number}",
        number=batch.number,
        day=batch.last_day,
        updated=_updated(batch),
        size=batch.size,
        root=to_base64(bytes(batch.root)),
        persons=said_number(_persons(batch)),
        added=said_number(added),
        checkpoint=batch.checkpoint,
    )


def _updated(batch: Batch) -> str:
    """Return when the log's clock signed the checkpoint, or where it did not, the batch's day."""
    text, lines = split_note(batch.checkpoint.encode())
    clock = f"{text.partition(chr(10))[0]}/clock"
    times = [line.signature[:_TIME_BYTES] for line in lines if line.name == clock]
    if times:
        moment = datetime.fromtimestamp(int.from_bytes(times[0], "big"), UTC)
    else:
        moment = datetime.combine(batch.last_day, time(), UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _persons(batch: Batch) -> int:
    return sum(count for _, _, count in batch.cells)
