# SPDX-License-Identifier: Apache-2.0
"""The people of a declaration: listed ones, unnamed ones, and the leaves they may become.

Values only (read back in `stored`). A repr here must never show a name.
"""

from dataclasses import dataclass
from typing import Literal

from tuidang.pure.intake.organizations import organization_words
from tuidang.pure.ledger.entries import OTHER_NAMED, SELF_ALIAS, SELF_NAMED

Kind = Literal["real", "alias"]
DeclaredBy = Literal["self", "relative", "friend", "collector"]
Consent = Literal["asked", "agreed", "unasked"]

KINDS: tuple[Kind, ...] = ("real", "alias")
DECLARED_BY: tuple[DeclaredBy, ...] = ("self", "relative", "friend", "collector")
CONSENTS: tuple[Consent, ...] = ("asked", "agreed", "unasked")


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
