# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door within the tests' process, at a fixed time, with a ring to seal to."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client, override_settings
from pytest_django import Settings

from tests.registry.declarations.conftest import desk, installation, shared_database
from tests.registry.declarations.desk import NOW
from tuidang.settings import public
from tuidang.web.public import clock

__all__ = ["desk", "installation", "shared_database"]

_DOOR = (
    "ROOT_URLCONF",
    "MIDDLEWARE",
    "APPEND_SLASH",
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
)


@pytest.fixture(scope="package", autouse=True)
def public_settings(django_db_setup: None) -> Iterator[None]:
    """Answer as the public process does.

    The office's tables stay, and are made before: the database is one for all tests.
    """
    values = {name: getattr(public, name) for name in _DOOR}
    # Coverage of templates asks for their debugging.
    (engine,) = deepcopy(public.TEMPLATES)
    engine["OPTIONS"]["debug"] = True
    values["TEMPLATES"] = [engine]
    values["INSTALLED_APPS"] = [*django_settings.INSTALLED_APPS, "tuidang.web.public"]
    with override_settings(**values, ALLOWED_HOSTS=["testserver"]):
        yield


@pytest.fixture(autouse=True)
def public_door(settings: Settings, installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give each test a folder of its own, in July 2026."""
    settings.DATA = installation
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def client() -> Client:
    """A browser, or a program."""
    return Client()
