# SPDX-License-Identifier: AGPL-3.0-or-later
"""The second factor: six digits that change every 30 seconds (TOTP, RFC 6238).

The secret lies in the volunteer's row, locked under the host's secret and to that volunteer.
It is an addition to the passphrase: no code opens any key.
"""

import hmac
import unicodedata
from datetime import datetime
from uuid import UUID

import pyotp

from tuidang.registry.vault.host_keys import host_subkey
from tuidang.registry.vault.wrapping import lock, unlock

STEP_SECONDS = 30
# One step either way, for clocks that differ and people who type slowly (RFC 6238, section 5.2).
DRIFT = (0, -1, 1)


def new_secret() -> str:
    """Return 160 random bits as base32, the form in which authenticators take them."""
    return pyotp.random_base32(length=32)


def lock_secret(secret: str, volunteer: UUID) -> bytes:
    """Lock a secret for the volunteer's row."""
    return lock(_key(), secret.encode(), volunteer.bytes)


def unlock_secret(box: bytes, volunteer: UUID) -> str:
    """Open a volunteer's secret; raise vault's Unopenable for another's box or another host."""
    return unlock(_key(), box, volunteer.bytes).decode()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the 30-second step, counted from 1970, whose code this is; None if none near fits."""
    typed = "".join(unicodedata.normalize("NFKC", code).split())
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in (current + drift for drift in DRIFT):
        expected = generator.at(step * STEP_SECONDS)
        if hmac.compare_digest(expected.encode(), typed.encode()):
            return step
    return None


def _key() -> bytes:
    return host_subkey("office", "tuidang/accounts/totp/v1")
