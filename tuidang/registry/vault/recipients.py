# SPDX-License-Identifier: AGPL-3.0-or-later
"""To whom a ring's month is sealed: the ring and, where there is one, the offline recovery.

Taking a declaration in asks this each time, so the answer is kept in the process for at most
a minute. This room must never answer with the recovery recipient alone: what only a paper in
a drawer opens, no volunteer can review.
"""

import time
from datetime import date
from pathlib import Path

from django.conf import settings

from tuidang.registry.vault.errors import NoRecipient
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.months import month_of

CACHE_SECONDS = 60
RECOVERY_FILE = "recovery.recipient"

# (keys folder, ring, month) -> (good until on the monotonic clock, recipients)
_known: dict[tuple[Path, str, str], tuple[float, tuple[str, ...]]] = {}


def recipients_of(ring: str, day: date) -> tuple[str, tuple[str, ...]]:
    """Return (month, recipients) for what comes in on `day`, or raise NoRecipient."""
    month, folder = month_of(day), Path(settings.KEYS_FOLDER)
    until, recipients = _known.get((folder, ring, month), (0.0, ()))
    now = time.monotonic()
    if now >= until:
        recipients = _look_up(ring, month, folder)
        _known.clear()  # a month that is over is not asked for again
        _known[folder, ring, month] = (now + _seconds(), recipients)
    return month, recipients


def forget_recipients() -> None:
    """Ask the database again at the next seal; for the process that changes a ring key."""
    _known.clear()


def recovery_recipient(folder: Path) -> str | None:
    """Return the offline recipient, None if the installation has none.

    A file that is there but says nothing raises NoRecipient: someone meant to have one.
    """
    try:
        lines = (folder / RECOVERY_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    recipients = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if len(recipients) != 1:
        raise NoRecipient
    return recipients[0]


def _look_up(ring: str, month: str, folder: Path) -> tuple[str, ...]:
    ring_key = RingKey.objects.filter(ring=ring, month=month).only("recipient").first()
    recovery = recovery_recipient(folder)
    if ring_key is None:
        raise NoRecipient
    return (ring_key.recipient, recovery) if recovery else (ring_key.recipient,)


def _seconds() -> float:
    return float(getattr(settings, "RECIPIENT_CACHE_SECONDS", CACHE_SECONDS))
