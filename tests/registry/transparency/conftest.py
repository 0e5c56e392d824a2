# SPDX-License-Identifier: AGPL-3.0-or-later
"""A log in a folder of its own, and a stranger who recounts it after every step."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.transparency.stranger import Stranger


@pytest.fixture
def log_folder(tmp_path: Path, settings: Settings) -> Path:
    """Point the settings to an empty installation, with the minima lowered to one."""
    settings.LOG_FOLDER, settings.LOCK_FOLDER = tmp_path / "log", tmp_path / "lock"
    settings.TRUST_FOLDER = tmp_path / "trust"
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.MIN_BATCH = settings.MIN_CELL = 1
    return tmp_path / "log"


@pytest.fixture
def stranger(log_folder: Path) -> Stranger:
    """Give somebody who remembers the last checkpoint and believes only the files."""
    return Stranger(log_folder)
