# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole installation in folders of its own, and sample declarations for it."""

import uuid
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.tally.samples import DAY
from tests.registry.transparency.stranger import Stranger
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.vault.actions import create_member, renew_rings
from tuidang.registry.vault.recipients import forget_recipients


@pytest.fixture
def stranger(tmp_path: Path, settings: Settings, db: None) -> Stranger:
    """Make keys, ring and folders, and give somebody who recounts the log."""
    settings.LOG_FOLDER, settings.LOCK_FOLDER = tmp_path / "log", tmp_path / "lock"
    settings.TRUST_FOLDER = tmp_path / "trust"
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.MEMORY_FOLDER = tmp_path / "memory"
    settings.MIN_BATCH = settings.MIN_CELL = 1
    forget_recipients()
    create_member(uuid.UUID(int=7), "a sample passphrase of words", by=REGISTRY, day=DAY)
    renew_rings(by=REGISTRY, day=DAY)
    return Stranger(tmp_path / "log")
