# SPDX-License-Identifier: AGPL-3.0-or-later
"""Refusals: in the reader's language, as a page or a problem document, echoing nothing."""

import json
import logging

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.public.browsing import page_of, send
from tuidang.web.public import refusals

ECHO = "echo-sample-93"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "There is no such page"), ("zh-hans", "没有这个页面"), ("zh-hant", "沒有這個頁面")],
)
def test_a_missing_page_says_so(client: Client, language: str, words: str) -> None:
    """A page that does not exist is missed in the language of its address, unnamed."""
    response = client.get(f"/{language}/{ECHO}/?{ECHO}")
    assert response.status_code == 404
    assert words in page_of(response).text
    assert ECHO not in response.content.decode()


def test_a_missing_page_without_language_follows_the_browser(client: Client) -> None:
    """Where the address has no language, the browser's wish counts."""
    response = client.get(f"/{ECHO}", headers={"accept-language": "zh-TW"})
    assert "沒有這個頁面" in page_of(response).text


@pytest.mark.parametrize("path", ["/en/", "/en/tally/", "/log/checkpoint", "/robots.txt"])
def test_a_page_that_takes_nothing_refuses_posts(client: Client, path: str) -> None:
    """Sending something where nothing is taken is refused with what is allowed."""
    response = send(client, path, {"name": ECHO})
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert ECHO not in response.content.decode()


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/api/v1/declarations"), ("post", "/api/v1/tally")]
)
def test_the_interface_refuses_other_methods_as_a_problem(
    client: Client, method: str, path: str
) -> None:
    """A method that the interface does not have is a problem document with what it has."""
    response = getattr(client, method)(path)
    assert response.status_code == 405
    assert response["Content-Type"] == "application/problem+json"
    assert response["Allow"]
    assert json.loads(response.content)["code"] == "method_not_allowed"


def test_an_unknown_path_of_the_interface_is_a_problem(client: Client) -> None:
    """Programs get problem documents where people get pages."""
    response = client.get(f"/api/v1/{ECHO}")
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["status"] == 404
    assert ECHO not in response.content.decode()


@pytest.mark.parametrize("path", ["/en/declare/", "/en/receipt/", "/api/v1/declarations"])
@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://testserver:8000"},
        {"origin": "http://testserver.elsewhere.example"},
    ],
)
def test_another_sites_form_is_refused(client: Client, path: str, headers: dict[str, str]) -> None:
    """What a page of another site sends is refused before it is read."""
    response = client.post(path, b"{}", content_type="application/json", headers=headers)
    assert response.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://testserver"},
        {"origin": "https://testserver"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ],
)
def test_our_own_form_is_taken(client: Client, headers: dict[str, str]) -> None:
    """Our own form passes as browsers send it, also where the policy hides its origin."""
    assert send(client, "/en/receipt/", {"code": ""}, **headers).status_code == 422


def test_a_link_from_elsewhere_is_followed(client: Client) -> None:
    """Reading a page is free to everybody, wherever they come from."""
    assert client.get("/en/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_a_strange_host_is_refused(client: Client) -> None:
    """An answer never names a host that is not ours."""
    response = client.get("/en/verify/", headers={"host": f"{ECHO}.example"})
    assert response.status_code == 400
    assert ECHO not in response.content.decode()
    assert response["Content-Security-Policy"]


def test_a_fault_is_told_without_a_trace(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A fault gives a page in words; the log learns its kind and place, not what was sent."""

    def fail(_typed: object) -> None:
        raise RuntimeError(ECHO)

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("tuidang.web.public.visits.parse_code", fail)
    with caplog.at_level(logging.ERROR, logger="tuidang.web.public"):
        response = send(client, "/zh-hans/receipt/", {"code": ECHO})
    assert response.status_code == 500
    assert "出了差错" in page_of(response).text
    assert ECHO not in response.content.decode()
    own = [each.getMessage() for each in caplog.records if each.name == "tuidang.web.public"]
    assert len(own) == 1
    assert own[0].startswith("an answer failed: RuntimeError at ")
    assert ECHO not in own[0]


def test_every_refusal_has_a_name_for_programs() -> None:
    """Each status that we refuse with has words for people and a code for programs."""
    assert refusals.REFUSALS.keys() == refusals.PROBLEM_NAMES.keys()


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "text/plain"])
def test_uploads_are_refused(client: Client, content_type: str) -> None:
    """A form in any other encoding is refused, so that nothing is ever written to a file."""
    response = client.post("/en/declare/", b"--x--", content_type=content_type)
    assert response.status_code == 415


@pytest.mark.parametrize("body", [b"p1-name=%ED%A0%80", b"p1-name=%FF", "p1-name=样".encode()])
def test_broken_bytes_are_refused(client: Client, body: bytes) -> None:
    """Bytes that are no UTF-8 are refused and not replaced by other signs."""
    form = "application/x-www-form-urlencoded"
    assert client.post("/en/declare/", body, content_type=form).status_code == 400


def test_a_flood_of_bytes_or_fields_is_refused(client: Client, settings: Settings) -> None:
    """More than one declaration can hold is refused with words."""
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = send(client, "/en/declare/", {"p1-name": "x" * 1001})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
    many = send(client, "/en/declare/", {"p1-orgs": ["party"] * 6000})
    assert (large.status_code, many.status_code) == (413, 400)
    assert "too large" in page_of(large).text
