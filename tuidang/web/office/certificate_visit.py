# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visit at the desk: declared, applied and checked in one form, then signed by another volunteer.

The one page here that shows a receipt code shows it for one answer. Sent twice, the form records
once and shows the same code.
"""

import re
import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tuidang.pure.credential.claims import IdentityCheck
from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.receipt import Code
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.actions import Wish
from tuidang.registry.certificates.errors import CheckUnfit, WishesRefused, WordUnfit
from tuidang.registry.certificates.models import Application
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.errors import StateRefused
from tuidang.registry.declarations.models import Declaration as Row
from tuidang.web.office.certificate_visit_form import VisitForm
from tuidang.web.office.requests import doer, today, unlocked
from tuidang.web.office.said import REFUSED
from tuidang.web.office.words import refusal

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_KEY_BYTES = 16
Filled = tuple[Declaration, Wish, IdentityCheck]
_AT_FIELDS = {CheckUnfit.code: "check", WordUnfit.code: "word"}


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@sensitive_post_parameters()
def visit_page(request: HttpRequest) -> HttpResponse:
    """Show the form; sent, record the visit and show the receipt code, this once."""
    form = _form(request)
    if request.method != "POST":
        return _show(request, form)
    found = form.read()
    if found is None:
        return _show(request, form, status=422)
    try:
        code = _record(request, form, found)
    except WishesRefused as error:
        form.add_wish_problems(error.problems)
    except REFUSED as error:
        form.tell(_AT_FIELDS.get(error.code, ""), refusal(error.code))
    else:
        return _show_code(request, form, code)
    return _show(request, form, status=422)


def _record(request: HttpRequest, form: VisitForm, found: Filled) -> Code:
    """Record the visit; the same form again gives the code that it gave before."""
    declaration, wish, check = found
    facts: dict[str, Any] = {"idempotency_key": form.key, "day": today(request)}
    try:
        return actions.walk_in(
            declaration,
            wish,
            check,
            unlocked(request),
            word=form.one("word"),
            language=declaration.language,
            by=doer(request),
            urgency=_urgency(form),
            **facts,
        ).code
    except StateRefused:
        return declarations.receive(declaration, channel=Row.Channel.DESK, **facts)


def _urgency(form: VisitForm) -> int:
    typed = form.values["urgency"]
    return int(typed) if typed in {"1", "2", "3"} else Application.Urgency.WEEK


def _form(request: HttpRequest) -> VisitForm:
    typed = dict(request.POST.lists())
    key = (typed.get("key") or [""])[-1]
    key = key if _KEY.fullmatch(key) else secrets.token_urlsafe(_KEY_BYTES)
    return VisitForm(typed, key, get_language() or "en", today(request))


def _show(request: HttpRequest, form: VisitForm, *, status: int = 200) -> HttpResponse:
    return render(request, "office/certificate_visit.html", {"form": form}, status=status)


def _show_code(request: HttpRequest, form: VisitForm, code: Code) -> HttpResponse:
    traditional = form.values["language"] == "zh-hant"
    context = {
        "chinese": code.chinese(traditional=traditional).split(),
        "chinese_lang": "zh-Hant" if traditional else "zh-Hans",
        "english": code.english().split(),
        "digits": code.digits().split(),
    }
    return render(request, "office/certificate_visit_code.html", context)
