# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that refuse: pages in the reader's language, problem documents for programs.

They must never repeat an address, a query or anything else that was sent.
"""

import logging
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.problem_documents import problem_document
from tuidang.web.shared.languages import language_of

# Status -> title, what to do. Codes of problem documents are in PROBLEM_NAMES.
REFUSALS = {
    400: (
        gettext_noop("This could not be read"),
        gettext_noop("What your browser sent could not be understood. Please start again."),
    ),
    403: (
        gettext_noop("Not from another site"),
        gettext_noop(
            "This was sent from a page of another site, so it was refused. Open the form here."
        ),
    ),
    404: (
        gettext_noop("There is no such page"),
        gettext_noop("Perhaps the address was copied incompletely."),
    ),
    405: (
        gettext_noop("This does not work here"),
        gettext_noop("The page cannot be used in this way. Please start again from its form."),
    ),
    413: (
        gettext_noop("This is too large"),
        gettext_noop("More was sent than one declaration can hold. Nothing has been recorded."),
    ),
    415: (
        gettext_noop("This could not be read"),
        gettext_noop("It was sent in a format that is not understood here."),
    ),
    500: (
        gettext_noop("Something went wrong here"),
        gettext_noop(
            "It is our fault. If you were declaring, press the button again: the same form is "
            "recorded only once."
        ),
    ),
    503: (
        gettext_noop("Not possible at the moment"),
        gettext_noop("Nothing has been recorded. Please try again later."),
    ),
}
PROBLEM_NAMES = {
    400: "unreadable_request",
    403: "cross_site",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    500: "internal_error",
    503: "unavailable",
}

_log = logging.getLogger("tuidang.web.public")

View = Callable[..., HttpResponseBase]


def refuse(request: HttpRequest, status: int) -> HttpResponse:
    """Answer with the refusal of this status, as a page or as a problem document."""
    title, advice = (gettext(words) for words in REFUSALS[status])
    if request.path_info.startswith("/api/"):
        return problem_document(status, PROBLEM_NAMES[status], title, detail=advice)
    page = rendered("refusal", language_of(request), "", title=title, advice=advice)
    return answer(request, page, status=status)


def only(*methods: str) -> Callable[[View], View]:
    """Let a view answer these methods, and refuse all others with 405."""

    def around(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                return view(request, *args, **kwargs)
            refused = refuse(request, 405)
            refused["Allow"] = ", ".join(methods)
            return refused

        return guarded

    return around


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    return refuse(request, 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return refuse(request, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler500. The log learns what kind of error it was and where, never for whom."""
    kind, _, trace = sys.exc_info()
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    _log.error("an answer failed: %s at %s", kind.__name__ if kind else "?", where)
    return refuse(request, 500)
