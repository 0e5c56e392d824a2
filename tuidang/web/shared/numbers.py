# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers as people read them in each language."""

from django.utils.translation import gettext

_WAN = 10_000
_YI = 100_000_000


def said_number(number: int) -> str:
    """Write a whole number in groups of three, as all three languages do in tables."""
    return f"{number:,}".replace("-", "−")


def said_roughly(number: int, language: str) -> str:
    """Say a large number in the units in which Chinese readers think; "" where none is needed."""
    if language == "en" or number < _WAN:
        return ""
    unit, words = (_YI, gettext("about %(number)s yi")) if number >= _YI else (
        _WAN, gettext("about %(number)s wan")
    )  # fmt: skip
    return words % {"number": f"{number / unit:.4g}"}
