# SPDX-License-Identifier: AGPL-3.0-or-later
"""Declaring: the form, its preview, and the one answer that holds a receipt code.

Nothing is stored before "Declare" is pressed on the preview. The form carries a random key
of its own, so that pressing twice declares once.
"""

import base64
import re
import secrets
from datetime import datetime
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.problems import IntakeError
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import CodeError, parse_code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import (
    AlreadyReceived,
    DayKeyLost,
    EarlierReceiptUnknown,
    KeyReused,
)
from tuidang.registry.vault.errors import NoRecipient
from tuidang.web.public import clock, tickets
from tuidang.web.public.answers import answer, ready_answer, rendered
from tuidang.web.public.codes import code_page, spellings
from tuidang.web.public.form import Form
from tuidang.web.public.form_fields import Typed, typed_one
from tuidang.web.public.form_reading import FormRefused, read_form
from tuidang.web.public.preview import preview_of
from tuidang.web.public.ready import ReadyPage
from tuidang.web.public.refusals import only, refuse
from tuidang.web.shared.languages import LANGUAGES
from tuidang.web.shared.messages import words

PAGE = "declare/"
KEY_BYTES = 16
_KEY_SLOT = "slot-of-the-key-22-long"
_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_EARLIER = "earlier"


@only("GET", "HEAD", "POST")
def declare(request: HttpRequest, language: str) -> HttpResponse:
    """Show the form, its preview, or the receipt code."""
    if request.method != "POST":
        return ready_answer(request, empty_form(language), new_key().encode())
    try:
        typed = read_form(request)
    except FormRefused as refused:
        return refuse(request, refused.status)
    return _answer_form(request, language, typed)


@cache
def empty_form(language: str) -> ReadyPage:
    """Render the empty form, in the active language, for good; its slot takes the key."""
    html = rendered("declare", language, PAGE, form=Form({}, _KEY_SLOT))
    return ReadyPage.cut(html, [_KEY_SLOT])


def new_key() -> str:
    """Make the random key of one form: 16 bytes, 22 characters of base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def _answer_form(request: HttpRequest, language: str, typed: Typed) -> HttpResponse:
    key = typed_one(typed, "key")
    form = Form(typed, key if _KEY.fullmatch(key) else new_key())
    now = clock.now()
    earlier = _earlier_code(form, now)
    wish = "declare" if "confirm" in typed else typed_one(typed, "do")
    if wish == "more":
        form.grow()
    if wish in {"more", "change"}:
        return _show(request, language, form)
    declaration = _checked(form, language, earlier, now)
    if declaration is None:
        return _show(request, language, form, status=422)
    if wish == "declare":
        return _record(request, language, form, declaration, now)
    page = rendered("preview", language, PAGE, preview=preview_of(declaration, form))
    return answer(request, page)


def _earlier_code(form: Form, now: datetime) -> str:
    """Give the earlier receipt code, as typed now or as a ticket has carried it here.

    A code that can be read goes on as a ticket; it is never put back into the page.
    """
    typed = form.one("earlier").strip()
    ticket = form.one("earlier-ticket")
    if not typed and not ticket:
        return ""
    try:
        code = parse_code(typed) if typed else tickets.redeem(ticket, _EARLIER, now=now)
    except CodeError:
        return typed  # the rules say what is wrong with it
    except tickets.TicketRefused as refused:
        form.tell("earlier", words(refused.code))
        return ""
    form.earlier_ticket = tickets.issue(code, _EARLIER, now=now, minutes=tickets.FORM_MINUTES)
    return code.digits()


def _checked(form: Form, language: str, earlier: str, now: datetime) -> Declaration | None:
    """Check what was typed; None where the form now tells what is wrong."""
    form.find_own_problems()
    try:
        body = form.body(LANGUAGES[language], earlier)
        declaration = parse_declaration(body, today=now.date())
    except IntakeError as error:
        form.add(error.problems)
        return None
    return None if form.summary else declaration


def _record(
    request: HttpRequest, language: str, form: Form, declaration: Declaration, now: datetime
) -> HttpResponse:
    """Store the declaration and show its receipt code, for the only time."""
    try:
        code = actions.receive(declaration, idempotency_key=form.key, channel="web", day=now.date())
    except EarlierReceiptUnknown as error:
        form.tell("earlier", words(error.code))
        form.earlier_ticket = ""
        return _show(request, language, form, status=422)
    except (KeyReused, AlreadyReceived) as error:
        return _sent_before(request, language, error)
    except (NoRecipient, DayKeyLost):
        return refuse(request, 503)
    return ready_answer(request, code_page(language), *spellings(code, language))


def _show(request: HttpRequest, language: str, form: Form, *, status: int = 200) -> HttpResponse:
    return answer(request, rendered("declare", language, PAGE, form=form), status=status)


def _sent_before(
    request: HttpRequest, language: str, error: KeyReused | AlreadyReceived
) -> HttpResponse:
    values = {"title": gettext("This form was sent before"), "advice": words(error.code)}
    return answer(request, rendered("refusal", language, PAGE, **values), status=409)
