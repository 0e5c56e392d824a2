# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is sealed to the certificate office: what was applied for, and what was checked.

It ties a legal name to a declaration, so it lives for one answer and must never be stored,
logged or cached in the clear; no repr shows it.
"""

import json
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self

from tuidang.pure.credential.claims import DeclaredAs, IdentityCheck
from tuidang.pure.credential.face import Script
from tuidang.pure.ledger.commitments import CLASS_FIELD, HOLDER, NAME, ORGS_FIELD
from tuidang.pure.ledger.entries import SELF_ALIAS, SELF_NAMED
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.canonical import from_base64, to_base64
from tuidang.registry.certificates.second_word import WordKey

_BYTES = {"nullifier", "identity_key"}
_KEYS = {"second_word", "link_word"}
_OPENINGS = {"d_opening", "l_opening"}
_DAYS = {"birth_date", "stated_on", "needed_by"}


@dataclass(frozen=True, slots=True, repr=False)
class Applied:
    """One application, complete; `legal_name` is canonical.

    `d_opening` shows what the office has to see: organisations, class and holder, the name if
    it is a real one or to be printed, the binding if it opens. `identity_key` is empty unless
    it opens with this name and birth date. `second_word` locks the finished certificate,
    `link_word` the piece about the link: a key that the very name and birth date give.
    """

    legal_name: str
    birth_date: date
    relation: str
    chinese_name: str
    show_birth_date: bool
    birth_place: str
    orgs: int
    show_alias: bool
    stated_on: date | None
    needed_by: date | None
    with_proof: bool
    script: Script
    look: str
    replaces: str
    d_opening: Opening
    l_opening: Opening
    nullifier: bytes
    identity_key: bytes
    second_word: WordKey
    link_word: WordKey

    def __repr__(self) -> str:
        return "Applied(…)"

    @property
    def holder(self) -> bytes:
        """The holder's public key, field 5 of the D leaf."""
        return self.d_opening.value(HOLDER)

    @property
    def klass(self) -> int:
        """The class of the leaf."""
        return self.d_opening.value(CLASS_FIELD)[0]

    @property
    def declared_orgs(self) -> int:
        """The organisations that the declaration names for this person."""
        return self.d_opening.value(ORGS_FIELD)[0]

    @property
    def declared_name(self) -> str | None:
        """The name as declared; None where an alias is not to be shown, or there is none."""
        shown = {each.j: each.value for each in self.d_opening.shown}
        return shown.get(NAME, b"").decode() or None

    @property
    def is_bound(self) -> bool:
        """Whether the legal name was fixed on the day of the declaration."""
        return bool(self.identity_key)

    @property
    def birth_digits(self) -> str:
        """The birth date as the log has it: YYYYMMDD."""
        return f"{self.birth_date:%Y%m%d}"

    def declared_as(self) -> DeclaredAs:
        """Say how the declaration was made; the alias only if the holder wants it."""
        kind = {SELF_NAMED: 0, SELF_ALIAS: 1}.get(self.klass, 2)
        return DeclaredAs(kind, self.declared_name if kind and self.show_alias else None)

    def to_json(self) -> bytes:
        """Write it for sealing."""
        values = {each.name: _written(getattr(self, each.name)) for each in fields(self)}
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(data)
        return cls(**{name: _read(name, value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Checked:
    """What a volunteer recorded when preparing: the identity check."""

    check: IdentityCheck

    def to_json(self) -> bytes:
        """Write it for sealing."""
        day = self.check.day.isoformat() if self.check.day else None
        values = {"code": self.check.code, "document": self.check.document, "day": day}
        return json.dumps(values, sort_keys=True, separators=(",", ":")).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(data)
        day = date.fromisoformat(values["day"]) if values["day"] else None
        return cls(IdentityCheck(values["code"], values["document"], day))


def link_word(legal_name: str, birth_date: date) -> str:
    """Return what locks the piece about a link in the mailbox: who does not know it, guesses."""
    return f"{legal_name} {birth_date:%Y%m%d}"


def _written(value: Any) -> Any:
    if isinstance(value, bytes):
        return to_base64(value)
    if isinstance(value, WordKey):
        return value.to_list()
    if isinstance(value, Opening):
        return value.to_json().decode("ascii")
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    if name in _BYTES:
        return from_base64(value)
    if name in _KEYS:
        return WordKey.from_list(value)
    if name in _OPENINGS:
        return Opening.from_json(value.encode("ascii"))
    return date.fromisoformat(value) if value and name in _DAYS else value
