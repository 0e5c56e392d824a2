# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a receipt code sees and may do: state, question, withdrawal, proofs, erasure.

The code comes by POST and is used for that one answer. A page carries it on as a ticket, and
never shows it, nor a name, a text or an organisation.
"""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from tuidang.pure.intake.problems import IntakeError
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import DeclarationError
from tuidang.registry.vault.errors import NoRecipient
from tuidang.web.public import tickets
from tuidang.web.public.answers import answer, ready_answer, rendered
from tuidang.web.public.certificate_state import PURPOSE as CERTIFICATE
from tuidang.web.public.certificate_state import said_applications
from tuidang.web.public.form_fields import typed_one
from tuidang.web.public.form_reading import FormRefused, read_form
from tuidang.web.public.ready import ReadyPage
from tuidang.web.public.receipt_view import receipt_view
from tuidang.web.public.refusals import only, refuse
from tuidang.web.public.visits import NoVisit, Visit, enter
from tuidang.web.shared.messages import problem_words, words

PAGE = "receipt/"
_PURPOSE = "receipt"


@only("GET", "HEAD", "POST")
def receipt(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a code, or show what belongs to it."""
    if request.method != "POST":
        return ready_answer(request, empty_page(language))
    try:
        return _answer_visit(enter(request, language, read_form(request), purpose=_PURPOSE))
    except FormRefused as refused:
        return refuse(request, refused.status)
    except NoVisit as error:
        return _ask_again(request, language, error.code, status=error.status)


@cache
def empty_page(language: str) -> ReadyPage:
    """Render the page that asks for a code, in the active language, for good."""
    return ReadyPage.cut(rendered("receipt", language, PAGE))


def _ask_again(request: HttpRequest, language: str, code: str, *, status: int) -> HttpResponse:
    page = rendered("receipt", language, PAGE, problem=words(code))
    return answer(request, page, status=status)


def _answer_visit(visit: Visit) -> HttpResponse:
    deeds: dict[str, Callable[[Visit], HttpResponse]] = {
        "answer": _answer_question,
        "withdraw": _withdraw,
        "packet": _packet,
        "erase": _erase,
    }
    return deeds.get(typed_one(visit.typed, "do"), _show)(visit)


def _show(
    visit: Visit, *, done: str = "", problem: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """Show the state. `typed` is an answer that was refused, without any code in it."""
    values = {
        "state": receipt_view(visit.declaration, visit.code),
        "ticket": _ticket(visit, _PURPOSE),
        "applications": said_applications(visit.declaration),
        "certificate_ticket": _ticket(visit, CERTIFICATE),
        "minutes": tickets.RECEIPT_MINUTES,
        "done": done,
        "problem": problem,
        "typed": typed,
    }
    page = rendered("receipt_state", visit.language, PAGE, **values)
    return answer(visit.request, page, status=status)


def _ticket(visit: Visit, purpose: str) -> str:
    return tickets.issue(visit.code, purpose, now=visit.now, minutes=tickets.RECEIPT_MINUTES)


def _answer_question(visit: Visit) -> HttpResponse:
    text = typed_one(visit.typed, "text")
    try:
        actions.answer(visit.declaration, text, day=visit.now.date())
    except IntakeError as error:
        (first, *_) = error.problems
        held = "" if first.code == "statement_receipt_code" else text
        return _show(visit, problem=problem_words(first.code, first.facts), typed=held, status=422)
    except NoRecipient:
        return refuse(visit.request, 503)
    except DeclarationError as error:
        return _show(visit, problem=words(error.code), status=409)
    return _show(visit, done=gettext("Your answer is sealed and sent to the volunteers."))


def _withdraw(visit: Visit) -> HttpResponse:
    if typed_one(visit.typed, "sure") != "yes":
        return _show(visit, problem=words("withdrawal_unconfirmed"), status=422)
    try:
        actions.ask_withdrawal(visit.declaration, day=visit.now.date())
    except DeclarationError as error:
        return _show(visit, problem=words(error.code), status=409)
    published = actions.state_of(visit.declaration).published
    return _show(visit, done=_withdrawn_later() if published else _withdrawn())


def _withdrawn() -> str:
    return gettext("The declaration is withdrawn. Nothing of it is counted.")


def _withdrawn_later() -> str:
    return gettext(
        "The declaration is withdrawn. With the weekly publication the log takes its entries out "
        "of the count."
    )


def _erase(visit: Visit) -> HttpResponse:
    if typed_one(visit.typed, "sure_erase") != "yes":
        return _show(visit, problem=words("erasure_unconfirmed"), status=422)
    try:
        actions.ask_erasure(visit.declaration, day=visit.now.date())
    except DeclarationError as error:
        return _show(visit, problem=words(error.code), status=409)
    return _show(visit, done=gettext("The packet and the proofs are erased."))


def _packet(visit: Visit) -> HttpResponse:
    """Hand out the sealed packet as it is stored; this process cannot read it without the code."""
    packet = actions.sealed_packet(visit.declaration)
    if packet is None:
        return refuse(visit.request, 404)
    return HttpResponse(
        packet,
        content_type="application/octet-stream",
        headers={"Content-Disposition": 'attachment; filename="packet.age"'},
    )
