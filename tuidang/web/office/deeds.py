# SPDX-License-Identifier: AGPL-3.0-or-later
"""What volunteers do: each view parses, calls one action, and sends on with one sentence.

A refusal is a sentence on the page that it came from. Nothing here may put what was declared
into an address, a sentence or the session.
"""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review import actions
from tuidang.registry.review.errors import NothingThere
from tuidang.registry.review.models import Decision
from tuidang.web.office import words
from tuidang.web.office.requests import doer, now, read_ids, read_not_counted, unlocked
from tuidang.web.office.said import REFUSED, NoReason, NothingTicked, say, say_refused
from tuidang.web.shared.choices import word

NOTE = 1000

Deed = Callable[[HttpRequest], None]


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Decide many at once: the ticked ones, one group, or all that no rule flags."""
    deeds: dict[str, Deed] = {"clean": _accept_clean, "reject": _reject_ticked}
    deed = deeds.get(request.POST.get("do", ""), _accept_ticked)
    try:
        (_accept_group if request.POST.get("cluster") else deed)(request)
    except REFUSED as error:
        say_refused(request, error)
    return HttpResponseRedirect("/")


@require_POST
def accept_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Accept one declaration, perhaps without counting somebody."""

    def deed() -> None:
        decision = actions.accept_one(
            declaration_id,
            unlocked(request),
            by=doer(request),
            now=now(request),
            not_counted=read_not_counted(request, _size(declaration_id)),
        )
        say(request, _said_accepted(decision), undo=decision.id)

    return _do(request, declaration_id, deed)


@require_POST
def return_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Return one declaration with a question."""

    def deed() -> None:
        question = request.POST.get("question", "")
        decision = actions.return_one(declaration_id, question, by=doer(request), now=now(request))
        say(request, gettext("Returned with the question."), undo=decision.id)

    return _do(request, declaration_id, deed)


@require_POST
def reject_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Reject one declaration for a reason."""
    return _do(request, declaration_id, lambda: _reject(request, [declaration_id]))


@require_POST
def release_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Leave a declaration to others, undecided."""
    actions.release(declaration_id, by=doer(request))
    return _onward(request)


@require_POST
def undo_page(request: HttpRequest, decision_id: UUID) -> HttpResponse:
    """Take a decision back."""
    try:
        decision = Decision.objects.filter(pk=decision_id).first()
        if decision is None:
            raise NothingThere
        actions.undo(decision, by=doer(request), now=now(request))
        say(request, gettext("Undone: it waits again."))
    except REFUSED as error:
        say_refused(request, error)
    return HttpResponseRedirect("/")


def _do(request: HttpRequest, declaration_id: UUID, deed: Callable[[], None]) -> HttpResponse:
    """Do it and go on to the next declaration; stay, with the reason, where it is refused."""
    try:
        deed()
    except NothingThere as error:
        say_refused(request, error)
        return HttpResponseRedirect("/")
    except REFUSED as error:
        say_refused(request, error)
        return HttpResponseRedirect(f"/declaration/{declaration_id}/")
    return _onward(request)


def _onward(request: HttpRequest) -> HttpResponse:
    try:
        (following,) = read_ids([request.POST.get("next", "")])
    except NothingThere:
        return HttpResponseRedirect("/")
    return HttpResponseRedirect(f"/declaration/{following}/")


def _size(declaration_id: UUID) -> int:
    row = Declaration.objects.only("commitments").filter(pk=declaration_id).first()
    if row is None:
        raise NothingThere
    return row.size


def _said_accepted(decision: Decision) -> str:
    decision.declaration.refresh_from_db(fields=["state"])
    if decision.declaration.state == Declaration.State.RECEIVED:
        return gettext("Noted. A second volunteer has to accept it as well.")
    return gettext("Accepted.")


def _accept_ticked(request: HttpRequest) -> None:
    """Accept one after the other; what is refused does not hold up the rest."""
    refused, done = None, 0
    for each in _ticked(request):
        try:
            actions.accept_one(each, unlocked(request), by=doer(request), now=now(request))
            done += 1
        except REFUSED as error:
            refused = error
    words_done = gettext("Accepted: %(n)s.") % {"n": done}
    if refused:
        say_refused(request, refused, done=words_done)
    else:
        say(request, words_done)


def _accept_group(request: HttpRequest) -> None:
    """Accept the declarations of one cluster that were on the page, and no others."""
    ids = read_ids(request.POST.getlist(f"member_{request.POST['cluster']}"))
    done = actions.accept_cluster(ids, unlocked(request), by=doer(request), now=now(request))
    say(request, gettext("Accepted as a group: %(n)s.") % {"n": len(done)})


def _accept_clean(request: HttpRequest) -> None:
    report = actions.accept_clean(unlocked(request), by=doer(request), now=now(request))
    done = gettext("Accepted as a batch: %(n)s.") % {"n": report.accepted}
    left = gettext(", ").join(f"{word(words.LEFT, why)} {n}" for why, n in report.left.items())
    say(request, f"{done} {gettext('Left: %(left)s.') % {'left': left}}" if left else done)


def _reject_ticked(request: HttpRequest) -> None:
    _reject(request, _ticked(request))


def _reject(request: HttpRequest, ids: list[UUID]) -> None:
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    if reason not in words.REJECTIONS:
        raise NoReason
    done = actions.reject_many(ids, reason, by=doer(request), now=now(request), note=note[:NOTE])
    undo = done[0].id if len(done) == 1 else None
    say(request, gettext("Rejected: %(n)s.") % {"n": len(done)}, undo=undo)


def _ticked(request: HttpRequest) -> list[UUID]:
    ids = read_ids(request.POST.getlist("declaration"))
    if not ids:
        raise NothingTicked
    return ids
