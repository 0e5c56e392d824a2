# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applying for certificates: the form, its preview, and sending it.

Nothing is stored before "Send the application" is pressed on the preview. The second word
travels from page to page as a ticket and is never shown.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext

from tuidang.registry.certificates import actions
from tuidang.registry.certificates.errors import (
    AppliedAlready,
    LinkedToAnotherName,
    NotCertifiable,
    WishesRefused,
    WordUnfit,
)
from tuidang.registry.certificates.second_word import check_word
from tuidang.web.public import tickets
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.certificate_form import ApplicationForm, chosen_persons
from tuidang.web.public.certificate_preview import preview_of
from tuidang.web.public.certificate_state import PAGE, PURPOSE, show_state, why_not
from tuidang.web.public.visits import Visit
from tuidang.web.shared.languages import LANGUAGES
from tuidang.web.shared.messages import words

_SCRIPTS = {"zh-hans": "Hans", "zh-hant": "Hant"}


def show_form(visit: Visit) -> HttpResponse:
    """Show the form for the persons that were ticked, perhaps with suggestions."""
    form = _read(visit)
    if form is None:
        return _nobody(visit)
    if why := why_not(visit):
        return show_state(visit, problem=why, status=409)
    _keep_word(visit, form)
    if visit.one("do") == "suggest":
        form.suggest()
    return _show(visit, form)


def preview(visit: Visit) -> HttpResponse:
    """Say what would be sealed, or what is wrong with it."""

    def check(form: ApplicationForm, word: str) -> None:
        row, day = visit.declaration, visit.now.date()
        actions.check_apply(row, visit.code, form.wishes(), word=word, day=day)

    def then(form: ApplicationForm) -> HttpResponse:
        values = {"preview": preview_of(form, _ticket(visit))}
        page = rendered("certificate_preview", visit.language, PAGE, **values)
        return answer(visit.request, page)

    return _checked(visit, check, then)


def send(visit: Visit) -> HttpResponse:
    """Seal and store the application, and show how far it is."""

    def store(form: ApplicationForm, word: str) -> None:
        facts: dict[str, Any] = {"word": word, "urgency": form.urgency, "day": visit.now.date()}
        facts |= {"language": LANGUAGES[visit.language], "needed_by": form.needed_by}
        actions.apply(visit.declaration, visit.code, form.wishes(), **facts)

    def then(_form: ApplicationForm) -> HttpResponse:
        return show_state(visit, done=gettext("The application is sealed and sent."))

    return _checked(visit, store, then)


def _checked(
    visit: Visit,
    deed: Callable[[ApplicationForm, str], None],
    then: Callable[[ApplicationForm], HttpResponse],
) -> HttpResponse:
    """Do what the form asks for, or show it again with what is wrong."""
    form = _read(visit)
    if form is None:
        return _nobody(visit)
    form.check(day=visit.now.date())
    word = _checked_word(visit, form)
    if form.summary:
        return _show(visit, form, status=422)
    try:
        deed(form, word)
    except WishesRefused as error:
        form.add(error.problems)
    except LinkedToAnotherName as error:
        block = form.block(error.number)
        form.tell(f"{block.place}-surname", words(error.code), block)
    except NotCertifiable as error:
        return show_state(visit, problem=words(f"not_certifiable_{error.why}"), status=409)
    except AppliedAlready as error:
        return show_state(visit, problem=words(error.code), status=409)
    return _show(visit, form, status=422) if form.summary else then(form)


def _read(visit: Visit) -> ApplicationForm | None:
    """Read the form; None where no person of the declaration was ticked."""
    persons = chosen_persons(visit.typed, visit.declaration.size)
    script = _SCRIPTS.get(visit.language, "Hans")
    return ApplicationForm(visit.typed, persons, script) if persons else None


def _nobody(visit: Visit) -> HttpResponse:
    return show_state(visit, problem=words("nobody_ticked"), status=422)


def _keep_word(visit: Visit, form: ApplicationForm) -> str:
    """Carry a second word on, as typed now twice alike or as a ticket brought it here."""
    first, second, ticket = (visit.one(each) for each in ("word", "word2", "word-ticket"))
    word = first if first == second else ""
    if not first and not second and ticket:
        try:
            word = tickets.redeem_word(ticket, now=visit.now)
        except tickets.TicketRefused:
            word = ""
    if word:
        minutes = tickets.FORM_MINUTES
        form.word_ticket = tickets.issue_word(word, now=visit.now, minutes=minutes)
    return word


def _checked_word(visit: Visit, form: ApplicationForm) -> str:
    """Return the second word; where there is none that fits, let the form tell it."""
    if visit.one("word") != visit.one("word2"):
        form.tell("word", words("words_differ"))
        return ""
    word = _keep_word(visit, form)
    if not word:
        form.tell("word", words("missing"))
        return ""
    try:
        check_word(word, visit.code)
    except WordUnfit as error:
        form.tell("word", words(error.code))
        form.word_ticket = ""
    return word


def _show(visit: Visit, form: ApplicationForm, *, status: int = 200) -> HttpResponse:
    values = {"form": form, "ticket": _ticket(visit)}
    page = rendered("certificate_form", visit.language, PAGE, **values)
    return answer(visit.request, page, status=status)


def _ticket(visit: Visit) -> str:
    return tickets.issue(visit.code, PURPOSE, now=visit.now, minutes=tickets.FORM_MINUTES)
