# SPDX-License-Identifier: AGPL-3.0-or-later
"""The interface for programs: what it takes, what it answers, and how it refuses."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.registry.declarations.desk import Desk, new_key, other, person, unnamed
from tuidang.pure.intake.problems import IntakeError
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code, parse_code
from tuidang.registry.declarations.models import Declaration
from tuidang.web.public import api_description

PATH = "/api/v1/declarations"
CODE = Code(bytes(range(11)))


def sample(**fields: Any) -> dict[str, Any]:
    """Return the body of a declaration of one sample person."""
    usual = {"language": "zh-Hans", "show": "count", "persons": [person("样本甲")]}
    return {**usual, "idempotency_key": new_key(), **fields}


def post(client: Client, body: object, path: str = PATH, **headers: str) -> HttpResponse:
    """Send a body as JSON, or bytes as they are."""
    data = body if isinstance(body, bytes) else json.dumps(body)
    kind = headers.pop("content_type", "application/json")
    return client.post(path, data, content_type=kind, headers=headers)  # type: ignore[return-value]


def document(response: HttpResponse) -> dict[str, Any]:
    """Read a problem document, whole (RFC 9457)."""
    assert response["Content-Type"] == "application/problem+json"
    read: dict[str, Any] = json.loads(response.content)
    assert read["status"] == response.status_code
    assert read["title"]
    return read


def test_a_declaration_gives_a_receipt_in_three_spellings(client: Client, desk: Desk) -> None:
    """A declaration is stored and answered with one code in digits, Chinese and English."""
    everything = {
        "statement": "这是样本。",
        "place": {"country": "DE", "province": "Sample"},
        "stated_on": "2026-07-01",
        "persons": [person("样本甲"), other("样本乙"), other("样本丙", "unasked")],
        "unnamed": unnamed(2),
        "total": 5,
        "bind": {"legal_name": "YANG<<BEN", "birth_date": "1990-01-02"},
        "show": "text",
    }
    response = post(client, sample(**everything))
    receipt = json.loads(response.content)["receipt"]
    assert response.status_code == 201
    assert receipt.keys() == {"digits", "chinese", "english"}
    assert len({parse_code(spelled) for spelled in receipt.values()}) == 1
    stored = desk.opened(Declaration.objects.get()).declaration
    assert (stored.size, stored.show) == (5, "text")


def test_traditional_readers_get_traditional_words(client: Client, desk: Desk) -> None:
    """The Chinese spelling follows the declaration's language."""
    receipt = json.loads(post(client, sample(language="zh-Hant")).content)["receipt"]
    assert receipt["chinese"] == parse_code(receipt["digits"]).chinese(traditional=True)


def test_the_same_key_and_body_give_the_same_answer(client: Client, desk: Desk) -> None:
    """A program may send again after a broken line, and nothing is stored twice."""
    body = sample()
    assert post(client, body).content == post(client, body).content
    assert Declaration.objects.count() == 1


def test_the_same_key_with_another_body_is_a_conflict(client: Client, desk: Desk) -> None:
    """A key that came with another body is refused with 409."""
    body = sample()
    post(client, body)
    response = post(client, {**body, "persons": [person("样本乙")]})
    assert document(response)["code"] == "key_reused"
    assert response.status_code == 409
    assert Declaration.objects.count() == 1


def test_receipts_are_of_one_length(client: Client, desk: Desk) -> None:
    """How long an answer is tells nothing about the code in it."""
    assert len({len(post(client, sample()).content) for _ in range(6)}) == 1


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "name of 10,000 characters": (
        {"persons": [person("样" * 10_000)]}, "persons[0].name", "name_too_long"),
    "control character": ({"persons": [person("样\x00本")]}, "persons[0].name", "name_control"),
    "direction of writing": ({"persons": [person("样\u202e本")]}, "persons[0].name", "name_bidi"),
    "lone surrogate": ({"persons": [person("样\ud800本")]}, "persons[0].name", "name_broken"),
    "surrogate in a text": ({"statement": "样\udfff本"}, "statement", "text_control"),
    "501 persons": ({"persons": [person()] * 501}, "persons", "too_many_persons"),
    "501 in all": ({"unnamed": unnamed(500)}, "persons", "too_many_persons"),
    "total": ({"total": 3}, "total", "total_differs"),
    "unknown organisation": (
        {"persons": [person(organizations=["sample-army"])]},
        "persons[0].organizations", "unknown_choice"),
    "all together with one": (
        {"persons": [person(organizations=["party", "unspecified"])]},
        "persons[0].organizations", "organizations_mixed"),
    "missing consent": (
        {"persons": [person(declared_by="friend")]}, "persons[0].consent", "consent_missing"),
    "date in the future": ({"stated_on": "2026-07-20"}, "stated_on", "date_future"),
    "code in the statement": (
        {"statement": f"样本 {CODE.english()}"}, "statement", "statement_receipt_code"),
    "unknown field": ({"strange": 1}, "", "unknown_field"),
    "short key": ({"idempotency_key": "short-sample"}, "idempotency_key", "key_form"),
    "earlier receipt with a slip": (
        {"earlier_receipt": "0001 " * 8 + "0002"}, "earlier_receipt", "receipt_check_failed"),
    "earlier receipt of nobody": (
        {"earlier_receipt": CODE.digits()}, "earlier_receipt", "earlier_receipt_unknown"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "path", "code"), BAD.values(), ids=BAD)
def test_bad_input_is_told_with_path_and_code(
    client: Client, desk: Desk, fields: dict[str, Any], path: str, code: str
) -> None:
    """Each thing that is wrong is told by path, code and message; nothing is echoed or stored."""
    response = post(client, sample(**fields), **{"accept-language": "zh-TW"})
    told = document(response)
    assert response.status_code == 422
    assert (path, code) in [(each["path"], each["code"]) for each in told["errors"]]
    assert all(each["message"] for each in told["errors"])
    for typed in ("样", "sample", "strange", CODE.english(), CODE.digits(), "2026-07-20"):
        assert typed not in response.content.decode()
    assert Declaration.objects.count() == 0


@pytest.mark.parametrize(
    ("wish", "message"),
    [("zh-CN", "请填写此项。"), ("zh-TW", "請填寫此項。"), ("", "Please fill this in.")],
)
def test_messages_follow_the_wished_language(
    client: Client, db: None, wish: str, message: str
) -> None:
    """Messages come in the language of Accept-Language, in English without one."""
    body = sample()
    del body["show"]
    (error,) = document(post(client, body, **{"accept-language": wish}))["errors"]
    assert error == {"path": "show", "code": "missing", "message": message}


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"\xff\xfe{}",
        '{"a": "样"}'.encode("gb18030"),
        '{"language": "en"}'.encode("utf-16"),
        b'{"persons": NaN}',
        b'{"persons": -Infinity}',
        b'{"total": ' + b"9" * 5000 + b"}",
        b'{"total": 1, "total": 2}',
        b"[" * 100_000,
        b"{} {}",
    ],
)
def test_what_is_no_json_is_refused(client: Client, db: None, body: bytes) -> None:
    """Bytes that are no JSON, or can be read in two ways, are refused with 400."""
    assert document(post(client, body))["status"] == 400


@pytest.mark.parametrize("body", [b"[]", b"null", b'"sample"', b"1", b"{}"])
def test_json_of_another_shape_is_refused(client: Client, db: None, body: bytes) -> None:
    """JSON that is no declaration is refused with 422."""
    assert document(post(client, body))["status"] == 422
    assert document(post(client, body, "/api/v1/receipt"))["status"] == 422


def test_another_content_type_is_refused(client: Client, db: None) -> None:
    """Only JSON is taken, as a form of another site could not send it unasked."""
    assert document(post(client, b"{}", content_type="text/plain"))["status"] == 415
    assert (
        document(post(client, b"{}", "/api/v1/receipt", content_type="text/html"))["status"] == 415
    )


def test_a_body_that_is_too_large_is_refused(client: Client, db: None) -> None:
    """More than a megabyte is refused before it is read."""
    assert document(post(client, b" " * (1024 * 1024 + 1)))["status"] == 413


def test_without_anybody_to_seal_to_nothing_is_taken(client: Client, db: None) -> None:
    """With no recipient the answer is 503, and nothing is stored."""
    assert document(post(client, sample()))["status"] == 503
    assert Declaration.objects.count() == 0


def test_an_unknown_receipt_and_a_slip_are_told_apart(client: Client, db: None) -> None:
    """404 for a code that nobody has, 422 for one whose check fails; neither is echoed."""
    digits = CODE.digits()
    slip = digits[:-1] + ("1" if digits[-1] != "1" else "2")
    unknown = post(client, {"receipt": digits}, "/api/v1/receipt")
    failed = post(client, {"receipt": slip}, "/api/v1/receipt")
    assert document(unknown)["code"] == "receipt_unknown"
    assert unknown.status_code == 404
    assert document(failed)["errors"][0]["code"] == "receipt_check_failed"
    assert digits[:9] not in (unknown.content + failed.content).decode()


@pytest.mark.parametrize("typed", [None, 1, ["0001"], {"a": 1}])
def test_a_receipt_is_a_text(client: Client, db: None, typed: object) -> None:
    """A receipt of another type is refused, and so is a body with more in it."""
    assert document(post(client, {"receipt": typed}, "/api/v1/receipt"))["status"] == 422
    more = {"receipt": CODE.digits(), "more": 1}
    assert document(post(client, more, "/api/v1/receipt"))["status"] == 422


def test_the_description_is_whole(client: Client, db: None) -> None:
    """The OpenAPI document describes every path, with bodies and answers."""
    described = json.loads(client.get("/api/v1/openapi.json").content)
    assert described["openapi"].startswith("3.")
    paths = {"declarations", "receipt", "tally", "tally.csv"}
    assert described["paths"].keys() == {f"/api/v1/{each}" for each in paths}
    responses = described["paths"]["/api/v1/declarations"]["post"]["responses"]
    assert {"201", "409", "422"} <= set(responses)


def test_no_page_of_documentation_loads_scripts(client: Client, db: None) -> None:
    """The router's own documentation page, which loads scripts from elsewhere, is off."""
    assert client.get("/api/v1/docs").status_code == 404


@given(st.sets(st.sampled_from(sorted(api_description.DECLARATION_BODY["properties"]))))
def test_the_description_names_the_fields_that_the_rules_know(left_out: set[str]) -> None:
    """What the description calls required or possible is what the rules take."""
    described = api_description.DECLARATION_BODY
    full: dict[str, Any] = sample(
        statement="样本",
        place={"country": "DE"},
        stated_on="2026-07-01",
        unnamed=unnamed(1),
        total=2,
        bind={"legal_name": "YANG<<BEN", "birth_date": "1990-01-02"},
        earlier_receipt=CODE.digits(),
        counted_before=True,
    )
    assert full.keys() == described["properties"].keys()
    body = {name: value for name, value in full.items() if name not in left_out}
    missing = {path for path in described["required"] if path in left_out}
    assert {path for path, code in _problems(body) if code == "missing"} == missing
    assert "unknown_field" not in {code for _, code in _problems(body)}


def _problems(body: dict[str, Any]) -> list[tuple[str, str]]:
    from tests.registry.declarations.desk import DAY

    try:
        parse_declaration(body, today=DAY)
    except IntakeError as error:
        return [(problem.path, problem.code) for problem in error.problems]
    return []
