# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far the applications of a declaration are, put together for a page.

It must never show a name, an organisation or a date that was applied for: whoever finds a
code learns that a certificate was asked for, and not for whom.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext

from tuidang.registry.certificates import actions
from tuidang.registry.certificates.actions import ApplicationState
from tuidang.registry.certificates.errors import NotCertifiable
from tuidang.registry.certificates.policies import uncounted
from tuidang.registry.declarations.actions import open_mail, state_of
from tuidang.registry.declarations.models import Declaration
from tuidang.web.public import tickets
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.visits import Visit
from tuidang.web.shared.certificate_choices import (
    APPLICATION_REFUSALS,
    APPLICATION_STATES,
    CERTIFICATE_ENDS,
    URGENCIES,
)
from tuidang.web.shared.choices import word
from tuidang.web.shared.messages import words

PAGE = "certificate/"
PURPOSE = "certificate"


@dataclass(frozen=True)
class ShownApplication:
    """One application in words. `question` is what the office asks, or empty."""

    id: UUID
    number: int
    day: date
    state: str
    words: str
    urgency: str
    decided_on: date | None
    open: bool
    questions: tuple[str, ...]


def show_state(
    visit: Visit, *, done: str = "", problem: str = "", typed: str = "", status: int = 200
) -> HttpResponse:
    """Show everything that the holder of the code may see and do.

    `typed` is a reply that was refused, without any code in it.
    """
    values = state_values(visit)
    values |= {"done": done, "problem": problem, "typed": typed}
    values["typed_for"] = visit.one("application")
    page = rendered("certificate_state", visit.language, PAGE, **values)
    return answer(visit.request, page, status=status)


def state_values(visit: Visit) -> dict[str, Any]:
    """Return what the page needs."""
    minutes = tickets.FORM_MINUTES
    applications = shown_applications(visit)
    open_for = {each.number for each in applications if each.open}
    size = visit.declaration.size
    why = why_not(visit)
    left_out = open_for | uncounted(visit.declaration)
    return {
        "ticket": tickets.issue(visit.code, PURPOSE, now=visit.now, minutes=minutes),
        "minutes": minutes,
        "applications": applications,
        "undecided": state_of(visit.declaration).state in {"received", "returned"},
        "pieces": len(actions.pieces_of(visit.declaration)),
        "why_not": why,
        "persons": [] if why else [n for n in range(1, size + 1) if n not in left_out],
        "alone": size == 1,
    }


def shown_applications(visit: Visit) -> list[ShownApplication]:
    """Put the applications into words, with what the office asked in the mailbox.

    A question names a person; it belongs to the newest application for them that is not younger.
    """
    mail = open_mail(visit.declaration, visit.code)
    asked = [each for each in mail if each.kind == "application" and "question" in each.content]
    found = actions.applications_of(visit.declaration)
    newest = {each.number: each for each in found}  # by person, then by day
    return [
        _shown(
            each,
            tuple(
                piece.content["question"]
                for piece in asked
                if piece.content["number"] == each.number and piece.day >= each.day
            )
            if newest[each.number] is each
            else (),
        )
        for each in found
    ]


def said_applications(declaration: Declaration) -> list[tuple[int, str]]:
    """Say for each application whose it is, by number, and how far."""
    found = actions.applications_of(declaration)
    return [(each.number, _said(each)) for each in found]


def why_not(visit: Visit) -> str:
    """Say in words why this code certifies nobody; "" where it does."""
    try:
        actions.check_code(visit.declaration, visit.code)
    except NotCertifiable as error:
        return words(f"not_certifiable_{error.why}")
    return ""


def _said(application: ApplicationState) -> str:
    if application.ended:
        return word(CERTIFICATE_ENDS, application.ended)
    return word(APPLICATION_STATES, application.state)


def _shown(application: ApplicationState, questions: tuple[str, ...]) -> ShownApplication:
    said = _said(application)
    if application.reason:
        said = gettext("%(state)s %(reason)s") % {
            "state": said,
            "reason": word(APPLICATION_REFUSALS, application.reason),
        }
    return ShownApplication(
        id=application.id,
        number=application.number,
        day=application.day,
        state=application.state,
        words=said,
        urgency=gettext(URGENCIES[application.urgency]),
        decided_on=application.decided_on,
        open=application.open,
        questions=questions,
    )
