# SPDX-License-Identifier: Apache-2.0
"""Openings: what the declarant holds, and shows as much of as they wish.

An opening keeps all six digests, so that fields may be left out and the commitment still
be recomputed. Verifying raises. It must never be stored by the registry in the clear: it
is all that stands between a leaf and a name.

Source: `transparency-log.md` section 2. The JSON form is ours and has one spelling only.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tuidang.pure.ledger.commitments import (
    CLASS_FIELD,
    FIELD_SALT_SIZE,
    FIELDS,
    ORGS_FIELD,
    SALT_SIZE,
    commitment,
    field_digest,
)
from tuidang.pure.ledger.entries import CARRIED_OVER, CLASS_WITHHELD, WITHHELD, Counted
from tuidang.pure.merkle.canonical import from_base64, to_base64
from tuidang.pure.merkle.errors import FormatError


class OpeningError(FormatError):
    """An opening is malformed or does not open this commitment."""


@dataclass(frozen=True, slots=True)
class ShownField:
    """Field `j` (1 to 6) with its 16-byte salt; an empty value says that it is absent."""

    j: int
    salt: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Opening:
    """The 32-byte salt of a leaf, its six digests, and the fields that are shown."""

    salt: bytes
    digests: tuple[bytes, ...]
    shown: tuple[ShownField, ...] = ()

    def __post_init__(self) -> None:
        numbers = [field.j for field in self.shown]
        if numbers != sorted(set(numbers) & set(range(1, FIELDS + 1))):
            raise OpeningError("fields_out_of_order", "the shown fields do not ascend")
        sizes = [len(self.salt), *(len(field.salt) for field in self.shown)]
        if sizes != [SALT_SIZE] + [FIELD_SALT_SIZE] * len(self.shown):
            raise OpeningError("salt_size", "a salt has the wrong size")
        if [len(each) for each in self.digests] != [32] * FIELDS:
            raise OpeningError("digest_size", "an opening has six digests of 32 bytes")

    @classmethod
    def of(cls, salt: bytes, salts: Sequence[bytes], values: Sequence[bytes]) -> Self:
        """Return the opening that shows everything; salts and values are six each."""
        numbered = zip(range(1, FIELDS + 1), salts, values, strict=True)
        shown = tuple(ShownField(*each) for each in numbered)
        digests = tuple(field_digest(each.j, each.salt, each.value) for each in shown)
        return cls(salt, digests, shown)

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Return the opening whose `to_json` is exactly these bytes; OpeningError if none."""
        try:
            opening = cls._from_object(json.loads(data))
        except (TypeError, KeyError, AttributeError, ValueError, RecursionError) as error:
            raise OpeningError("opening_malformed", "not an opening") from error
        if opening.to_json() != data:
            raise OpeningError("opening_not_canonical", "an opening in a second spelling")
        return opening

    @classmethod
    def _from_object(cls, found: dict[str, Any]) -> Self:
        return cls(
            from_base64(found["salt"]),
            tuple(from_base64(each) for each in found["digests"]),
            tuple(
                ShownField(int(each["j"]), from_base64(each["salt"]), from_base64(each["value"]))
                for each in found["shown"]
            ),
        )

    def to_json(self) -> bytes:
        """Return compact JSON with sorted keys; binary values in standard base64."""
        shown = [
            {"j": each.j, "salt": to_base64(each.salt), "value": to_base64(each.value)}
            for each in self.shown
        ]
        whole = {
            "digests": [to_base64(each) for each in self.digests],
            "salt": to_base64(self.salt),
            "shown": shown,
        }
        return json.dumps(whole, sort_keys=True, separators=(",", ":")).encode("ascii")

    def only(self, fields: Iterable[int]) -> "Opening":
        """Return an opening that shows no more than these fields."""
        wanted = set(fields)
        shown = tuple(each for each in self.shown if each.j in wanted)
        return Opening(self.salt, self.digests, shown)

    def value(self, j: int) -> bytes:
        """Return a shown value, unverified; OpeningError if field `j` is not shown."""
        for each in self.shown:
            if each.j == j:
                return each.value
        raise OpeningError("field_not_shown", f"field {j} is not shown")

    def commitment(self, origin: str) -> bytes:
        """Return the commitment of these digests in the log of this origin."""
        return commitment(origin, self.salt, self.digests)

    def verify(self, origin: str, commitment: bytes) -> None:
        """Check that this opens the commitment and that every shown value is true.

        Raises OpeningError.
        """
        if self.commitment(origin) != commitment:
            raise OpeningError("commitment_differs", "the opening belongs to another leaf")
        for each in self.shown:
            if field_digest(each.j, each.salt, each.value) != self.digests[each.j - 1]:
                raise OpeningError("field_differs", f"field {each.j} is not what was declared")

    def verify_counted(self, origin: str, entry: Counted) -> None:
        """Check that this opens a D entry and that its public bytes say no other than it.

        Organisations and class must be shown; in the entry each may be withheld instead.
        Raises OpeningError.
        """
        self.verify(origin, entry.commitment)
        orgs, class_ = self.value(ORGS_FIELD), self.value(CLASS_FIELD)
        if entry.orgs != WITHHELD and orgs != bytes([entry.orgs]):
            raise OpeningError("orgs_differ", "the leaf names other organisations")
        withheld = entry.class_ & ~CARRIED_OVER == CLASS_WITHHELD
        if not withheld and class_ != bytes([entry.class_]):
            raise OpeningError("class_differs", "the leaf names another class")
