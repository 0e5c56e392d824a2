# SPDX-License-Identifier: AGPL-3.0-or-later
"""The interface for programs, `/api/v1/` (`interfaces.md`, HTTP).

django-ninja routes and describes it; bodies go straight to the rules of `pure.intake`, which
find everything that is wrong in one pass. An error must never repeat what was sent.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.problems import IntakeError, Problem
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code, CodeError, parse_code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import (
    AlreadyReceived,
    DayKeyLost,
    EarlierReceiptUnknown,
    KeyReused,
)
from tuidang.registry.tally.figures import published
from tuidang.registry.vault.errors import NoRecipient
from tuidang.web.public import api_description as description
from tuidang.web.public import clock
from tuidang.web.public.form_reading import FormRefused
from tuidang.web.public.json_bodies import read_json
from tuidang.web.public.problem_documents import problem_document
from tuidang.web.public.receipt_json import receipt_json
from tuidang.web.public.refusals import refuse
from tuidang.web.public.tally_files import tally_csv, tally_json
from tuidang.web.shared.messages import problem_words, words

api = NinjaAPI(
    title="Register of Declarations",
    version="1",
    description=description.WHOLE,
    docs_url=None,  # its page loads scripts from elsewhere
    urls_namespace="api-v1",
)
# Longer than any receipt in any spelling: the length of an answer tells nothing.
_RECEIPT_BYTES = 320
_KEY = "idempotency_key"


@api.post("/declarations", openapi_extra=description.DECLARATIONS, url_name="declarations")
def post_declaration(request: HttpRequest) -> HttpResponse:
    """Record a declaration and answer with its receipt code."""
    day = clock.now().date()
    try:
        body = read_json(request)
        declaration = parse_declaration(body, today=day)
    except FormRefused as refused:
        return refuse(request, refused.status)
    except IntakeError as error:
        return _refused(error.problems)
    return _received(request, declaration, str(body[_KEY]), day)


@api.post("/receipt", openapi_extra=description.RECEIPT, url_name="receipt")
def post_receipt(request: HttpRequest) -> HttpResponse:
    """Say what became of a declaration."""
    try:
        body = read_json(request)
    except FormRefused as refused:
        return refuse(request, refused.status)
    typed = body.get("receipt") if isinstance(body, dict) and len(body) == 1 else None
    if not isinstance(typed, str):
        return _refused([Problem("receipt", "wrong_type", {})], "receipt_refused")
    try:
        code = parse_code(typed)
    except CodeError as error:
        return _refused([Problem("receipt", f"receipt_{error.code}", {})], "receipt_refused")
    declaration = actions.find(code)
    if declaration is None:
        return problem_document(404, "receipt_unknown", words("receipt_unknown"))
    return _json(receipt_json(declaration, code))


@api.get("/tally", openapi_extra=description.TALLY, url_name="tally")
def get_tally(request: HttpRequest) -> HttpResponse:
    """Give the totals of the last seal."""
    period = _period(request)
    if isinstance(period, HttpResponse):
        return period
    return _json(tally_json(published(*period), *period))


@api.get("/tally.csv", openapi_extra=description.TALLY, url_name="tally-csv")
def get_tally_csv(request: HttpRequest) -> HttpResponse:
    """Give the totals by day as a table."""
    period = _period(request)
    if isinstance(period, HttpResponse):
        return period
    return HttpResponse(tally_csv(published(*period)), content_type="text/csv; charset=utf-8")


def _received(request: HttpRequest, declaration: Declaration, key: str, day: date) -> HttpResponse:
    try:
        code = actions.receive(declaration, idempotency_key=key, channel="web", day=day)
    except EarlierReceiptUnknown as error:
        return _refused_as("earlier_receipt", error.code)
    except (KeyReused, AlreadyReceived) as error:
        return problem_document(409, error.code, words(error.code))
    except (NoRecipient, DayKeyLost) as error:
        return problem_document(503, error.code, words(error.code))
    return HttpResponse(
        _spelled(code, traditional=declaration.language == "zh-Hant"),
        content_type="application/json",
        status=201,
    )


def _spelled(code: Code, *, traditional: bool) -> bytes:
    """Write the receipt, filled up with spaces to one length."""
    spelled = {
        "digits": code.digits(),
        "chinese": code.chinese(traditional=traditional),
        "english": code.english(),
    }
    return json.dumps({"receipt": spelled}, ensure_ascii=False).encode().ljust(_RECEIPT_BYTES)


def _refused(problems: Iterable[Problem], what: str = "declaration_refused") -> HttpResponse:
    errors = [
        {"path": each.path, "code": each.code, "message": problem_words(each.code, each.facts)}
        for each in problems
    ]
    return problem_document(422, what, words(what), errors=errors)


def _refused_as(path: str, code: str) -> HttpResponse:
    errors = [{"path": path, "code": code, "message": words(code)}]
    what = "declaration_refused"
    return problem_document(422, what, words(what), errors=errors)


def _period(request: HttpRequest) -> tuple[date | None, date | None] | HttpResponse:
    """Read `from` and `to`, both inclusive, or answer what is wrong with them."""
    problems: list[Problem] = []
    days: list[date | None] = []
    for name in ("from", "to"):
        try:
            days.append(_day(request.GET.get(name, "")))
        except ValueError:
            problems.append(Problem(name, "date_unreadable", {}))
    return _refused(problems, "period_refused") if problems else (days[0], days[1])


def _day(typed: str) -> date | None:
    day = date.fromisoformat(typed) if typed else None
    if day is not None and typed != day.isoformat():
        raise ValueError("a date is written YYYY-MM-DD")
    return day


def _json(values: dict[str, Any]) -> HttpResponse:
    body = json.dumps(values, ensure_ascii=False).encode()
    return HttpResponse(body, content_type="application/json")
