# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's pages. Each view parses, calls one action, and renders or sends back."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tuidang.pure.intake.flags import RULES
from tuidang.registry.accounts.actions import sign_in
from tuidang.registry.accounts.errors import SignInRefused
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.review import actions
from tuidang.registry.review.errors import NothingThere
from tuidang.registry.review.models import Decision
from tuidang.registry.vault.unlocked import Unlocked
from tuidang.web.office import words
from tuidang.web.office.items import SHORT, group, show
from tuidang.web.office.middleware import COOKIE, keep_unlocked
from tuidang.web.office.said import NothingTicked, carrying, say, take_said
from tuidang.web.shared.choices import NOT_COUNTED, word

BACKEND = "tuidang.web.office.backend.OpenedKey"


@require_http_methods(["GET", "POST"])
def sign_in_page(request: HttpRequest) -> HttpResponse:
    """Open the volunteer's own key with the passphrase, and with it the ring."""
    if request.method != "POST":
        return render(request, "office/login.html")
    given = (request.POST.get(name, "") for name in ("username", "passphrase", "code"))
    try:
        volunteer, keys = sign_in(*given, now=timezone.now())
    except SignInRefused:
        return render(request, "office/login.html", {"refused": True}, status=403)
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


@require_GET
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show all that waits, clusters first, and what can still be undone."""
    items = actions.queue(unlocked(request))
    context = {
        "groups": group(items, by=volunteer(request).doer(), now=now(request)),
        "waiting": len(items),
        "closed": actions.closed_count(unlocked(request)),
        "undoable": [
            {"decision": each, "verb": word(words.VERBS, each.verb), "short": _short(each)}
            for each in Decision.objects.undoable(now(request)).order_by("-undo_until")
        ],
        "reasons": words.options(words.REJECTIONS),
        "rules": [word(words.RULES, rule.name) for rule in RULES],
        "said": take_said(request),
    }
    return render(request, "office/queue.html", context)


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide many at once: the ticked ones, one group, or all that no rule flags."""
    with carrying(request):
        if request.POST.get("cluster"):
            _accept_group(request)
        elif request.POST.get("do") == "clean":
            _accept_clean(request)
        elif request.POST.get("do") == "reject":
            _reject(request)
        else:
            _accept_ticked(request)
    return HttpResponseRedirect("/")


@require_GET
def declaration_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Open one declaration and hold it, so that nobody else decides it meanwhile."""
    with carrying(request):
        actions.claim(declaration_id, by=volunteer(request).doer(), now=now(request))
    found = [item for item in actions.queue(unlocked(request)) if item.id == declaration_id]
    if not found:
        say(request, words.refusal(NothingThere.code), bad=True)
        return HttpResponseRedirect("/")
    context = {
        "item": show(found[0], by=volunteer(request).doer(), now=now(request)),
        "reasons": words.options(words.REJECTIONS),
        "not_counted": words.options(NOT_COUNTED),
        "said": take_said(request),
    }
    return render(request, "office/declaration.html", context)


@require_POST
def accept_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Accept one declaration, perhaps without counting somebody."""
    prefix = "not_counted_"
    chosen = {
        int(name.removeprefix(prefix)): reason
        for name, reason in request.POST.dict().items()
        if name.startswith(prefix) and reason in NOT_COUNTED and name[len(prefix) :].isdigit()
    }
    with carrying(request, done=gettext("Accepted.")):
        actions.accept_one(
            declaration_id,
            unlocked(request),
            by=volunteer(request).doer(),
            now=now(request),
            not_counted=chosen,
        )
    return HttpResponseRedirect("/")


@require_POST
def return_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Return one declaration with a question."""
    question = request.POST.get("question", "")
    with carrying(request, done=gettext("Returned with the question.")):
        actions.return_one(declaration_id, question, by=volunteer(request).doer(), now=now(request))
    return HttpResponseRedirect("/")


@require_POST
def reject_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Reject one declaration for a reason."""
    with carrying(request):
        _reject_all(request, [declaration_id])
    return HttpResponseRedirect("/")


@require_POST
def undo_page(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Take a decision back."""
    with carrying(request, done=gettext("Undone: it waits again.")):
        decision = Decision.objects.filter(pk=decision_id).first()
        if decision is None:
            raise NothingThere
        actions.undo(decision, by=volunteer(request).doer(), now=now(request))
    return HttpResponseRedirect("/")


def unlocked(request: HttpRequest) -> Unlocked:
    """Return the ring keys that this session has open; the middleware has seen to them."""
    return cast(Unlocked, request.unlocked)  # type: ignore[attr-defined]


def volunteer(request: HttpRequest) -> Volunteer:
    """Return who is signed in."""
    return cast(Volunteer, request.user)


def now(request: HttpRequest) -> datetime:
    """Return the moment of this request, the same for all that it does."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]


def _accept_ticked(request: HttpRequest) -> None:
    ids = _ticked(request)
    for each in ids:
        actions.accept_one(each, unlocked(request), by=volunteer(request).doer(), now=now(request))
    say(request, gettext("Accepted: %(n)s.") % {"n": len(ids)})


def _accept_group(request: HttpRequest) -> None:
    """Accept the declarations of one cluster that were on the page, and no others."""
    cluster = request.POST["cluster"]
    ids = _ids(request.POST.getlist(f"member_{cluster}"))
    done = actions.accept_cluster(
        ids, unlocked(request), by=volunteer(request).doer(), now=now(request)
    )
    say(request, gettext("Accepted as a group: %(n)s.") % {"n": len(done)})


def _accept_clean(request: HttpRequest) -> None:
    report = actions.accept_clean(unlocked(request), by=volunteer(request).doer(), now=now(request))
    left = ", ".join(f"{word(words.LEFT, why)} {n}" for why, n in report.left.items())
    done = gettext("Accepted as a batch: %(n)s.") % {"n": report.accepted}
    say(request, f"{done} {gettext('Left:')} {left or '0'}")


def _reject(request: HttpRequest) -> None:
    _reject_all(request, _ticked(request))


def _reject_all(request: HttpRequest, ids: list[UUID]) -> None:
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    if reason not in words.REJECTIONS:
        say(request, words.refusal("no_reason"), bad=True)
        return
    by = volunteer(request).doer()
    done = actions.reject_many(ids, reason, by=by, now=now(request), note=note[:1000])
    say(request, gettext("Rejected: %(n)s.") % {"n": len(done)})


def _ticked(request: HttpRequest) -> list[UUID]:
    ids = _ids(request.POST.getlist("declaration"))
    if not ids:
        raise NothingTicked
    return ids


def _ids(values: Iterable[str]) -> list[UUID]:
    """Read ids; one that is none belongs to no declaration."""
    try:
        return [UUID(each) for each in values]
    except ValueError:
        raise NothingThere from None


def _short(decision: Decision) -> str:
    return str(decision.declaration_id)[:SHORT]
