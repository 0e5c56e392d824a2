# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door's one look at the clock. What it finds must never be stored finer than a day."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
