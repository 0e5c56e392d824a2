# SPDX-License-Identifier: AGPL-3.0-or-later
"""What holds for every answer of the public door: who may ask, and which headers go out."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from tuidang.web.public.problem_documents import PROBLEM_JSON
from tuidang.web.public.refusals import refuse
from tuidang.web.public.style import SECURITY_POLICY

SAFE_HEADERS = {
    "Content-Security-Policy": SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class SafeHeaders:
    """Middleware that refuses strange hosts and other sites' forms, and marks every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with every header that the view did not choose itself."""
        response = self._answer(request)
        for name, value in SAFE_HEADERS.items():
            if name not in response.headers:
                response.headers[name] = value
        if not response.streaming and "Content-Length" not in response.headers:
            # Without it the server sends chunks: more bytes, and worse for old proxies.
            response.headers["Content-Length"] = str(len(response.content))
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            host = request.get_host()
        except DisallowedHost:
            return refuse(request, 400)
        if request.method in _CHANGING and is_cross_site(request, host):
            return refuse(request, 403)
        response = self._get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and _is_wordless(
            request, response
        ):
            return _not_allowed(request, response)
        return response


def _is_wordless(request: HttpRequest, response: HttpResponse) -> bool:
    """Say whether a refusal comes from the API's router, which has no words for people."""
    of_the_api = request.path_info.startswith("/api/")
    return of_the_api and response.headers.get("Content-Type") != PROBLEM_JSON


def _not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Put words to such a refusal, and keep what it allows."""
    refused = refuse(request, 405)
    refused["Allow"] = response.get("Allow", "")
    return refused


def is_cross_site(request: HttpRequest, host: str) -> bool:
    """Say whether another site's page sent this (intake spec, section 5, layer 1).

    There is no cookie that such a page could misuse; this keeps it from declaring in its
    readers' names. `Origin: null` passes: under our own referrer policy browsers send just
    that for our own forms, and those that do are new enough to say Sec-Fetch-Site.
    """
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2].lower() != host.lower()
