# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in, being locked out again, and what a session leaves behind."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse

from tests.web.office.conftest import MoveTime, Office, Volunteer
from tests.web.office.samples import declare
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.unlocked import open_session
from tuidang.web.office.middleware import COOKIE, SESSION_BLOB

SESSION = "__Host-session"
REFUSED = b"That did not work."
UNKNOWN = "00000000-0000-4000-8000-000000000000"
CLOSED = (
    ("get", "/"),
    ("post", "/decide/"),
    ("post", "/logout/"),
    ("get", f"/declaration/{UNKNOWN}/"),
    ("post", f"/declaration/{UNKNOWN}/accept/"),
    ("post", f"/declaration/{UNKNOWN}/return/"),
    ("post", f"/declaration/{UNKNOWN}/reject/"),
    ("post", f"/declaration/{UNKNOWN}/release/"),
    ("post", f"/undo/{UNKNOWN}/"),
    ("get", "/nowhere/"),
)


def is_locked_out(answer: HttpResponse) -> bool:
    """Say whether an answer only sends to the login page."""
    return answer.status_code == 302 and answer["Location"] == "/login/"


def test_the_right_login_opens_the_queue(office: Office) -> None:
    """User name, passphrase and code lead to the queue, with what waits in the clear."""
    declare("样本甲")
    browser, answer = office.sign_in(office.first)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "样本甲" in browser.look()


@pytest.mark.parametrize(
    "changed",
    [
        {"username": "nobody"},
        {"username": "o\0ne\0x"},
        {"username": ""},
        {"passphrase": "a b c d e f"},
        {"passphrase": ""},
        {"code": "12345"},
        {"code": "二"},
        {"username": "nobody", "passphrase": "a b c d e f", "code": ""},
    ],
)
def test_every_wrong_login_gets_the_same_answer(office: Office, changed: dict[str, str]) -> None:
    """Whatever was wrong, the page is the same to the byte, echoes nothing, and opens nothing."""
    browser, answer = office.sign_in(office.first, **changed)
    _, usual = office.sign_in(office.first, code="000000x")
    assert answer.status_code == 403
    assert REFUSED in answer.content
    assert _without_token(answer) == _without_token(usual)
    assert is_locked_out(browser.get("/", secure=True))


def test_a_code_is_good_once(office: Office) -> None:
    """The same code does not open the office a second time."""
    office.sign_in(office.first)
    _, again = office.sign_in(office.first)
    assert again.status_code == 403


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_everything_else_sends_a_stranger_to_sign_in(db: None, method: str, path: str) -> None:
    """Without a login no page answers, not even by saying what is not there."""
    assert is_locked_out(getattr(Volunteer(), method)(path, secure=True))


def test_the_session_cookie_alone_opens_nothing(first: Volunteer) -> None:
    """Who has the session but not the key to it is sent to sign in."""
    del first.cookies[COOKIE]
    assert is_locked_out(first.get("/", secure=True))


def test_the_unlocking_cookie_alone_opens_nothing(first: Volunteer) -> None:
    """Who has the key but not the session is sent to sign in."""
    del first.cookies[SESSION]
    assert is_locked_out(first.get("/", secure=True))


@pytest.mark.parametrize("value", ["", "%", "AAAA", urlsafe_b64encode(bytes(32)).decode()])
def test_a_wrong_unlocking_cookie_ends_the_session(first: Volunteer, value: str) -> None:
    """A cookie that is no key, or another key, opens nothing, and the session is over."""
    first.cookies[COOKIE] = value
    assert is_locked_out(first.get("/", secure=True))
    assert not Session.objects.exists()


def test_one_volunteers_key_does_not_fit_anothers_session(
    first: Volunteer, second: Volunteer
) -> None:
    """Keys that were opened for one volunteer are of no use in the session of another."""
    first.cookies[COOKIE] = second.cookies[COOKIE].value
    assert is_locked_out(first.get("/", secure=True))


def test_the_sessions_row_holds_no_ring_key(first: Volunteer) -> None:
    """What the database keeps of a session contains no key, and opens with the cookie alone."""
    (row,) = Session.objects.all()
    kept = row.get_decoded()
    cookie = urlsafe_b64decode(first.cookies[COOKIE].value)
    keys = open_session(urlsafe_b64decode(kept[SESSION_BLOB]), cookie).keys
    assert RingKey.objects.count() == len(keys) > 0
    for secret in (*keys.values(), first.cookies[COOKIE].value):
        assert secret not in repr(kept)
        assert secret not in row.session_data


def test_fifteen_idle_minutes_lock_everything(first: Volunteer, move_time: MoveTime) -> None:
    """Who comes back within a quarter of an hour is let in, and later has to sign in again."""
    move_time(timedelta(minutes=14))
    assert first.get("/", secure=True).status_code == 200
    move_time(timedelta(minutes=28))
    assert first.get("/", secure=True).status_code == 200
    move_time(timedelta(minutes=43, seconds=1))
    assert is_locked_out(first.get("/", secure=True))


def test_sessions_that_are_over_are_deleted(
    first: Volunteer, office: Office, move_time: MoveTime
) -> None:
    """The next who signs in sweeps away sessions that lapsed, since each holds a time."""
    old = Session.objects.get().session_key
    move_time(timedelta(minutes=16))
    office.sign_in(office.second)  # refused, as the code is old: nothing happens
    assert Session.objects.filter(session_key=old).exists()
    move_time(timedelta(seconds=0))
    Session.objects.update(expire_date=Session.objects.get().expire_date - timedelta(hours=1))
    office.sign_in(office.second)
    assert not Session.objects.filter(session_key=old).exists()


def test_signing_out_locks_everything(first: Volunteer) -> None:
    """After signing out neither the old session nor the old key is of use."""
    session, key = first.cookies[SESSION].value, first.cookies[COOKIE].value
    assert is_locked_out(first.post("/logout/", secure=True))
    first.cookies[SESSION], first.cookies[COOKIE] = session, key
    assert is_locked_out(first.get("/", secure=True))


def test_a_retired_volunteer_is_out_at_once(first: Volunteer, office: Office) -> None:
    """An open session ends with the next request once its volunteer is retired."""
    from tuidang.registry.accounts.models import Volunteer as Account

    Account.objects.filter(username=office.first.username).update(is_active=False)
    assert is_locked_out(first.get("/", secure=True))


def test_cookies_are_for_this_host_and_for_tls_alone(office: Office) -> None:
    """Cookies of a login are Secure, HttpOnly, strict, bound to the host and to the session."""
    _, answer = office.sign_in(office.first)
    for name in (SESSION, COOKIE):
        cookie = answer.cookies[name]
        assert name.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
        assert (cookie["max-age"], cookie["expires"]) == ("", "")


def _without_token(answer: HttpResponse) -> bytes:
    token = answer.context["csrf_token"]
    return answer.content.replace(str(token).encode(), b"")
