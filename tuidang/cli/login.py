# SPDX-License-Identifier: AGPL-3.0-or-later
"""A volunteer's login for a command: asked for, or from a file that a demonstration makes.

A code works once, so a command that follows another within half a minute takes the next one.
Nothing here prints or keeps a passphrase.
"""

import json
import time
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuidang.registry.accounts.models import Volunteer
    from tuidang.registry.vault.unlocked import Unlocked

STEP_SECONDS = 30
# The door accepts a code that is one step early; so we need not wait for it to begin.
STEPS_EARLY = 1
ATTEMPTS = 3


def sign_in(login: Path | None) -> "tuple[Volunteer, Unlocked]":
    """Return the volunteer and their open keys; raise SignInRefused, OSError or ValueError."""
    from tuidang.registry.accounts import actions

    if login is not None:
        return _sign_in_by_file(json.loads(login.read_bytes()))
    username = input("User name: ")
    passphrase, code = getpass("Passphrase: "), getpass("Code: ")
    return actions.sign_in(username, passphrase, code, now=datetime.now(UTC))


def next_step(last_used: int, now: float) -> tuple[int, float]:
    """Return the next step (30 s, from 1970) whose code is unused, and how long to wait for it."""
    step = max(int(now) // STEP_SECONDS, last_used + 1)
    return step, max(0.0, (step - STEPS_EARLY) * STEP_SECONDS - now)


def _sign_in_by_file(login: dict[str, str]) -> "tuple[Volunteer, Unlocked]":
    import pyotp

    from tuidang.registry.accounts import actions
    from tuidang.registry.accounts.errors import SignInRefused

    generator = pyotp.TOTP(login["totp_secret"], interval=STEP_SECONDS)
    for _ in range(ATTEMPTS):
        step, wait = next_step(_last_used(login["username"]), time.time())
        time.sleep(wait)
        code, now = generator.at(step * STEP_SECONDS), datetime.fromtimestamp(time.time(), UTC)
        try:
            return actions.sign_in(login["username"], login["passphrase"], code, now=now)
        except SignInRefused:
            if _last_used(login["username"]) < step:
                raise  # nobody else took the code, so the login is wrong
    raise SignInRefused


def _last_used(username: str) -> int:
    from tuidang.registry.accounts.credentials import plain_username
    from tuidang.registry.accounts.models import Volunteer

    found = Volunteer.objects.filter(username=plain_username(username))
    return found.values_list("totp_last_step", flat=True).first() or 0
