# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample declarations for the office's queue; every name and text says that it is a sample."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code
from tuidang.registry.declarations.actions import find, receive
from tuidang.registry.declarations.models import Declaration

TEXT = "样本文字，不是真实声明。这一段只用来试验相似的文字怎样放在一起，没有别的意思。"


def today() -> date:
    """Return the day on which the samples come in."""
    return datetime.now(UTC).date()


def declare(
    *names: str,
    statement: str = "",
    unnamed: int = 0,
    language: str = "zh-Hans",
    more: Mapping[str, object] | None = None,
) -> Declaration:
    """Take in a sample declaration of these persons, with `more` fields, and return its row."""
    fields: dict[str, Any] = {
        "language": language,
        "show": "count",
        "persons": _persons(names),
        "idempotency_key": secrets.token_urlsafe(16),
    }
    if statement:
        fields["statement"] = statement
    if unnamed:
        fields["unnamed"] = {
            "count": unnamed,
            "organizations": ["unspecified"],
            "declared_by": "friend",
            "consent": "agreed",
        }
    return row_of(_receive({**fields, **(more or {})}))


def row_of(code: Code) -> Declaration:
    """Return the row of a code that is known to exist."""
    row = find(code)
    assert row is not None
    return row


def _receive(fields: dict[str, Any]) -> Code:
    body = parse_declaration(fields, today=today())
    return receive(body, idempotency_key=fields["idempotency_key"], channel="web", day=today())


def _persons(names: Sequence[str]) -> list[dict[str, Any]]:
    """Let the first speak for themselves and for all others."""
    first, *others = names
    return [
        {"name": first, "kind": "alias", "organizations": ["league"], "declared_by": "self"},
        *(
            {
                "name": name,
                "kind": "alias",
                "organizations": ["pioneers"],
                "declared_by": "relative",
                "consent": "agreed",
            }
            for name in others
        ),
    ]
