# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every answer of the office carries, and what the plain ones say."""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from tests.web.office.conftest import Office, Volunteer
from tests.web.office.samples import declare
from tuidang.web.office import views

PAGES = ("/", "/login/", "/nowhere/", "/style.css", "/healthz")
TITLES = {
    "zh-hans": ("zh-Hans", "待审"),
    "zh-hant": ("zh-Hant", "待審"),
    "en": ("en", "Waiting declarations"),
}


def pages(volunteer: Volunteer) -> list[HttpResponse]:
    """Return one answer of each kind, with a declaration open."""
    row = declare("样本甲")
    paths = (*PAGES, f"/declaration/{row.id}/")
    return [volunteer.get(path, secure=True) for path in paths]


def test_no_answer_runs_or_fetches_or_keeps_anything(first: Volunteer) -> None:
    """Each answer forbids scripts, foreign sources, frames, referrers and caches."""
    for answer in pages(first):
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_page_has_a_script_or_a_foreign_address(first: Volunteer) -> None:
    """Pages hold no script, no handler, no style of their own and no address elsewhere."""
    for answer in pages(first):
        text = answer.content.decode()
        assert "<script" not in text
        assert not re.search(r"\son[a-z]+\s*=|\sstyle\s*=|<style", text)
        assert not re.search(r"(?:https?:)?//[a-z0-9]", text)


@pytest.mark.parametrize("code", TITLES)
def test_the_office_speaks_three_languages(first: Volunteer, code: str) -> None:
    """A volunteer chooses a language, and the pages are written and marked in it."""
    first.send("/language/", language=code)
    lang, title = TITLES[code]
    text = first.look()
    assert f'<html lang="{lang}">' in text
    assert title in text


def test_an_unknown_language_changes_nothing(first: Volunteer) -> None:
    """A language that is not offered is not remembered."""
    answer = first.post("/language/", {"language": "xx\r\nX: y"}, secure=True)
    assert not answer.cookies.keys() & {"django_language"}


def test_nothing_is_said_of_what_is_not_there(first: Volunteer) -> None:
    """An unknown address gets a sentence, without the address."""
    answer = first.get("/样本甲/", secure=True)
    assert answer.status_code == 404
    assert b"There is nothing here." in answer.content
    assert "样本甲" not in answer.content.decode()


def test_an_unreadable_request_gets_a_sentence(first: Volunteer) -> None:
    """More fields than a page of ours has is refused with a sentence."""
    fields = {f"field-{n}": "x" for n in range(1001)}
    answer = first.post("/decide/", fields, secure=True)
    assert answer.status_code == 400
    assert b"This could not be read." in answer.content


def test_a_fault_says_nothing_about_itself(
    first: Volunteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the software fails, the page has no trace, no name and no text."""
    declare("样本甲")

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError("样本乙")

    monkeypatch.setattr(views, "group", fail)
    answer = first.get("/", secure=True)
    text = answer.content.decode()
    assert answer.status_code == 500
    assert "Something failed. Nothing was decided." in text
    for told in ("样本", "RuntimeError", "Traceback", "views"):
        assert told not in text


def test_a_form_from_elsewhere_is_refused(office: Office) -> None:
    """Without our own page's token, or from another site, nothing is done."""
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/login/", {"username": "one"}, secure=True)
    assert answer.status_code == 403
    assert b"This is not allowed." in answer.content


@pytest.mark.parametrize("path", ["/decide/", "/logout/", "/language/"])
def test_deeds_are_never_links(first: Volunteer, path: str) -> None:
    """What changes something answers to POST alone."""
    assert first.get(path, secure=True).status_code == 405


def test_health_is_told_to_anyone(db: None) -> None:
    """`/healthz` answers without a login and says nothing else."""
    answer = Client().get("/healthz", secure=True)
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_no_address_says_what_was_declared(first: Volunteer) -> None:
    """All addresses on the pages are our own, of random ids, without a query."""
    for answer in pages(first):
        for address in re.findall(r'(?:href|action)="([^"]*)"', answer.content.decode()):
            assert re.fullmatch(r"#content|data:,|/[a-z./0-9-]*", address), address


def test_a_refused_form_is_not_repeated() -> None:
    """The page for a refused form is rendered without the form's fields."""
    from tuidang.web.office.plain import unproven

    request = HttpRequest()
    request.method = "POST"
    request.POST = {"passphrase": "样本乙"}  # type: ignore[assignment]
    assert "样本乙" not in unproven(request, "样本丙").content.decode()
