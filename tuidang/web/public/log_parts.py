# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole log as tar files: an index for programs, a list for the command line, the parts.

A complete part never changes. The others carry the size of a published checkpoint in their
name, so that a batch published between two downloads cannot mix into a copy. Only files of
the public log go out, and a part is never held in memory.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tuidang.pure.merkle.parts import BUNDLES_A_PART, all_parts, bundles_of, complete_parts
from tuidang.pure.merkle.tiles import TILE_WIDTH
from tuidang.registry.transparency import parts
from tuidang.registry.transparency.errors import FileMissing
from tuidang.registry.transparency.models import Batch
from tuidang.web.public.log_files import FOREVER, JSON, MINUTES, OPEN, SECONDS, TEXT
from tuidang.web.public.pages import site_address
from tuidang.web.public.refusals import only, refuse

TAR = "application/x-tar"
# So many parts at a time from one process: whoever declares goes before whoever copies.
_AT_ONCE = 2
_places = BoundedSemaphore(_AT_ONCE)


class Stream:
    """A part on its way out, which holds one of the places until it is sent or given up."""

    def __init__(self, part: parts.Part) -> None:
        self._chunks = part.chunks()
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._chunks)

    def close(self) -> None:
        """Free the place; called once the answer has ended, however it did."""
        if self._open:
            self._open = False
            _places.release()


@only("GET", "HEAD")
def index(request: HttpRequest) -> HttpResponse:
    """List the parts as JSON: what each holds, how long it is, its SHA-256 where it is complete."""
    newest = Batch.objects.published().last_batch()
    if newest is None:
        return refuse(request, 404)
    try:
        told = _index(newest)
    except FileMissing:
        return refuse(request, 503)
    body = json.dumps(told, indent=1).encode() + b"\n"
    return HttpResponse(body, content_type=JSON, headers={**OPEN, "Cache-Control": SECONDS})


@only("GET", "HEAD")
def addresses(request: HttpRequest) -> HttpResponse:
    """List the addresses of the parts, one a line, for a loop of a shell."""
    newest = Batch.objects.published().last_batch()
    if newest is None:
        return refuse(request, 404)
    site = site_address(request)
    lines = "".join(f"{site}/log/parts/{name}\n" for name in _names(newest.size))
    headers = {**OPEN, "Cache-Control": SECONDS}
    return HttpResponse(lines.encode(), content_type=TEXT, headers=headers)


@only("GET", "HEAD")
def part(request: HttpRequest, which: str, size: str = "") -> HttpResponseBase:
    """Give a part: complete ones by their number alone, others as of a published size."""
    batches = Batch.objects.published()
    batch = batches.filter(size=int(size)).first() if size else batches.last_batch()
    if batch is None:
        return refuse(request, 404)
    name = _name(which, batch.size)
    if name not in _names(batch.size) or (size and name != f"{which}-at-{size}.tar"):
        return refuse(request, 404)
    if not size and "-at-" in name:
        headers = {**OPEN, "Cache-Control": SECONDS}
        return HttpResponseRedirect(f"/log/parts/{name}", headers=headers)
    try:
        made = _made(which, batch)
    except FileMissing:
        return refuse(request, 404)
    return _sent(request, made, name, MINUTES if size else FOREVER)


def _sent(request: HttpRequest, made: parts.Part, name: str, caching: str) -> HttpResponseBase:
    headers = {
        **OPEN,
        "Cache-Control": caching,
        "Content-Length": str(made.length),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    if request.method == "HEAD":
        return HttpResponse(content_type=TAR, headers=headers)
    if not _places.acquire(blocking=False):
        busy = refuse(request, 503)
        busy["Retry-After"] = "10"
        return busy
    return StreamingHttpResponse(Stream(made), content_type=TAR, headers=headers)


def _made(which: str, batch: Batch) -> parts.Part:
    folder = Path(settings.LOG_FOLDER)
    return (
        parts.top(folder, batch) if which == "top" else parts.part(folder, int(which), batch.size)
    )


def _names(size: int) -> list[str]:
    """Return the names of all parts of a log of this size, in the order of their entries."""
    return [_name(each, size) for each in (*map(str, range(all_parts(size))), "top")]


def _name(which: str, size: int) -> str:
    complete = which != "top" and int(which) < complete_parts(size)
    return f"{which}.tar" if complete else f"{which}-at-{size}.tar"


def _index(newest: Batch) -> dict[str, Any]:
    size = newest.size
    return {
        "version": 1,
        "size": size,
        "checkpoint": newest.checkpoint,
        "entries_a_part": BUNDLES_A_PART * TILE_WIDTH,
        "parts": [_told(str(n), newest) for n in range(all_parts(size))],
        "top": _told("top", newest),
    }


def _told(which: str, newest: Batch) -> dict[str, Any]:
    """Say what one part is; the SHA-256 of a part that has just become complete may be null."""
    name = _name(which, newest.size)
    told = {"name": name, "path": f"/log/parts/{name}"}
    if which == "top":
        return told | {"bytes": _made(which, newest).length}
    bundles = bundles_of(int(which), newest.size)
    complete = int(which) < complete_parts(newest.size)
    known = parts.known(Path(settings.LOG_FOLDER), int(which)) if complete else None
    return told | {
        "bytes": known.length if known else _made(which, newest).length,
        "first_bundle": bundles[0],
        "last_bundle": bundles[-1],
        "complete": complete,
        "sha256": known.sha256 if known else None,
    }
