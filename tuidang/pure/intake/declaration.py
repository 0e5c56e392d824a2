# SPDX-License-Identifier: Apache-2.0
"""A declaration that has passed the rules.

Values only: whoever builds one has checked it (`rules.parse_declaration`), or reads back
what such a one wrote (`stored.from_json`). No repr here may show a name or a text, so
that no log line or error page can. What a reviewer must never see, the earlier receipt code
and the legal name, never goes into what is stored (`Declaration.to_json`).
"""

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from tuidang.pure.intake.persons import (
    CONSENTS,
    DECLARED_BY,
    KINDS,
    Head,
    Person,
    Unnamed,
)
from tuidang.pure.ledger.entries import OTHER_UNNAMED
from tuidang.pure.receipt import Code

__all__ = [
    "CONSENTS",
    "DECLARED_BY",
    "KINDS",
    "LANGUAGES",
    "MAX_PERSONS",
    "MAX_STATEMENT",
    "SHOWS",
    "Bind",
    "Declaration",
    "Head",
    "Person",
    "Place",
    "Unnamed",
]

Show = Literal["count", "text", "text_and_name"]
Language = Literal["zh-Hans", "zh-Hant", "en"]

SHOWS: tuple[Show, ...] = ("count", "text", "text_and_name")
LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")

MAX_PERSONS = 500
MAX_STATEMENT = 5_000
LOOKUP_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class Place:
    """A country (ISO 3166, two letters), perhaps a province; nothing finer is kept."""

    country: str
    province: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Bind:
    """A legal name as in the passport's zone (ICAO 9303) and a birth date as YYYYMMDD."""

    legal_name: str
    birth_date: str


@dataclass(frozen=True, slots=True, repr=False)
class Declaration:
    """What somebody declared, complete and checked.

    `earlier_receipt` and `bind` live only until the commitments are computed: they take no
    part in equality and are not written by `to_json`. Of the earlier receipt remains that
    there was one, and its lookup value if `with_earlier_lookup` gave it. `counted_before` says
    that somebody declares anew who is counted already, by an earlier statement or a list.
    """

    language: Language
    show: Show
    persons: tuple[Person, ...]
    unnamed: Unnamed | None = None
    statement: str = ""
    place: Place | None = None
    stated_on: date | None = None
    total: int | None = None
    declared_before: bool = False
    counted_before: bool = False
    earlier_lookup: bytes = b""
    earlier_receipt: Code | None = field(default=None, compare=False)
    bind: Bind | None = field(default=None, compare=False)

    def __repr__(self) -> str:
        return f"Declaration(size={self.size})"

    @property
    def size(self) -> int:
        """How many persons it declares, named and unnamed, counted or not: 1 to 500."""
        return len(self.persons) + (self.unnamed.count if self.unnamed else 0)

    @property
    def self_number(self) -> int | None:
        """The number (from 1) of the person who declares for themselves, if one does."""
        for number, person in enumerate(self.persons, 1):
            if person.declared_by == "self":
                return number
        return None

    @property
    def is_collected(self) -> bool:
        """Whether the code is in the hands of a collector, who declares only for others."""
        collected = any(person.declared_by == "collector" for person in self.persons)
        return collected and self.self_number is None

    @property
    def anew(self) -> tuple[int, ...]:
        """The persons (from 1) who declare anew where an earlier declaration counts already.

        Who declares anew for themselves brings the others for the first time.
        """
        own = self.self_number
        return (own,) if own else tuple(range(1, self.size + 1))

    def people(self) -> Iterator[Head]:
        """Give every leaf-to-be: the listed persons in their order, then each unnamed one."""
        for number, person in enumerate(self.persons, 1):
            countable = person.consent != "unasked"
            yield Head(number, person.name, person.organizations, person.klass, countable)
        if self.unnamed:
            countable = self.unnamed.consent != "unasked"
            for number in range(len(self.persons) + 1, self.size + 1):
                yield Head(number, "", self.unnamed.organizations, OTHER_UNNAMED, countable)

    def with_earlier_lookup(self, lookup: bytes) -> "Declaration":
        """Exchange the earlier receipt code for its lookup value (32 bytes), for the review."""
        if len(lookup) != LOOKUP_BYTES:
            raise ValueError(f"a lookup value has {LOOKUP_BYTES} bytes")
        return dataclasses.replace(self, earlier_receipt=None, earlier_lookup=lookup)

    def canonical_body(self) -> bytes:
        """Write everything that was declared as deterministic JSON, for the receipt code.

        Sorted keys, no spaces, UTF-8; the idempotency key is not in it (intake spec,
        section 2). It holds the legal name and an earlier code: hash it, never keep it.
        """
        values = self._values()
        if self.bind:
            values["bind"] = [self.bind.legal_name, self.bind.birth_date]
        if self.earlier_receipt:
            values["earlier_receipt"] = self.earlier_receipt.random.hex()
        return _canonical_json(values)

    def to_json(self) -> bytes:
        """Write what a reviewer needs, for sealing: no receipt code, no legal name."""
        return _canonical_json(self._values())

    def _values(self) -> dict[str, object]:
        """Collect the values under the words of the interface; absent ones are left out."""
        values: dict[str, object] = {
            "language": self.language,
            "show": self.show,
            "persons": [person.values() for person in self.persons],
            "unnamed": self.unnamed.values() if self.unnamed else None,
            "statement": self.statement,
            "place": dataclasses.asdict(self.place) if self.place else None,
            "stated_on": self.stated_on.isoformat() if self.stated_on else None,
            "total": self.total,
            "declared_before": self.declared_before,
            "counted_before": self.counted_before,
            "earlier_lookup": self.earlier_lookup.hex(),
        }
        return {name: value for name, value in values.items() if value or name == "persons"}


def _canonical_json(values: Mapping[str, object]) -> bytes:
    """Write JSON in the one form that equal values share: sorted keys, no spaces, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
