# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a page becomes an answer: its frame, its bytes, gzip where the browser takes it.

Every page says `no-store`: a browser's cache on a seized device is a diary.
"""

import gzip
import hashlib
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.safestring import mark_safe

from tuidang.web.public.ready import ReadyPage
from tuidang.web.public.style import STYLE
from tuidang.web.shared.languages import LANGUAGES, NAMES

HTML = "text/html; charset=utf-8"
# Below this, gzip's own header costs more than it saves.
_WORTH_PACKING = 500


def frame(language: str, page: str) -> dict[str, Any]:
    """Return what the header and footer of a page need; `page` is its path below the language."""
    return {
        "lang": LANGUAGES[language],
        "home": f"/{language}/",
        "here": f"/{language}/{page}",
        "page": page,
        "style": mark_safe(STYLE),  # noqa: S308 -- our own file, and the policy names its hash
        "demonstration": settings.DEMONSTRATION,
        "languages": [
            {"lang": LANGUAGES[each], "name": NAMES[each], "href": f"/{each}/{page}"}
            for each in LANGUAGES
        ],
    }


def rendered(template: str, language: str, page: str, **values: Any) -> str:
    """Render a page in the active language."""
    return render_to_string(f"public/{template}.html", {"frame": frame(language, page), **values})


def answer(request: HttpRequest, page: str, *, status: int = 200) -> HttpResponse:
    """Send a rendered page."""
    body = page.encode()
    if not takes_gzip(request) or len(body) < _WORTH_PACKING:
        return HttpResponse(body, content_type=HTML, status=status)
    packed = gzip.compress(body, compresslevel=6, mtime=0)
    return HttpResponse(packed, content_type=HTML, status=status, headers=PACKED)


def tagged_answer(request: HttpRequest, page: str) -> HttpResponse:
    """Send a page that stays the same, with a tag of its bytes; 304 where they are known.

    The tag is a weak one (RFC 9110, section 8.8.1), since packed and plain bytes share it. It
    says nothing about who asks: everybody gets the same.
    """
    response = answer(request, page)
    tag = f'W/"{hashlib.sha256(page.encode()).hexdigest()[:32]}"'
    response["ETag"] = tag
    known = get_conditional_response(request, etag=tag, response=response)
    return cast("HttpResponse", known)


def ready_answer(request: HttpRequest, page: ReadyPage, *values: bytes) -> HttpResponse:
    """Send a ready-made page with its slots filled."""
    if takes_gzip(request):
        return HttpResponse(page.gzipped(*values), content_type=HTML, headers=PACKED)
    return HttpResponse(page.plain(*values), content_type=HTML, headers=VARIES)


VARIES = {"Vary": "Accept-Encoding"}
PACKED = {"Content-Encoding": "gzip", **VARIES}


def takes_gzip(request: HttpRequest) -> bool:
    """Say whether the browser takes gzip; a weight of 0 is how a header says no."""
    for wish in request.headers.get("Accept-Encoding", "").lower().split(","):
        coding, _, weight = wish.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False
