# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates for the holder of a receipt code: what they are, applying, fetching.

Everything is asked for by POST. Nothing is stored before "Send the application" is pressed on
the preview; a code or a second word travels from page to page as a ticket and is never shown.
"""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from functools import lru_cache
from threading import BoundedSemaphore

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from tuidang.pure.waiting import ApplyBy, apply_by
from tuidang.registry.certificates import actions
from tuidang.registry.vault.errors import NoRecipient
from tuidang.web.public import certificate_applying as applying
from tuidang.web.public import certificate_deeds as deeds
from tuidang.web.public import clock
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.certificate_state import PAGE, PURPOSE, show_state
from tuidang.web.public.form_fields import Typed, typed_one
from tuidang.web.public.form_reading import FormRefused, read_form
from tuidang.web.public.refusals import only, refuse
from tuidang.web.public.slow_answers import TooManyAtOnce, place_in
from tuidang.web.public.visits import NoVisit, Visit, enter
from tuidang.web.shared.certificate_choices import URGENCIES
from tuidang.web.shared.messages import problem_words, words

# What stretches second words: each costs 32 MiB and a tenth of a second, and a code costs nothing.
STRETCHING = frozenset({"preview", "send", "open", "file", "pickup", "erase"})
MOST_WORDS = 2  # at once by one process
_words = BoundedSemaphore(MOST_WORDS)

Medians = tuple[tuple[int, int | None], ...]


@only("GET", "HEAD", "POST")
def certificate(request: HttpRequest, language: str) -> HttpResponse:
    """Explain certificates; or answer who holds a code."""
    if request.method != "POST":
        return answer(request, _page(language, _medians(clock.now().date())))
    try:
        typed = read_form(request)
        if typed_one(typed, "do") == "day":
            return _reckon(request, language, typed)
        return _answer(enter(request, language, typed, purpose=PURPOSE))
    except FormRefused as refused:
        return refuse(request, refused.status)
    except NoVisit as error:
        page = rendered("certificate_code", language, PAGE, problem=words(error.code))
        return answer(request, page, status=error.status)
    except (NoRecipient, TooManyAtOnce):
        return refuse(request, 503)


def _answer(visit: Visit) -> HttpResponse:
    ways: dict[str, Callable[[Visit], HttpResponse]] = {
        "form": applying.show_form,
        "suggest": applying.show_form,
        "change": applying.show_form,
        "preview": applying.preview,
        "send": applying.send,
        "reply": deeds.reply,
        "withdraw": deeds.withdraw,
        "open": deeds.open_files,
        "file": deeds.send_file,
        "pickup": deeds.make_pickup,
        "erase": deeds.erase,
    }
    way = visit.one("do")
    with place_in(_words) if way in STRETCHING else nullcontext():
        return ways.get(way, show_state)(visit)


# The page that explains.


def _medians(today: date) -> Medians:
    return tuple(sorted(actions.median_days(day=today).items()))


@lru_cache(maxsize=64)
def _page(language: str, medians: Medians) -> str:
    """Render the page in the active language; it changes only with the figures."""
    return rendered("certificate", language, PAGE, waits=_waits(medians))


def _waits(medians: Medians) -> list[dict[str, object]]:
    return [{"words": gettext(URGENCIES[bucket]), "days": days} for bucket, days in medians]


def _reckon(request: HttpRequest, language: str, typed: Typed) -> HttpResponse:
    """Say by when to apply for a day that was typed, and forget it."""
    today = clock.now().date()
    medians = _medians(today)
    problem, reckoned = "", None
    try:
        needed = date.fromisoformat(typed_one(typed, "interview"))
    except ValueError:
        problem = problem_words("date_unreadable")
    else:
        problem = words("day_past") if needed < today else ""
        reckoned = None if problem else apply_by(needed, today, dict(medians))
    values = {"waits": _waits(medians), "day_problem": problem, "apply_by": _said(reckoned)}
    page = rendered("certificate", language, PAGE, **values)
    return answer(request, page, status=422 if problem else 200)


def _said(reckoned: ApplyBy | None) -> dict[str, object] | None:
    if reckoned is None:
        return None
    days = {"needed": reckoned.needed.isoformat(), "day": reckoned.day.isoformat()}
    return {**days, "days": reckoned.days, "late": reckoned.late, "guessed": reckoned.guessed}
