# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a published entry out of the count: one volunteer asks, another confirms.

An entry is looked for by its number, sent as a form, so that no address says which entries
somebody looked at; pages are found by the random id of a row.
"""

from collections.abc import Callable
from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from tuidang.pure.intake.organizations import ALL_THREE, organization_words
from tuidang.pure.intake.persons import Head
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.actions import PublishedPerson
from tuidang.registry.declarations.errors import EntryUnknown, RecallGone
from tuidang.registry.declarations.models import Person, Recall
from tuidang.web.office import words
from tuidang.web.office.requests import doer, now, unlocked
from tuidang.web.office.said import REFUSED, NoReason, say, say_refused, take_said
from tuidang.web.shared.choices import CLASSES, NOT_COUNTED, said_organizations, word

SHOWN = 200
LIST = "/corrections/"
# A longer number is no entry, and no database column holds it.
_DIGITS = 18
_NOT_TOLD = 7  # the class that says so; its words fit organisations as well


@require_GET
def corrections_page(request: HttpRequest) -> HttpResponse:
    """Ask for an entry, and show what waits for a second volunteer and for the log."""
    recalls = Recall.objects.select_related("person__leaf").order_by("day", "pk")
    context = {
        "for_a_second": [_row(each) for each in recalls.for_a_second()[:SHOWN]],
        "for_a_batch": [_row(each) for each in recalls.for_a_batch()[:SHOWN]],
        "said": take_said(request),
    }
    return render(request, "office/corrections.html", context)


@require_POST
def find_page(request: HttpRequest) -> HttpResponse:
    """Go to the person of an entry."""
    try:
        person = actions.find_entry(_index(request.POST.get("entry", "").strip()))
    except EntryUnknown as error:
        say_refused(request, error)
        return HttpResponseRedirect(LIST)
    return HttpResponseRedirect(_path(person.id))


@require_GET
def person_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one published person, without what was declared, and what may be done."""
    return _show(request, person_id)


@require_POST
def open_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show the same with what was declared, this once; the audit says who looked."""
    return _show(request, person_id, opened=True)


@require_POST
def ask_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Be the first of two."""

    def deed() -> None:
        reason = request.POST.get("reason", "")
        if reason not in words.RECALLS:
            raise NoReason
        person = Person.objects.select_related("declaration").filter(pk=person_id).first()
        if person is None:
            raise EntryUnknown
        actions.ask_recall(person, reason, by=doer(request), day=_day(request))
        say(request, gettext("Noted. A second volunteer has to confirm it."))

    return _do(request, person_id, deed)


@require_POST
def confirm_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Be the second."""

    def deed() -> None:
        actions.confirm_recall(_recall(person_id), by=doer(request), day=_day(request))
        say(request, gettext("Confirmed. The correction goes out with the weekly publication."))

    return _do(request, person_id, deed)


@require_POST
def back_page(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take it back, as long as the correction is not published."""

    def deed() -> None:
        actions.take_back_recall(_recall(person_id), by=doer(request), day=_day(request))
        say(request, gettext("Taken back: the entry counts as before."))

    return _do(request, person_id, deed)


def _show(request: HttpRequest, person_id: UUID, *, opened: bool = False) -> HttpResponse:
    try:
        found = actions.look_at(person_id)
    except EntryUnknown as error:
        say_refused(request, error)
        return HttpResponseRedirect(LIST)
    context = _context(request, found)
    if opened:
        person, by, day = found.person, doer(request), _day(request)
        head = actions.open_published(person, unlocked(request), by=by, day=day)
        context |= _declared(head)
    return render(request, "office/published.html", context)


def _do(request: HttpRequest, person_id: UUID, deed: Callable[[], None]) -> HttpResponse:
    """Do it, or keep the reason of the refusal; either way back to the person."""
    try:
        deed()
    except REFUSED as error:
        say_refused(request, error)
    return HttpResponseRedirect(_path(person_id))


def _index(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS):
        raise EntryUnknown
    return int(typed)


def _recall(person_id: UUID) -> Recall:
    found = Recall.objects.select_related("person").filter(pk=person_id).first()
    if found is None:
        raise RecallGone
    return found


def _row(recall: Recall) -> dict[str, Any]:
    leaf = recall.person.leaf
    return {
        "path": _path(recall.person_id),
        "index": leaf.index if leaf else "",
        "reason": word(NOT_COUNTED, recall.reason),
        "day": recall.day,
    }


def _context(request: HttpRequest, found: PublishedPerson) -> dict[str, Any]:
    leaf, recall = found.leaf, found.recall
    return {
        "path": _path(found.person.id),
        "person": found.person,
        "size": found.person.declaration.size,
        "leaf": leaf,
        "class_words": _class_words(leaf.published_klass),
        "organizations": _organizations(leaf.published_orgs),
        "lang": found.person.declaration.language,
        "recall": recall,
        "reason": word(NOT_COUNTED, recall.reason) if recall else "",
        "mine": recall is not None and recall.first == doer(request).id,
        "by_declarant": recall is not None and recall.reason == Recall.Reason.WITHDRAWN,
        "reasons": words.options(words.RECALLS),
        "said": take_said(request),
    }


def _declared(head: Head | None) -> dict[str, Any]:
    """Put what was declared of the person into words; without any, that it opens no more."""
    if head is None:
        return {"gone": True}
    return {"head": head, "name": head.name, "declared": _organizations(head.organizations)}


def _class_words(klass: int | None) -> str:
    return gettext(CLASSES[klass]) if klass is not None and klass in CLASSES else ""


def _organizations(byte: int | None) -> str:
    """Say the organisations of an entry; withheld ones are not told."""
    if byte is None or byte > ALL_THREE:
        return gettext(CLASSES[_NOT_TOLD])
    return said_organizations(organization_words(byte))


def _path(person_id: UUID) -> str:
    return f"/published/{person_id}/"


def _day(request: HttpRequest) -> date:
    return now(request).astimezone(UTC).date()
