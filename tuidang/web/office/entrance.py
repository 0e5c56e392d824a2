# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in, which opens the volunteer's own key, and signing out, which locks everything."""

from datetime import datetime

from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from tuidang.registry.accounts.actions import sign_in
from tuidang.registry.accounts.errors import SignInRefused
from tuidang.web.office.middleware import COOKIE, keep_unlocked

BACKEND = "tuidang.web.office.backend.OpenedKey"
FIELDS = ("username", "passphrase", "code")


@require_http_methods(["GET", "POST"])
@sensitive_variables("given")
@sensitive_post_parameters(*FIELDS)
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Open the volunteer's own key with the passphrase, and with it the ring."""
    if request.method != "POST":
        return render(request, "office/login.html")
    # A database may refuse a NUL with an error of its own; no user name has one.
    given = (request.POST.get(name, "").replace("\0", "") for name in FIELDS)
    now = timezone.now()
    try:
        volunteer, keys = sign_in(*given, now=now)
    except SignInRefused:
        return render(request, "office/login.html", {"refused": True}, status=403)
    forget_lapsed_sessions(now)
    login(request, volunteer, backend=BACKEND)
    answer = HttpResponseRedirect("/")
    keep_unlocked(request, answer, keys)
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Lock everything again."""
    logout(request)
    answer = HttpResponseRedirect("/login/")
    answer.delete_cookie(COOKIE)
    return answer


def forget_lapsed_sessions(now: datetime) -> None:
    """Delete sessions that are over: they open nothing, but they hold a time."""
    Session.objects.filter(expire_date__lte=now).delete()
