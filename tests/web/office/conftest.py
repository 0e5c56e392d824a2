# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office with two volunteers, and browsers that are signed in to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.office.samples import today
from tuidang.registry.accounts.actions import enrol
from tuidang.registry.accounts.credentials import Credentials
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.vault.actions import renew_rings
from tuidang.registry.vault.recipients import forget_recipients

MoveTime = Callable[[timedelta], None]


class Volunteer(Client):
    """A volunteer's browser, over TLS as the office requires."""

    def look(self, path: str = "/") -> str:
        """Return the text of a page that must be there."""
        answer = self.get(path, secure=True)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def look_after(self, path: str) -> str:
        """Return the text of the page to which an address sends on."""
        return self.get(path, secure=True, follow=True).content.decode()

    def send(self, path: str, **fields: str | list[str]) -> str:
        """Send a form and return the text of the page that follows."""
        answer = self.post(path, fields, secure=True, follow=True)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def send_refused(self, path: str, **fields: str | list[str]) -> str:
        """Send a form that is refused on the spot, and return the text of the answer."""
        answer = self.post(path, fields, secure=True, follow=True)
        assert answer.status_code == 422, answer.status_code
        return answer.content.decode()


@dataclass(frozen=True)
class Office:
    """The logins of the two volunteers."""

    first: Credentials
    second: Credentials

    def sign_in(self, login: Credentials, **changed: str) -> tuple[Volunteer, HttpResponse]:
        """Send the form for signing in, with some of its fields changed."""
        browser = Volunteer(raise_request_exception=False)
        fields = {
            "username": login.username,
            "passphrase": login.passphrase,
            "code": pyotp.TOTP(login.totp_secret).now(),
        }
        return browser, browser.post("/login/", fields | changed, secure=True)


@pytest.fixture
def office(tmp_path: Path, settings: Settings, db: None) -> Office:
    """An installation in folders of its own, with two volunteers and this month's ring."""
    settings.LOG_FOLDER, settings.LOCK_FOLDER = tmp_path / "log", tmp_path / "lock"
    settings.TRUST_FOLDER = tmp_path / "trust"
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.MEMORY_FOLDER = tmp_path / "memory"
    settings.ARGON2_MEMORY_KIB = 64
    forget_recipients()
    logins = [
        enrol(name, alias=f"Sample {name}", by=REGISTRY, day=today()) for name in ("one", "two")
    ]
    renew_rings(by=REGISTRY, day=today())
    return Office(*logins)


@pytest.fixture
def first(office: Office) -> Volunteer:
    """The first volunteer's browser, signed in."""
    return office.sign_in(office.first)[0]


@pytest.fixture
def second(office: Office) -> Volunteer:
    """The second volunteer's browser, signed in."""
    return office.sign_in(office.second)[0]


@pytest.fixture
def move_time(monkeypatch: pytest.MonkeyPatch) -> MoveTime:
    """Let the office's clock run ahead by a time."""
    real = timezone.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)

    return move
