# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample declarations, accepted without a volunteer; every name says that it is a sample."""

import secrets
from datetime import UTC, date, datetime, timedelta

from tuidang.pure.intake.rules import Declaration as Body
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.declarations.actions import accept, find, open_mail, receive
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.declarations.opened import Opened

DAY = date(2026, 3, 2)


def day(number: int) -> date:
    """Return a day of the sample month, counted from 0."""
    return DAY + timedelta(days=number)


def at(number: int, hour: int = 4) -> datetime:
    """Return a moment on that day."""
    return datetime.combine(day(number), datetime.min.time(), UTC) + timedelta(hours=hour)


def sample(
    persons: int, *, on: int = 0, organizations: tuple[str, ...] = ("party",)
) -> tuple[Body, str]:
    """Return a sample declaration and its idempotency key."""
    listed = [
        {
            "name": "样本甲",
            "kind": "alias",
            "organizations": list(organizations),
            "declared_by": "self" if number == 0 else "relative",
            **({} if number == 0 else {"consent": "agreed"}),
        }
        for number in range(persons)
    ]
    key = secrets.token_urlsafe(16)
    fields = {"language": "zh-Hans", "show": "count", "persons": listed, "idempotency_key": key}
    return parse_declaration(fields, today=day(on)), key


def declare(
    persons: int, *, on: int = 0, organizations: tuple[str, ...] = ("party",), manner: str = ""
) -> Code:
    """Take a sample declaration in, and accept it where a manner of review is given."""
    body, key = sample(persons, on=on, organizations=organizations)
    code = receive(body, idempotency_key=key, channel="web", day=day(on))
    if manner:
        accept(row_of(code), Opened(body), by=REGISTRY, manner=manner, day=day(on))
    return code


def row_of(code: Code) -> Declaration:
    """Return the row of a code that is known to exist."""
    row = find(code)
    assert row is not None
    return row


def told(code: Code) -> list[str]:
    """Return the kinds of the proofs in a code's mailbox, beside its own openings."""
    pieces = open_mail(row_of(code), code)
    return sorted(piece.kind for piece in pieces if piece.kind != "openings")
