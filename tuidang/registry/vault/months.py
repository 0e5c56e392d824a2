# SPDX-License-Identifier: AGPL-3.0-or-later
"""Months as ring keys count them: YYYY-MM by the UTC day on which something came in."""

from datetime import date, timedelta


def month_of(day: date) -> str:
    """Return the month whose ring key a day uses, as YYYY-MM."""
    return f"{day:%Y-%m}"


def next_month(day: date) -> str:
    """Return the month after the day's, as YYYY-MM."""
    return month_of(day.replace(day=1) + timedelta(days=31))
