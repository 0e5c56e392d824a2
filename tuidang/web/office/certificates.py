# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificate office: what waits, and one certificate that is looked for by its number.

A number is sent as a form, so that no address says which certificate somebody looked for; its
page is found by the random id of a row, and does not show the number.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from tuidang.registry.certificates import actions
from tuidang.registry.certificates.errors import CertificateError, NumberUnknown
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.policies import can_revoke
from tuidang.web.office import certificate_words as told
from tuidang.web.office import words
from tuidang.web.office.certificate_lines import buckets, flagged_words, lines, said_medians
from tuidang.web.office.requests import doer, today, unlocked
from tuidang.web.office.said import NoReason, say, say_refused, take_said
from tuidang.web.shared.choices import word

SHOWN = 200
LIST = "/certificates/"
# A correction is an application of the holder's, and no reason for revoking.
REASONS = {code: said for code, said in told.REVOCATIONS.items() if code != "corrected"}
State = Application.State


@require_GET
def certificates_page(request: HttpRequest) -> HttpResponse:
    """Show what waits for its check and for a signature, the most urgent first."""
    by, day = doer(request), today(request)
    items = actions.queue(unlocked(request))
    to_check = lines(items, State.WAITING, by=by, day=day)
    to_sign = lines(items, State.PREPARED, by=by, day=day)
    medians = actions.median_days(day=day)
    context = {
        "to_check": buckets(to_check[:SHOWN], medians),
        "to_sign": buckets(to_sign[:SHOWN], medians),
        "checks": len(to_check),
        "signatures": len(to_sign),
        "ready": sum(line.can_sign for line in to_sign),
        "further": max(0, len(to_check) - SHOWN) + max(0, len(to_sign) - SHOWN),
        "closed": sum(item.closed for item in items),
        "medians": said_medians(medians),
        "flagged": [(each, flagged_words(each.why)) for each in actions.flagged()[:SHOWN]],
        "said": take_said(request),
    }
    return render(request, "office/certificates.html", context)


@require_POST
def find_page(request: HttpRequest) -> HttpResponse:
    """Go to the certificate with this number."""
    try:
        found = actions.find_certificate(request.POST.get("number", ""))
    except NumberUnknown as error:
        say_refused(request, error)
        return HttpResponseRedirect(LIST)
    return HttpResponseRedirect(_path(found.pk))


@require_GET
def certificate_page(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show a certificate's state, and nothing that it says."""
    row = Certificate.objects.filter(pk=certificate_id).first()
    if row is None:
        say_refused(request, NumberUnknown())
        return HttpResponseRedirect(LIST)
    context = {
        "row": row,
        "path": _path(row.pk),
        "state": gettext(told.STATES[row.state]),
        "reason": word(told.REVOCATIONS, row.reason) if row.reason else "",
        "can_revoke": can_revoke(row),
        "reasons": words.options(REASONS),
        "said": take_said(request),
    }
    return render(request, "office/certificate_found.html", context)


@require_POST
def revoke_page(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Revoke it, for good."""
    try:
        reason = _reason(request)
        actions.revoke_certificate(certificate_id, reason, by=doer(request), day=today(request))
        say(request, gettext("Revoked. Whoever checks it reads so within a few minutes."))
    except (CertificateError, NoReason) as error:
        say_refused(request, error)
    return HttpResponseRedirect(_path(certificate_id))


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "")
    if reason not in REASONS:
        raise NoReason
    if request.POST.get("sure") != "yes":
        raise told.RevocationUnconfirmed
    return reason


def _path(certificate_id: UUID) -> str:
    return f"/certificates/certificate/{certificate_id}/"
