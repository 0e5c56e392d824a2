# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that say the same to everybody, rendered once for each language.

Nothing about a request may get into them but the site's own address, in a slot.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import escape
from django.utils.translation import gettext

from tuidang.web.public.answers import ready_answer, rendered
from tuidang.web.public.log_files import AUDITOR
from tuidang.web.public.open_data import MEANINGS
from tuidang.web.public.ready import ReadyPage
from tuidang.web.public.refusals import only
from tuidang.web.public.tally_files import COLUMNS
from tuidang.web.shared.languages import LANGUAGES, negotiate
from tuidang.web.shared.numbers import said_number

# Path below the language -> template. All are linked from every page.
PAGES = {
    "": "home",
    "safety/": "safety",
    "lawyers/": "lawyers",
    "verify/": "verify",
    "statements/": "statements",
    "channels/": "channels",
    "about/": "about",
    "audit/": "audit",
    "open-data/": "open_data",
}
# Stands in a page where the address belongs, until the page is cut there.
_ADDRESS = "address-of-this-site"


@only("GET", "HEAD")
def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead from the bare address to the language that the browser wishes for."""
    language = negotiate(request.headers.get("Accept-Language", ""))
    headers = {"Vary": "Accept-Language"}
    return HttpResponseRedirect(f"/{language}/", headers=headers)


@only("GET", "HEAD")
def with_slash(_request: HttpRequest, path: str) -> HttpResponse:
    """Lead from a page's address without its last slash to the page; a query is dropped."""
    return HttpResponseRedirect(f"/{path}/")


@only("GET", "HEAD")
def show(request: HttpRequest, language: str, page: str = "") -> HttpResponse:
    """Show one of PAGES."""
    made = ready_made(language, page)
    slots = len(made.pieces) - 1
    return ready_answer(request, made, *[site_address(request).encode()] * slots)


def site_address(request: HttpRequest) -> str:
    """Return scheme and host of this site, safe in HTML; the host is an allowed one."""
    return escape(f"{request.scheme}://{request.get_host()}")


@cache
def ready_made(language: str, page: str) -> ReadyPage:
    """Render one of PAGES, in the active language, for good."""
    facts = {"channels": _channels(language), "auditor": _auditor(), "columns": _columns()}
    html = rendered(PAGES[page], language, page, **facts)
    marks = html.count(_ADDRESS)
    for number in range(marks):
        html = html.replace(_ADDRESS, f"\0{number}\0", 1)
    return ReadyPage.cut(html, [f"\0{number}\0" for number in range(marks)])


def _channels(language: str) -> list[dict[str, Any]]:
    """Read the operator's list of other channels: name and lines in each language."""
    path = Path(settings.DATA) / "channels.json"
    if not path.exists():
        return []
    tag = LANGUAGES[language]
    return [each[tag] for each in json.loads(path.read_text(encoding="utf-8"))]


def _auditor() -> dict[str, str]:
    """Say how long the single-file auditor is, and its hash, so that a download can be checked."""
    data = AUDITOR.read_bytes()
    lengths = {"lines": data.count(b"\n"), "bytes": len(data)}
    said = {name: said_number(number) for name, number in lengths.items()}
    return {**said, "sha256": hashlib.sha256(data).hexdigest()}


def _columns() -> list[dict[str, str]]:
    """Say what each column of the open data means, in the active language."""
    return [{"name": name, "words": gettext(MEANINGS[name])} for name in COLUMNS]
