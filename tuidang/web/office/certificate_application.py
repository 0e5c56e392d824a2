# SPDX-License-Identifier: AGPL-3.0-or-later
"""One application, opened by POST for one answer: what was applied for, what the paper will say,
and the first volunteer's deeds.

Every opening is audited. A refused deed opens it again with what was typed; nothing of it goes
into an address, a sentence or the session.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from tuidang.pure.credential.claims import IdentityCheck
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.actions import OpenedApplication
from tuidang.registry.certificates.errors import ApplicationGone, CertificateError
from tuidang.registry.certificates.policies import can_prepare, is_open
from tuidang.registry.vault.errors import Unopenable
from tuidang.web.office import certificate_words as told
from tuidang.web.office import words
from tuidang.web.office.certificate_check import CheckForm, presumed, typed_check
from tuidang.web.office.certificate_shown import (
    applied_rows,
    check_words,
    preview_of,
    state_rows,
    waits_words,
)
from tuidang.web.office.certificates import LIST
from tuidang.web.office.requests import doer, today, unlocked
from tuidang.web.office.said import REFUSED, NoReason, Refused, say, say_refused

CANNOT_OPEN = (ApplicationGone, Unopenable)


@require_http_methods(["GET", "POST"])
def application_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Open an application; asked for by an address alone it stays closed."""
    if request.method != "POST":
        return HttpResponseRedirect(LIST)
    return show(request, application_id)


@require_POST
def check_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Record the identity check, or only show a picture of the paper as it would be with it."""
    if request.POST.get("do") == "look":
        return show(request, application_id, picture=True)

    def deed() -> None:
        check = typed_check(request.POST.dict(), day=today(request)).read()
        facts: dict[str, Any] = {"by": doer(request), "day": today(request)}
        actions.prepare(application_id, check, unlocked(request), **facts)
        say(request, gettext("Recorded. Another volunteer signs once the log proves the days."))

    return do(request, application_id, deed)


@require_POST
def ask_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Write to the applicant."""

    def deed() -> None:
        text = request.POST.get("question", "")
        actions.ask(application_id, text, by=doer(request), day=today(request))
        say(request, gettext("Sent, sealed, to the applicant’s mailbox."))

    return do(request, application_id, deed)


@require_POST
def refuse_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Refuse it for a reason of the closed list."""

    def deed() -> None:
        reason = request.POST.get("reason", "")
        if reason not in told.REFUSALS:
            raise NoReason
        actions.refuse(application_id, reason, by=doer(request), day=today(request))
        say(request, gettext("Refused. The applicant reads why."))

    return do(request, application_id, deed)


def do(request: HttpRequest, application_id: UUID, deed: Callable[[], None]) -> HttpResponse:
    """Do it and go back to the queue; where it is refused, show the application with the reason."""
    try:
        deed()
    except CANNOT_OPEN as error:
        return back(request, error)
    except REFUSED as error:
        return show(request, application_id, refused=error)
    return HttpResponseRedirect(LIST)


def show(
    request: HttpRequest,
    application_id: UUID,
    *,
    refused: Refused | None = None,
    picture: bool = False,
) -> HttpResponse:
    """Open an application for this answer, perhaps with a picture of its paper."""
    by, day = doer(request), today(request)
    try:
        opened = actions.open_application(application_id, unlocked(request), by=by, day=day)
    except CANNOT_OPEN as error:
        return back(request, refused or error)
    form = typed_check(request.POST.dict(), day=day, relation=opened.applied.relation)
    context = _context(request, opened) | {"form": form}
    try:
        preview = preview_of(opened, _check_for_preview(opened, form), day, picture=picture)
        context["preview"] = preview
    except REFUSED as error:
        refused = refused or error
    context["problem"] = words.refusal(refused.code) if refused else ""
    status = 422 if refused else 200
    return render(request, "office/certificate_application.html", context, status=status)


def back(request: HttpRequest, error: Refused) -> HttpResponse:
    """Go to the queue, with the reason."""
    say_refused(request, error)
    return HttpResponseRedirect(LIST)


def _check_for_preview(opened: OpenedApplication, form: CheckForm) -> IdentityCheck:
    """Return the check that was recorded, else the one that is filled in, else none at all."""
    if opened.checked is not None:
        return opened.checked.check
    try:
        return form.read()
    except CertificateError:
        return presumed(opened.applied.relation)


def _context(request: HttpRequest, opened: OpenedApplication) -> dict[str, Any]:
    row = opened.row
    return {
        "row": row,
        "path": f"{LIST}application/{row.pk}/",
        "applied": applied_rows(opened, today(request)),
        "log": state_rows(row),
        "bound": opened.applied.is_bound,
        "declaration": f"/declaration/{row.declaration_id}/",
        "undecided": row.declaration.state == row.declaration.State.RECEIVED,
        "replies": opened.replies,
        "checked": check_words(opened.checked.check) if opened.checked else "",
        "open": is_open(row),
        "can_prepare": can_prepare(row),
        "prepared": row.state == row.State.PREPARED,
        "mine": row.preparer == doer(request).id,
        "waits": waits_words(row),
        "reasons": words.options(told.REFUSALS),
        "typed": request.POST.get("question", ""),
    }
