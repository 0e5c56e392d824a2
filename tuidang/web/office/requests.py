# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a request of a signed-in volunteer carries, and what its fields say."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest

from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.audit.doers import Doer
from tuidang.registry.review.errors import NothingThere
from tuidang.registry.vault.unlocked import Unlocked
from tuidang.web.office.words import NOT_COUNTED

NOT_COUNTED_FIELD = "not_counted_"
# More persons than a declaration can have; a longer number is no number of a person.
_DIGITS = 3


def unlocked(request: HttpRequest) -> Unlocked:
    """Return the ring keys that this session has open; the middleware has seen to them."""
    return cast(Unlocked, request.unlocked)  # type: ignore[attr-defined]


def doer(request: HttpRequest) -> Doer:
    """Return who is signed in, as the registry knows them."""
    return cast(Volunteer, request.user).doer()


def now(request: HttpRequest) -> datetime:
    """Return the moment of this request, the same for all that it does."""
    return cast(datetime, request.now)  # type: ignore[attr-defined]


def today(request: HttpRequest) -> date:
    """Return the day of this request, in UTC as everything that is recorded."""
    return now(request).astimezone(UTC).date()


def read_ids(values: Iterable[str]) -> list[UUID]:
    """Read ids; one that is none belongs to no declaration (NothingThere)."""
    try:
        return [UUID(each) for each in dict.fromkeys(values)]
    except ValueError:
        raise NothingThere from None


def read_not_counted(request: HttpRequest, size: int) -> dict[int, str]:
    """Read who is not to be counted and why; leave out what the page did not offer."""
    chosen = {}
    for name, reason in request.POST.dict().items():
        number = name.removeprefix(NOT_COUNTED_FIELD)
        if number == name or not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
            continue
        if reason in NOT_COUNTED and 1 <= int(number) <= size:
            chosen[int(number)] = str(reason)
    return chosen
