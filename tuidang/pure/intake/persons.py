# SPDX-License-Identifier: Apache-2.0
"""The people of a declaration: listed ones, unnamed ones, and the leaves they may become.

Values only, written to JSON and read back strictly. A repr here must never show a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from tuidang.pure.intake.organizations import organization_byte, organization_words
from tuidang.pure.ledger.entries import OTHER_NAMED, SELF_ALIAS, SELF_NAMED

Kind = Literal["real", "alias"]
DeclaredBy = Literal["self", "relative", "friend", "collector"]
Consent = Literal["asked", "agreed", "unasked"]

KINDS: tuple[Kind, ...] = ("real", "alias")
DECLARED_BY: tuple[DeclaredBy, ...] = ("self", "relative", "friend", "collector")
CONSENTS: tuple[Consent, ...] = ("asked", "agreed", "unasked")

_Choice = TypeVar("_Choice", bound=str)


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """One listed person; `organizations` is the byte of the leaf, 0 for "not specified".

    `consent` is None for oneself and given for everybody else.
    """

    name: str
    kind: Kind
    organizations: int
    declared_by: DeclaredBy
    consent: Consent | None

    def __repr__(self) -> str:
        return f"Person(kind={self.kind}, declared_by={self.declared_by})"

    @property
    def klass(self) -> int:
        """The class of this person's leaf: 0, 1 or 2 (log spec, section 2)."""
        if self.declared_by != "self":
            return OTHER_NAMED
        return SELF_NAMED if self.kind == "real" else SELF_ALIAS

    def values(self) -> dict[str, object]:
        """Give the fields under the words of the interface."""
        values: dict[str, object] = {
            "name": self.name,
            "kind": self.kind,
            "organizations": list(organization_words(self.organizations)),
            "declared_by": self.declared_by,
        }
        return {**values, "consent": self.consent} if self.consent else values

    @classmethod
    def from_values(cls, values: object) -> "Person":
        """Read what `values` gave; anything else raises ValueError, TypeError or KeyError."""
        fields = read_object(values)
        consent = read_choice(fields["consent"], CONSENTS) if "consent" in fields else None
        return cls(
            name=read_text(fields["name"]),
            kind=read_choice(fields["kind"], KINDS),
            organizations=_read_organizations(fields["organizations"]),
            declared_by=read_choice(fields["declared_by"], DECLARED_BY),
            consent=consent,
        )


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A number of persons without names, who share organisations and consent."""

    count: int
    organizations: int
    declared_by: DeclaredBy
    consent: Consent

    def values(self) -> dict[str, object]:
        """Give the fields under the words of the interface."""
        return {
            "count": self.count,
            "organizations": list(organization_words(self.organizations)),
            "declared_by": self.declared_by,
            "consent": self.consent,
        }

    @classmethod
    def from_values(cls, values: object) -> "Unnamed":
        """Read what `values` gave; anything else raises ValueError, TypeError or KeyError."""
        fields = read_object(values)
        return cls(
            count=read_number(fields["count"]),
            organizations=_read_organizations(fields["organizations"]),
            declared_by=read_choice(fields["declared_by"], DECLARED_BY),
            consent=read_choice(fields["consent"], CONSENTS),
        )


@dataclass(frozen=True, slots=True)
class Head:
    """One leaf-to-be: a listed person, or one of the unnamed.

    `number` counts from 1 and is the person number of the receipt code's keys. `name` is
    empty for the unnamed. Not `countable` is who could not be asked: recorded, never counted.
    """

    number: int
    name: str
    organizations: int
    klass: int
    countable: bool

    def __repr__(self) -> str:
        return f"Head(number={self.number}, klass={self.klass})"


def read_object(value: object) -> Mapping[str, object]:
    """Insist on a JSON object."""
    if not isinstance(value, dict):
        raise TypeError("no object")
    return value


def read_text(value: object) -> str:
    """Insist on a text that is not empty: empty ones are left out when written."""
    if not isinstance(value, str) or not value:
        raise TypeError("no text")
    return value


def read_number(value: object) -> int:
    """Insist on a whole number above zero; True is none, whatever Python says."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise TypeError("no number")
    return value


def read_choice(value: object, choices: tuple[_Choice, ...]) -> _Choice:
    """Insist on one of the words offered."""
    for choice in choices:
        if value == choice:
            return choice
    raise ValueError("not offered")


def _read_organizations(value: object) -> int:
    if not isinstance(value, list):
        raise TypeError("no list")
    return organization_byte(value)
