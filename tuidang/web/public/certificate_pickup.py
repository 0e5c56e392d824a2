# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetching somebody else's certificate with a one-time code, so that it never touches their device.

The code works once and travels by POST. Nothing here may say more than whether it worked.
"""

from functools import cache

from django.http import HttpRequest, HttpResponse

from tuidang.pure.receipt import CodeError, parse_code
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.delivery import PDF
from tuidang.registry.certificates.errors import PickedUpAlready, PickupUnknown
from tuidang.web.public.answers import answer, ready_answer, rendered
from tuidang.web.public.certificate_files import ALL, file_answer
from tuidang.web.public.form_fields import typed_one
from tuidang.web.public.form_reading import FormRefused, read_form
from tuidang.web.public.ready import ReadyPage
from tuidang.web.public.refusals import only, refuse
from tuidang.web.shared.messages import words

PAGE = "certificate/pickup/"


@only("GET", "HEAD", "POST")
def pickup(request: HttpRequest, language: str) -> HttpResponse:
    """Ask for a pick-up code, or hand over what it opens."""
    if request.method != "POST":
        return ready_answer(request, empty_page(language))
    try:
        typed = read_form(request)
        delivery = actions.pick_up(parse_code(typed_one(typed, "code")))
    except FormRefused as refused:
        return refuse(request, refused.status)
    except CodeError as error:
        return _ask_again(request, language, f"pickup_{error.code}", status=422)
    except PickupUnknown as error:
        return _ask_again(request, language, error.code, status=404)
    except PickedUpAlready as error:
        return _ask_again(request, language, error.code, status=410)
    wanted = PDF if typed_one(typed, "do") == "pdf" else ALL
    return file_answer(delivery, wanted) or refuse(request, 404)


@cache
def empty_page(language: str) -> ReadyPage:
    """Render the page that asks for a code, in the active language, for good."""
    return ReadyPage.cut(rendered("certificate_pickup", language, PAGE))


def _ask_again(request: HttpRequest, language: str, code: str, *, status: int) -> HttpResponse:
    page = rendered("certificate_pickup", language, PAGE, problem=words(code))
    return answer(request, page, status=status)
