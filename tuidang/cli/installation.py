# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making an installation: tables, keys, ring, trust file, and the first two volunteers.

Every step looks first whether it is done, so running it again changes nothing and takes no time.
A demonstration writes its volunteers' logins into files; production asks for them instead.
"""

import json
import os
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tuidang.registry.accounts.actions import Credentials, enrol
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.transparency.keys import make_log_keys
from tuidang.registry.transparency.trust import write_trust
from tuidang.registry.vault.actions import make_recovery, renew_ring
from tuidang.registry.vault.months import month_of, next_month
from tuidang.registry.vault.models import RingKey

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
    migrate()
    make_log_keys()
    secret = make_recovery()
    today = datetime.now(UTC).date()
    files = make_first_volunteers(today) if settings.DEMONSTRATION else ()
    make_rings(today)
    write_trust(today)
    return Made(recovery_secret=secret, login_files=files)


def migrate() -> None:
    """Apply migrations that are not applied yet; ask first, since asking is ten times faster."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)


def make_rings(today: date) -> None:
    """Make this month's and next month's key of the review ring, where there is none."""
    for month in (month_of(today), next_month(today)):
        if not RingKey.objects.filter(ring=RingKey.Ring.REVIEW, month=month).exists():
            renew_ring(RingKey.Ring.REVIEW, month, by=REGISTRY, day=today)


def make_first_volunteers(today: date) -> tuple[Path, ...]:
    """Enrol two demonstration volunteers, if there is nobody yet, and write their logins."""
    files = tuple(settings.DATA / name for _, name in FIRST_VOLUNTEERS)
    if not Volunteer.objects.exists():
        for (username, _), path in zip(FIRST_VOLUNTEERS, files, strict=True):
            credentials = enrol(username, alias=username.title(), by=REGISTRY, day=today)
            write_login(path, credentials)
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
