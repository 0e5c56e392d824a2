# SPDX-License-Identifier: AGPL-3.0-or-later
"""A desk with two volunteers and a ring, and declarations that say they are samples."""

import base64
import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps

from tuidang.pure.intake.declaration import Declaration as Body
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code, DeclarantKeys
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.actions import create_member, open_member, renew_ring
from tuidang.registry.vault.unlocked import Unlocked

DAY = date(2026, 7, 14)
NOW = datetime(2026, 7, 14, 12, 0, tzinfo=UTC)
ORIGIN = "example.org/registry"
ROOMS = ("audit", "vault", "transparency", "declarations", "tally", "accounts", "review")


@dataclass(frozen=True)
class Seat:
    """A volunteer as a doer, with the ring open."""

    doer: Doer
    unlocked: Unlocked


@dataclass(frozen=True)
class Desk:
    """Two volunteers, both of whom open the ring of July 2026."""

    first: Seat
    second: Seat

    def opened(self, row: Declaration) -> actions.Opened:
        """Open a declaration with the first volunteer's keys."""
        return actions.open_sealed(row, self.first.unlocked)

    def accept(self, row: Declaration, **facts: Any) -> Declaration:
        """Accept a declaration as the first volunteer."""
        facts = {"by": self.first.doer, "manner": "single", "day": DAY} | facts
        return actions.accept(row, self.opened(row), **facts)


def make_desk() -> Desk:
    """Make the ring and the two who open it."""
    passphrases = ("sample one", "sample two")
    members = [create_member(uuid.uuid4(), each, by=REGISTRY, day=DAY) for each in passphrases]
    renew_ring("review", "2026-07", by=REGISTRY, day=DAY)
    seats = [
        Seat(Doer(member.id, f"Sample {number}"), open_member(member.id, passphrase))
        for number, (member, passphrase) in enumerate(zip(members, passphrases, strict=True), 1)
    ]
    return Desk(*seats)


def person(name: str = "样本甲", **fields: Any) -> dict[str, Any]:
    """Return a person of the interface who declares for themselves, unless told otherwise."""
    usual = {"kind": "real", "organizations": ["party"], "declared_by": "self"}
    return {"name": name, **usual, **fields}


def other(name: str, consent: str = "agreed", **fields: Any) -> dict[str, Any]:
    """Return a person of the interface whom a relative declares."""
    return person(name, declared_by="relative", consent=consent, **fields)


def unnamed(count: int, consent: str = "agreed") -> dict[str, Any]:
    """Return a number of persons without names."""
    others = {"count": count, "organizations": ["unspecified"], "declared_by": "friend"}
    return {**others, "consent": consent}


def body(*persons: dict[str, Any], **fields: Any) -> Body:
    """Return a checked declaration of these persons, of 样本甲 alone if there are none."""
    usual = {"language": "zh-Hans", "show": "count", "idempotency_key": "k" * 22}
    listed = list(persons) if persons or "unnamed" in fields else [person()]
    return parse_declaration({**usual, "persons": listed, **fields}, today=DAY)


def new_key() -> str:
    """Return a fresh idempotency key."""
    return secrets.token_urlsafe(16)


def hand_in(declaration: Body | None = None, **facts: Any) -> tuple[Declaration, Code]:
    """Hand a declaration in under a fresh key; return its row and its code."""
    facts = {"idempotency_key": new_key(), "channel": "web", "day": DAY} | facts
    code = actions.receive(declaration or body(), **facts)
    row = actions.find(code)
    assert row is not None
    return Declaration.objects.get(pk=row.pk), code


def secret_forms(code: Code, persons: int = 1) -> Iterator[bytes]:
    """Give everything that must not be found anywhere: the code's spellings and its keys."""
    spellings = (code.digits(), code.english(), code.chinese(), code.chinese(traditional=True))
    for spelling in spellings:
        yield spelling.encode()
        yield spelling.replace(" ", "").encode()
    keys = DeclarantKeys(code, ORIGIN)
    values = [code.random, keys.lookup, keys.mailbox_secret]
    for number in range(1, persons + 1):
        values += [keys.holder_seed(number), keys.holder_public(number), keys.identity_key(number)]
    for value in values:
        yield from (value, value.hex().encode(), base64.b64encode(value))


def text_forms(*texts: str) -> Iterator[bytes]:
    """Give texts in the encodings in which they might have been written."""
    for text in texts:
        yield from (text.encode(), text.encode("utf-16-le"), text.encode("gb18030"))
        yield text.encode("unicode_escape")


def all_columns() -> bytes:
    """Return every value of every table of the registry, one after the other."""
    parts = [
        value if isinstance(value, bytes) else str(value).encode()
        for room in ROOMS
        for model in apps.get_app_config(room).get_models()
        for row in model._default_manager.values_list()
        for value in (bytes(v) if isinstance(v, memoryview) else v for v in row)
    ]
    return b"\n".join(parts)


def found_in(haystack: bytes, needles: Iterable[bytes]) -> list[bytes]:
    """Return those of the needles that the bytes hold."""
    return [needle for needle in needles if needle in haystack]
