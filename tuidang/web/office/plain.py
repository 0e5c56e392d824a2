# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers that need no volunteer: style, language, health, and errors that say nothing."""

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

STYLE = (Path(__file__).parent / "style" / "office.css").read_bytes()


@require_GET
def style(_request: HttpRequest) -> HttpResponse:
    """Return the stylesheet."""
    return HttpResponse(STYLE, content_type="text/css; charset=utf-8")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the volunteer's language in a cookie of their own browser."""
    answer = HttpResponseRedirect("/")
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, wanted, secure=True, httponly=True, samesite="Strict"
        )
    return answer


@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 if the database answers."""
    connection.ensure_connection()
    return HttpResponse("ok\n", content_type="text/plain")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that this is not allowed."""
    return _page(request, gettext("This is not allowed. Please sign in again."), 403)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that a request made no sense, without repeating any of it."""
    return _page(request, gettext("This could not be read. Nothing was decided."), 400)


def unproven(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form that did not come from our own page (Django's CSRF check)."""
    return forbidden(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that there is nothing here, without repeating the address."""
    return _page(request, gettext("There is nothing here."), 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Say that something failed; what and where is for nobody's eyes."""
    return _page(request, gettext("Something failed. Nothing was decided."), 500)


def _page(request: HttpRequest, words: str, status: int) -> HttpResponse:
    return render(request, "office/plain.html", {"words": words}, status=status)
