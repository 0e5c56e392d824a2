# SPDX-License-Identifier: Apache-2.0
"""Reading back a declaration that `Declaration.to_json` wrote.

Strict: what would not be written in exactly these bytes is refused, so that nothing can be
slipped into what a reviewer unseals. It must never repair or repeat what it refuses.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from tuidang.pure.intake.declaration import (
    LANGUAGES,
    LOOKUP_BYTES,
    SHOWS,
    Declaration,
    Place,
)
from tuidang.pure.intake.organizations import organization_byte
from tuidang.pure.intake.persons import CONSENTS, DECLARED_BY, KINDS, Person, Unnamed

_Choice = TypeVar("_Choice", bound=str)


class StoredError(ValueError):
    """Bytes that no declaration wrote; they are not repeated."""

    code = "stored_declaration_unreadable"


def from_json(data: bytes) -> Declaration:
    """Read what `Declaration.to_json` wrote, byte for byte; anything else raises StoredError."""
    try:
        declaration = _read(_object(json.loads(data)))
        written = declaration.to_json()
    except (ValueError, TypeError, KeyError, RecursionError):
        raise StoredError("not a stored declaration") from None
    if written != data:
        raise StoredError("not written by to_json")
    return declaration


def _read(values: Mapping[str, object]) -> Declaration:
    """Build a declaration; keys that it does not have are noticed when it is written again."""
    return Declaration(
        language=_choice(values["language"], LANGUAGES),
        show=_choice(values["show"], SHOWS),
        persons=tuple(_person(_object(person)) for person in _list(values["persons"])),
        unnamed=_unnamed(_object(values["unnamed"])) if "unnamed" in values else None,
        statement=_text(values.get("statement", "")),
        place=_place(_object(values["place"])) if "place" in values else None,
        stated_on=date.fromisoformat(_text(values["stated_on"])) if "stated_on" in values else None,
        total=_number(values["total"]) if "total" in values else None,
        declared_before="declared_before" in values,
        counted_before="counted_before" in values,
        earlier_lookup=_lookup(_text(values.get("earlier_lookup", ""))),
    )


def _person(values: Mapping[str, object]) -> Person:
    return Person(
        name=_text(values["name"]),
        kind=_choice(values["kind"], KINDS),
        organizations=organization_byte(map(_text, _list(values["organizations"]))),
        declared_by=_choice(values["declared_by"], DECLARED_BY),
        consent=_choice(values["consent"], CONSENTS) if "consent" in values else None,
    )


def _unnamed(values: Mapping[str, object]) -> Unnamed:
    return Unnamed(
        count=_number(values["count"]),
        organizations=organization_byte(map(_text, _list(values["organizations"]))),
        declared_by=_choice(values["declared_by"], DECLARED_BY),
        consent=_choice(values["consent"], CONSENTS),
    )


def _place(values: Mapping[str, object]) -> Place:
    return Place(_text(values["country"]), _text(values["province"]))


def _lookup(text: str) -> bytes:
    lookup = bytes.fromhex(text)
    if lookup and len(lookup) != LOOKUP_BYTES:
        raise ValueError("not a lookup value")
    return lookup


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("no list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("no number")
    return value


def _choice(value: object, choices: tuple[_Choice, ...]) -> _Choice:
    for choice in choices:
        if value == choice:
            return choice
    raise ValueError("not offered")
