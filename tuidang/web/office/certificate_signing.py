# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second volunteer's part: signing one application, or many in one go.

What a visit was signed for is handed over in the answer itself, to be printed at the desk; it is
never stored in the clear. A report says how many, and never whose.
"""

import base64
from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from tuidang.registry.certificates import actions
from tuidang.registry.certificates.actions import Issued, SignReport
from tuidang.registry.certificates.delivery import PDF, PLAIN
from tuidang.registry.certificates.errors import IssuerKeysUnusable
from tuidang.registry.certificates.models import Application
from tuidang.registry.review.errors import NothingThere
from tuidang.verify.errors import TrustError
from tuidang.web.office.certificate_application import CANNOT_OPEN, back, show
from tuidang.web.office.certificate_words import NoApplicationTicked
from tuidang.web.office.certificates import LIST, SHOWN
from tuidang.web.office.requests import doer, read_ids, today, unlocked
from tuidang.web.office.said import REFUSED, say, say_refused
from tuidang.web.office.words import refusal

# What a desk prints, and what each is for.
PRINTED: Mapping[str, str] = {
    PDF: gettext_noop("The certificate, to be printed and to be given as a file"),
    PLAIN: gettext_noop("Plain paper, without a code"),
}


@require_POST
def sign_page(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Sign one; for a visit, show what is to be printed."""
    try:
        issued = _sign(request, application_id)
    except CANNOT_OPEN as error:
        return back(request, error)
    except REFUSED as error:
        return show(request, application_id, refused=error)
    row = Application.objects.only("walk_in").get(pk=application_id)
    if row.walk_in:
        return _to_print(request, issued)
    say(request, gettext("Signed. The certificate lies in the holder’s mailbox."))
    return HttpResponseRedirect(LIST)


@require_POST
def sign_many_page(request: HttpRequest) -> HttpResponse:
    """Sign the ticked ones, or all that are ready, each by itself; say what was left and why."""
    try:
        ids = _ready(request) if request.POST.get("do") == "all" else _ticked(request)
        say(request, _said(_sign_many(request, ids)))
    except REFUSED as error:
        say_refused(request, error)
    return HttpResponseRedirect(LIST)


def _sign(request: HttpRequest, application_id: UUID) -> Issued:
    by, day = doer(request), today(request)
    try:
        return actions.sign(application_id, unlocked(request), by=by, day=day)
    except (TrustError, OSError) as error:
        raise IssuerKeysUnusable("trust.note") from error


def _sign_many(request: HttpRequest, ids: list[UUID]) -> SignReport:
    by, day = doer(request), today(request)
    try:
        return actions.sign_many(ids, unlocked(request), by=by, day=day)
    except (TrustError, OSError) as error:
        raise IssuerKeysUnusable("trust.note") from error


def _ticked(request: HttpRequest) -> list[UUID]:
    try:
        ids = read_ids(request.POST.getlist("application")[:SHOWN])
    except NothingThere:
        ids = []
    if not ids:
        raise NoApplicationTicked
    return ids


def _ready(request: HttpRequest) -> list[UUID]:
    """Return what nothing keeps this volunteer from signing, as many as one page shows."""
    by, items = doer(request).id, actions.queue(unlocked(request))
    ready = [
        item.id
        for item in items
        if item.state == Application.State.PREPARED and not item.closed and not item.waits_for
        if item.preparer != by
    ]
    return ready[:SHOWN]


def _said(report: SignReport) -> str:
    signed = ngettext("Signed: %(n)s.", "Signed: %(n)s.", report.signed) % {"n": report.signed}
    left = [
        gettext("Not signed: %(n)s. %(why)s") % {"n": count, "why": refusal(code)}
        for code, count in report.left.items()
    ]
    return " ".join([signed, *left])


def _to_print(request: HttpRequest, issued: Issued) -> HttpResponse:
    files = [
        {"name": name, "words": gettext(said), "data": _data(issued.packed.files[name])}
        for name, said in PRINTED.items()
    ]
    context = {"files": files, "dated": issued.certificate.dated}
    return render(request, "office/certificate_print.html", context)


def _data(content: bytes) -> str:
    """Put a file into an address of its own (RFC 2397), so that it is nowhere but in the page."""
    return "data:application/pdf;base64," + base64.b64encode(content).decode("ascii")
