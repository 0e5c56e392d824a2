# SPDX-License-Identifier: AGPL-3.0-or-later
"""For an officer with paper only: number, family name and birth date, by POST.

This is the one way of checking that tells the server what is checked, and the page says so.
Every answer takes the same time, a second at least, and any mismatch has the same words, so
that guessing is useless. It must never say which of the three was wrong, nor let those who
wait keep others from being served.

Source: `certificates.md` section 4.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from tuidang.registry.certificates.lookup import look_up
from tuidang.verify.certificate.check import NUMBER, check_cose
from tuidang.verify.certificate.trust import Bundle
from tuidang.verify.certificate.verdict import Verdict
from tuidang.web.public import clock
from tuidang.web.public.answers import answer, rendered
from tuidang.web.public.form_fields import Typed, typed_one
from tuidang.web.public.form_reading import FormRefused, read_form
from tuidang.web.public.refusals import only, refuse
from tuidang.web.public.slow_answers import TooManyAtOnce, place_in
from tuidang.web.public.verify import PAGE, installed_bundle, show

MOST_WAITING = 2  # in one process, of its four threads
_DATE = re.compile(r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?\Z")
_waiting = BoundedSemaphore(MOST_WAITING)


@dataclass(frozen=True, repr=False)
class Asked:
    """What was typed; the date is None where it is no date."""

    number: str
    family_name: str
    birth_date: date | None


@only("GET", "HEAD", "POST")
def number(request: HttpRequest, language: str) -> HttpResponse:
    """Look for the certificate of these three, and show its verdict."""
    if request.method != "POST":
        return HttpResponseRedirect(f"/{language}/{PAGE}")
    bundle = installed_bundle()
    if bundle is None:
        return refuse(request, 503)
    try:
        asked = _asked(read_form(request))
    except FormRefused as refused:
        return refuse(request, refused.status)
    if asked.birth_date is None:
        problem = gettext("Write the date of birth as year, month, day: 1980-02-29.")
        return _nothing(request, language, problem, mismatch=False)
    try:
        with same_time():
            verdict = _verdict(asked, bundle)
    except TooManyAtOnce:
        return refuse(request, 503)
    if verdict is None:
        return _nothing(request, language, gettext("No match."), mismatch=True)
    return show(request, language, verdict, bundle)


@contextmanager
def same_time() -> Iterator[None]:
    """Let what is within take a fixed time, whatever comes of it. Raises TooManyAtOnce."""
    with place_in(_waiting):
        end = time.monotonic() + settings.LOOKUP_SECONDS
        try:
            yield
        finally:
            # No lock and no transaction is held here: every statement has been its own.
            time.sleep(max(0.0, end - time.monotonic()))


def _verdict(asked: Asked, bundle: Bundle) -> Verdict | None:
    assert asked.birth_date is not None  # noqa: S101 -- for the type checker
    cose = look_up(asked.number, asked.family_name, asked.birth_date)
    if cose is None:
        return None
    return check_cose(cose, None, bundle, today=clock.now().date(), via=NUMBER)


def _asked(typed: Typed) -> Asked:
    fields = ("number", "family_name", "birth_date")
    number_, family_name, born = (typed_one(typed, name)[:100].strip() for name in fields)
    return Asked(number_, family_name, _date(born))


def _date(text: str) -> date | None:
    found = _DATE.match("".join(text.split()))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _nothing(request: HttpRequest, language: str, problem: str, *, mismatch: bool) -> HttpResponse:
    page = rendered("no_match", language, PAGE, problem=problem, mismatch=mismatch)
    return answer(request, page, status=422)
