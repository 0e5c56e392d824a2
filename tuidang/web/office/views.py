# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages on which volunteers read: the queue, and one declaration of it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tuidang.pure.intake.flags import RULES
from tuidang.registry.review import actions
from tuidang.registry.review.actions import Item
from tuidang.registry.review.errors import ClaimedByOther, NothingThere
from tuidang.registry.review.models import Decision
from tuidang.web.office import words
from tuidang.web.office.items import SHORT, group, show
from tuidang.web.office.requests import doer, now, unlocked
from tuidang.web.office.said import say_refused, take_said
from tuidang.web.shared.choices import word

# So many fit on one page and into one form; the rest moves up as these are decided.
SHOWN = 200


@require_GET
def queue_page(request: HttpRequest) -> HttpResponse:
    """Show what waits, clusters first, and what can still be undone."""
    items = actions.queue(unlocked(request))
    context = {
        "groups": group(items[:SHOWN], by=doer(request), now=now(request)),
        "waiting": len(items),
        "further": max(0, len(items) - SHOWN),
        "closed": actions.closed_count(unlocked(request)),
        "undoable": _undoable(request),
        "reasons": words.options(words.REJECTIONS),
        "rules": [word(words.RULES, rule.name) for rule in RULES],
        "said": take_said(request),
    }
    return render(request, "office/queue.html", context)


@require_GET
def declaration_page(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Open one declaration and hold it, so that nobody else decides it meanwhile."""
    items = actions.queue(unlocked(request))
    place = next((n for n, item in enumerate(items) if item.id == declaration_id), None)
    if place is None:
        say_refused(request, NothingThere())
        return HttpResponseRedirect("/")
    if items[place].first_accept != doer(request).id:  # the second volunteer must not wait for us
        _claim(request, declaration_id)
    return render(request, "office/declaration.html", _context(request, items, place))


def _claim(request: HttpRequest, declaration_id: UUID) -> None:
    try:
        actions.claim(declaration_id, by=doer(request), now=now(request))
    except ClaimedByOther as error:  # it may be read all the same
        say_refused(request, error)


def _context(request: HttpRequest, items: Sequence[Item], place: int) -> dict[str, Any]:
    following = items[place + 1 : place + 2]
    return {
        "item": show(items[place], by=doer(request), now=now(request)),
        "place": place + 1,
        "waiting": len(items),
        "next": following[0].id if following else "",
        "reasons": words.options(words.REJECTIONS),
        "not_counted": words.options(words.NOT_COUNTED),
        "said": take_said(request),
    }


def _undoable(request: HttpRequest) -> list[dict[str, Any]]:
    decisions = Decision.objects.undoable(now(request)).order_by("-undo_until")[:SHOWN]
    return [
        {
            "decision": each,
            "verb": word(words.VERBS, each.verb),
            "short": str(each.declaration_id)[:SHORT],
        }
        for each in decisions
    ]
