# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation in a folder of its own, and a desk with two volunteers."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from tests.registry.declarations.desk import Desk, make_desk
from tuidang.registry.declarations import day_keys
from tuidang.registry.vault.recipients import forget_recipients


@pytest.fixture(autouse=True)
def installation(settings: Settings, tmp_path: Path) -> Path:
    """Give each test keys, memory and a log folder of its own, with the minima lowered to one."""
    settings.KEYS_FOLDER = tmp_path / "keys"
    settings.MEMORY_FOLDER = tmp_path / "memory"
    settings.LOG_FOLDER, settings.LOCK_FOLDER = tmp_path / "log", tmp_path / "lock"
    settings.TRUST_FOLDER = tmp_path / "trust"
    settings.MIN_BATCH = settings.MIN_CELL = 1
    settings.ARGON2_MEMORY_KIB = 64  # each test makes two members
    day_keys._known.clear()
    forget_recipients()
    return tmp_path


@pytest.fixture
def desk(db: None) -> Desk:
    """Make the ring and two volunteers who open it."""
    return make_desk()


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """Give threads a database as an installation has it.

    The tests' SQLite lies in memory, where writers do not wait for one another as they do
    for a file; so this one is copied into a file with the installation's own settings.
    """
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    path = str(tmp_path / "db.sqlite3")
    with sqlite3.connect(path) as copy:
        in_memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, path
    yield
    connection.close()
    connection.connection, connection.settings_dict["NAME"] = in_memory, name
