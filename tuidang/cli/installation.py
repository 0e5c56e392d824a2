# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making an installation: tables, keys, ring, trust file, and the first two volunteers.

Every step looks first whether it is done, so running it again changes nothing and takes no time.
A demonstration writes its volunteers' logins into files; production asks for them instead.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from tuidang.registry.accounts.actions import enrol
from tuidang.registry.accounts.credentials import Credentials
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.certificates import grants as certificates
from tuidang.registry.certificates import trusted
from tuidang.registry.declarations import grants as declarations
from tuidang.registry.transparency import actions as transparency
from tuidang.registry.transparency.notes import note_page
from tuidang.registry.vault.actions import make_recovery, renew_rings

FIRST_VOLUNTEERS = (
    ("first", "first-volunteer.json"),
    ("second", "second-volunteer.json"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """What this run made: the recovery secret (only the first time) and the login files."""

    recovery_secret: str | None
    login_files: tuple[Path, ...]


def install() -> Made:
    """Bring the data folder and the database to a complete, current installation."""
    settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    before_lock = is_from_before_the_lock()
    migrate()
    give_public_role()
    now = datetime.now(UTC)
    transparency.install(now=now)
    if before_lock:
        transparency.adopt(now=now, lock_lost=True)
    trusted.install(now=now)
    note_page(day=now.date())
    secret = make_recovery()
    files = make_first_volunteers() if settings.DEMONSTRATION else ()
    if not nobody_can_sign_in():  # a ring that nobody can open must take nothing in
        renew_rings(by=REGISTRY, day=now.date())
    return Made(recovery_secret=secret, login_files=files)


def is_from_before_the_lock() -> bool:
    """Say whether the tables are of the time when the database decided what is published."""
    applied = MigrationRecorder(connection).applied_migrations()
    steps = ("0001_initial", "0002_publication_in_steps")
    return [("transparency", step) in applied for step in steps] == [True, False]


def migrate() -> None:
    """Apply migrations that are not applied yet; ask first, since asking is ten times faster."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def give_public_role() -> None:
    """On PostgreSQL, give the public door's role its few rights, and take every other away.

    The role itself is the database administrator's to make.
    """
    if connection.vendor == "postgresql" and settings.PUBLIC_ROLE:
        with connection.cursor() as cursor:
            for room in (declarations, certificates):
                for statement in room.statements(settings.PUBLIC_ROLE):
                    cursor.execute(statement)


def nobody_can_sign_in() -> bool:
    """Say whether the installation has no volunteers yet."""
    return not Volunteer.objects.filter(is_active=True).exists()


def enrol_first(names: Sequence[str]) -> list[Credentials]:
    """Enrol the first volunteers and make the ring keys that they open."""
    today = datetime.now(UTC).date()
    logins = [enrol(name, alias=name.title(), by=REGISTRY, day=today) for name in names]
    renew_rings(by=REGISTRY, day=today)
    return logins


def make_first_volunteers() -> tuple[Path, ...]:
    """Enrol two demonstration volunteers, if there is nobody yet, and write their logins."""
    files = tuple(settings.DATA / name for _, name in FIRST_VOLUNTEERS)
    if nobody_can_sign_in():
        logins = enrol_first([username for username, _ in FIRST_VOLUNTEERS])
        for path, login in zip(files, logins, strict=True):
            write_login(path, login)
    return tuple(path for path in files if path.exists())


def write_login(path: Path, credentials: Credentials) -> None:
    """Write one login for the demonstration, readable by this user alone."""
    login = {
        "username": credentials.username,
        "passphrase": credentials.passphrase,
        "totp_secret": credentials.totp_secret,
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        json.dump(login, stream)
