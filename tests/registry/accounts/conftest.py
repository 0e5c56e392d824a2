# SPDX-License-Identifier: AGPL-3.0-or-later
"""Volunteers with their logins, and an authenticator."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pyotp
import pytest
from pytest_django import Settings

from tuidang.registry.accounts.actions import enrol
from tuidang.registry.accounts.credentials import Credentials
from tuidang.registry.audit.doers import REGISTRY

DAY = date(2026, 7, 14)
NOW = datetime(2026, 7, 14, 12, 0, 10, tzinfo=UTC)

Enrol = Callable[[str], Credentials]


def code_of(login: Credentials, now: datetime = NOW) -> str:
    """Return what the volunteer's authenticator shows."""
    return pyotp.TOTP(login.totp_secret).at(now)


@pytest.fixture(autouse=True)
def keys_folder(settings: Settings, tmp_path: Path) -> Path:
    """Give each test host keys of its own."""
    settings.KEYS_FOLDER = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def new_login(db: None) -> Enrol:
    """Enrol a volunteer under a user name and return the login."""

    def make(username: str) -> Credentials:
        return enrol(username, alias="样本甲", by=REGISTRY, day=DAY)

    return make
