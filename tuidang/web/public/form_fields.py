# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parts of the form that repeat: people, and the choices that belong to them.

They hold what was typed, to show it again, and what is wrong with it. A receipt code is
never among what they show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from tuidang.pure.receipt import contains_code
from tuidang.pure.receipt.codes import SYMBOLS
from tuidang.web.shared.choices import CONSENTS, KINDS, ORGANIZATIONS, SPEAKERS, options

Typed = Mapping[str, list[str]]


def typed_one(typed: Typed, name: str) -> str:
    """Give the one value of a field, with plain line breaks; "" where it was left out."""
    return typed.get(name, [""])[-1].replace("\r\n", "\n")


def shown(typed: Typed, name: str) -> str:
    """Give a field's value for showing it again: nothing where it holds a receipt code."""
    value = typed_one(typed, name)
    return "" if holds_code(value) else value


def holds_code(value: str) -> bool:
    """Say whether a field holds a receipt code; most fields are too short to ask."""
    return len(value) >= SYMBOLS and contains_code(value)


@dataclass
class Group:
    """One fieldset: a person, the unnamed, or a pasted list, with their common choices."""

    place: str
    title: str = ""
    name: str = ""
    kind: str = "alias"  # who does not choose has claimed less than a real name
    orgs: list[str] = field(default_factory=list)
    by: str = "self"
    consent: str = ""
    may_be_self: bool = True
    problems: dict[str, list[str]] = field(default_factory=dict)

    @property
    def shown_name(self) -> str:
        """The name for showing it again: nothing where it holds a receipt code."""
        return "" if holds_code(self.name) else self.name

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds of name on offer."""
        return options(KINDS)

    @property
    def organizations(self) -> list[tuple[str, str]]:
        """The organisations on offer."""
        return options(ORGANIZATIONS)

    @property
    def speakers(self) -> list[tuple[str, str]]:
        """Who may be speaking for this person."""
        return options(SPEAKERS, leave_out="" if self.may_be_self else "self")

    @property
    def consents(self) -> list[tuple[str, str]]:
        """What an absent person may have agreed to; the first choice is none."""
        return [("", gettext("– please choose –")), *options(CONSENTS)]

    @property
    def empty(self) -> bool:
        """Say whether nobody was typed here. Choices that are preset do not count."""
        return not self.name.strip() and not self.orgs

    def chosen(self) -> dict[str, object]:
        """Give the choices in the words of the interface; who speaks for self needs no consent."""
        values: dict[str, object] = {"organizations": self.orgs, "declared_by": self.by}
        return {**values, "consent": self.consent} if self.consent and self.by != "self" else values

    def person(self) -> dict[str, object]:
        """Give this person in the words of the interface."""
        return {"name": self.name, "kind": self.kind, **self.chosen()}


def read_group(typed: Typed, place: str, *, title: str = "", by: str, may_be_self: bool) -> Group:
    """Read one group as it was typed; `by` is preset where nothing was sent."""
    return Group(
        place=place,
        title=title,
        name=typed_one(typed, f"{place}-name"),
        kind=typed_one(typed, f"{place}-kind") or "alias",
        orgs=list(typed.get(f"{place}-orgs", [])),
        by=typed_one(typed, f"{place}-by") or by,
        consent=typed_one(typed, f"{place}-consent"),
        may_be_self=may_be_self,
    )
