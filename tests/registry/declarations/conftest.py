# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation in a folder of its own, and a desk with two volunteers."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.declarations.desk import Desk, make_desk
from tuidang.registry.declarations import day_keys
from tuidang.registry.vault.recipients import forget_recipients


@pytest.fixture(autouse=True)
def installation(settings: Settings, tmp_path: Path) -> Path:
    """Give each test keys, memory and a log folder of its own, with the minima lowered to one."""
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.MEMORY_FOLDER = tmp_path / "memory"
    settings.LOG_FOLDER = tmp_path / "log"
    settings.TRUST_FOLDER = tmp_path / "trust"
    settings.MIN_BATCH = settings.MIN_CELL = 1
    day_keys._known.clear()
    forget_recipients()
    return tmp_path


@pytest.fixture
def desk(db: None) -> Desk:
    """Make the ring and two volunteers who open it."""
    return make_desk()
