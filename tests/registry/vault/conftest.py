# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault with its own keys folder, and members to put into it."""

import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.vault.actions import create_member
from tuidang.registry.vault.recipients import forget_recipients

DAY = date(2026, 7, 14)
MONTH = "2026-07"

NewMember = Callable[[str], UUID]


@pytest.fixture(autouse=True)
def keys_folder(settings: Settings, tmp_path: Path) -> Path:
    """Give each test host keys and a recovery file of its own."""
    folder = tmp_path / "keys"
    settings.KEYS_FOLDER = folder
    forget_recipients()
    return folder


@pytest.fixture
def new_member(db: None) -> NewMember:
    """Make a member with the given passphrase and return the id."""

    def make(passphrase: str) -> UUID:
        return create_member(uuid.uuid4(), passphrase, by=REGISTRY, day=DAY).id

    return make
