# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verifying page, as a file of its own and as the first page of the verifying host.

The code of a certificate stands in the fragment of the address, which no browser sends: this
server never learns what is checked. Nobody gets another page than everybody else.
"""

import gzip
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tuidang.verify import page as verifying
from tuidang.web.public import pages
from tuidang.web.public.answers import HTML, PACKED, VARIES, takes_gzip
from tuidang.web.public.refusals import only, refuse


@only("GET", "HEAD")
def verify_page(request: HttpRequest) -> HttpResponse:
    """Give the page with today's trust bundle in it; 503 where one of the two is missing."""
    try:
        note = (Path(settings.TRUST_FOLDER) / "trust.note").read_bytes()
        plain, packed, policy = _made(note, verifying.BUILT.stat().st_mtime_ns)
    except (FileNotFoundError, verifying.NotForAPage):
        return refuse(request, 503)
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), browsing-topics=()",
    }
    if takes_gzip(request):
        return HttpResponse(packed, content_type=HTML, headers={**headers, **PACKED})
    return HttpResponse(plain, content_type=HTML, headers={**headers, **VARIES})


def first_page(request: HttpRequest) -> HttpResponseBase:
    """Give the verifying page on the verifying host, the choice of a language elsewhere."""
    if request.get_host().lower() == settings.VERIFY_HOST:
        return verify_page(request)
    return pages.choose_language(request)


@lru_cache(maxsize=1)
def _made(note: bytes, _built_at: int) -> tuple[bytes, bytes, str]:
    """Return the page plain and packed, and its policy: made anew when bundle or page change."""
    bundle = json.loads(note.partition(b"\n\n")[0])
    plain = verifying.whole_page(bundle["origin"], bundle["log_vkey"], note)
    packed = gzip.compress(plain, compresslevel=9, mtime=0)
    return plain, packed, verifying.security_policy(plain)
