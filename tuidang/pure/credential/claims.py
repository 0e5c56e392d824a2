# SPDX-License-Identifier: Apache-2.0
"""What a certificate says, as values, and as the map that is signed.

A `Claims` that exists is consistent: what a paper may not say cannot be made. Nothing here may
prove a date, and no error may repeat a value.

Source: `certificates.md` sections 1 and 3; the rules of names are the log's (section 3 there).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from tuidang.pure.credential import claim_rules as rules
from tuidang.pure.credential.claim_rules import ClaimsError, refuse

__all__ = [
    "DOCUMENTS",
    "PRIVATE_CLAIM",
    "Claims",
    "ClaimsError",
    "DeclaredAs",
    "IdentityCheck",
    "NoLaterThan",
    "from_map",
    "to_map",
]

DOCUMENTS = (
    "passport",
    "id_card",
    "travel_document",
    "residence_permit",
    "driving_licence",
    "household_register",
    "other",
)
OWN_NAME, ALIAS, BY_ANOTHER = range(3)
# Whether a check says on which day it was made.
_DAY_OF_CHECK = {"S": {False}, "R": {False}, "V": {True}, "P": {False, True}}
VERSION = 1

ISSUER, ISSUED, PRIVATE_CLAIM = 1, 6, -70001
_OUTER = {ISSUER: (str,), ISSUED: (int,), PRIVATE_CLAIM: (dict,)}
_REQUIRED = frozenset({1, 2, 6, 11, 12, 13})
_KINDS: dict[int, tuple[type, ...]] = {
    1: (str,), 2: (str,), 3: (str,), 4: (int,), 5: (str,), 6: (int,), 7: (list,), 8: (list,),
    9: (bool,), 10: (int,), 11: (list,), 12: (int, list), 13: (list,), 14: (list,), 15: (str,),
    16: (int,),
}  # fmt: skip
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class NoLaterThan:
    """A day (UTC), and whether outside witnesses say so or the registry's own clock."""

    day: date
    witnessed: bool


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """How far the registry looked at who the person is.

    S self-stated, R stated by another, V a volunteer saw a document (one of DOCUMENTS) on a
    day, P two persons vouched, perhaps on a day that is told.
    """

    code: Literal["S", "R", "V", "P"]
    document: str | None = None
    day: date | None = None

    def __post_init__(self) -> None:
        if self.code not in _DAY_OF_CHECK:
            raise ClaimsError("check_code", "an unknown kind of check")
        if (self.document is not None) != (self.code == "V"):
            raise ClaimsError("check_document", "V alone has a document")
        if self.document is not None and self.document not in DOCUMENTS:
            raise ClaimsError("check_document", "an unknown kind of document")
        if (self.day is not None) not in _DAY_OF_CHECK[self.code]:
            raise ClaimsError("check_day", "a day, or none, where it is the other way round")


@dataclass(frozen=True, slots=True)
class DeclaredAs:
    """How the declaration was made: 0 own name, 1 alias, 2 by another person.

    The alias is there only if the holder wants it; `recovered` says that the receipt code was
    lost and the right recovered without it.
    """

    kind: int
    alias: str | None = None
    recovered: bool = False

    def __post_init__(self) -> None:
        if self.kind not in (OWN_NAME, ALIAS, BY_ANOTHER):
            raise ClaimsError("declared_as", "an unknown kind")
        if self.alias is not None:
            refuse(self.kind == OWN_NAME, "declared_as", "no alias was used")
            rules.check_text(self.alias, rules.MAX_ALIAS, "alias")


@dataclass(frozen=True, slots=True)
class Claims:
    """Everything one certificate says; the fields are those of the spec, in its order.

    `number` is stored without hyphens, `latin_name` as in a machine-readable passport. `orgs`
    is 0 (none named) to 7. `received` and `linked` are the days of the R and the L entry; both
    None means that the date proof follows. `status` is the list and the index in it, and
    `commitments` those of the D and the L leaf, without which no proof can be attached.
    """

    issuer: str
    issued: date
    number: str
    latin_name: str
    orgs: int
    check: IdentityCheck
    declared_as: DeclaredAs
    status: tuple[int, int]
    chinese_name: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None
    received: NoLaterThan | None = None
    linked: NoLaterThan | None = None
    bound: bool = False
    stated: date | None = None
    commitments: tuple[bytes, bytes] | None = None
    branch: str | None = None
    version: int = VERSION

    def __post_init__(self) -> None:
        refuse(self.version != VERSION, "version_unknown", "a version that is not known here")
        rules.check_number(self.number)
        rules.check_latin_name(self.latin_name)
        refuse(not self.issuer, "issuer", "an issuer has a name")
        rules.check_text(self.issuer, rules.MAX_ISSUER, "issuer")
        rules.check_text(self.chinese_name, rules.MAX_CHINESE_NAME, "chinese_name")
        rules.check_text(self.birth_place, rules.MAX_PLACE, "birth_place")
        rules.check_text(self.branch, rules.MAX_BRANCH, "branch")
        refuse(not 0 <= self.orgs <= 7, "orgs", "organisations are three bits")
        rules.check_status(self.status)
        self._check_dates()

    def _check_dates(self) -> None:
        follows = self.received is None
        refuse((self.linked is None) != follows, "dates_incomplete", "one date of two")
        refuse(follows and self.bound, "bound_without_date", "bound, but no date is proven yet")
        if self.commitments is not None:
            refuse(follows, "commitments_without_dates", "a proof of no date")
            refuse(self.birth_date is None, "commitments_without_birth_date", "a proof needs it")
            rules.check_commitments(self.commitments)


def to_map(claims: Claims) -> dict[int, Any]:
    """Return the map that is signed, as its keys ascend; what does not apply is left out."""
    inner: dict[int, Any] = {1: claims.number, 2: claims.latin_name}
    if claims.chinese_name is not None:
        inner[3] = claims.chinese_name
    if claims.birth_date is not None:
        inner[4] = rules.day_number(claims.birth_date)
    if claims.birth_place is not None:
        inner[5] = claims.birth_place
    inner[6] = claims.orgs
    if claims.received is not None and claims.linked is not None:
        inner[7] = _no_later_list(claims.received)
        inner[8] = _no_later_list(claims.linked)
        inner[9] = claims.bound
    if claims.stated is not None:
        inner[10] = rules.day_number(claims.stated)
    check = claims.check
    seen = None if check.day is None else rules.day_number(check.day)
    inner[11] = [check.code, check.document, seen]
    inner[12] = _declared_item(claims.declared_as)
    inner[13] = list(claims.status)
    if claims.commitments is not None:
        inner[14] = list(claims.commitments)
    if claims.branch is not None:
        inner[15] = claims.branch
    issued = rules.day_number(claims.issued) * _DAY_SECONDS
    return {ISSUER: claims.issuer, ISSUED: issued, PRIVATE_CLAIM: inner}


def from_map(found: object) -> Claims:
    """Return the claims whose `to_map` this is.

    Raises ClaimsError for keys that are missing or unknown, for values of another type, and
    for what a certificate must not say.
    """
    rules.check_map(found, _OUTER, _OUTER.keys())
    outer = cast("dict[int, Any]", found)
    inner = outer[PRIVATE_CLAIM]
    rules.check_map(inner, _KINDS, _REQUIRED)
    refuse(16 in inner, "version_unknown", "a version that is not known here")
    refuse((7 in inner) != (9 in inner), "dates_incomplete", "bound or not, where a date is")
    return Claims(
        issuer=outer[ISSUER],
        issued=_issued(outer[ISSUED]),
        number=inner[1],
        latin_name=inner[2],
        orgs=inner[6],
        check=_check(inner[11]),
        declared_as=_declared_as(inner[12]),
        status=_status(inner[13]),
        chinese_name=inner.get(3),
        birth_date=rules.day(inner[4]) if 4 in inner else None,
        birth_place=inner.get(5),
        received=_no_later(inner[7]) if 7 in inner else None,
        linked=_no_later(inner[8]) if 8 in inner else None,
        bound=inner.get(9, False),
        stated=rules.day(inner[10]) if 10 in inner else None,
        commitments=_commitments(inner[14]) if 14 in inner else None,
        branch=inner.get(15),
    )


def _no_later_list(said: NoLaterThan) -> list[int]:
    return [rules.day_number(said.day), int(said.witnessed)]


def _declared_item(declared: DeclaredAs) -> int | list[Any]:
    if declared.alias is None and not declared.recovered:
        return declared.kind
    return [declared.kind, declared.alias, declared.recovered]


def _issued(value: object) -> date:
    days, rest = divmod(rules.integer(value), _DAY_SECONDS)
    refuse(rest != 0, "issued_time", "a time of day, where a day is meant")
    return rules.day(days)


def _no_later(value: object) -> NoLaterThan:
    day, witnessed = rules.items(value, 2)
    refuse(type(witnessed) is not int or witnessed not in (0, 1), "claim_type", "not 0 or 1")
    return NoLaterThan(rules.day(day), bool(witnessed))


def _check(value: object) -> IdentityCheck:
    code, document, day = rules.items(value, 3)
    return IdentityCheck(
        cast("Literal['S', 'R', 'V', 'P']", rules.text(code)),
        None if document is None else rules.text(document),
        None if day is None else rules.day(day),
    )


def _declared_as(value: object) -> DeclaredAs:
    if type(value) is int:
        return DeclaredAs(value)
    kind, alias, recovered = rules.items(value, 3)
    declared = DeclaredAs(
        rules.integer(kind), None if alias is None else rules.text(alias), rules.boolean(recovered)
    )
    refuse(alias is None and not recovered, "declared_as", "in a longer form than needed")
    return declared


def _status(value: object) -> tuple[int, int]:
    number, index = rules.items(value, 2)
    return rules.integer(number), rules.integer(index)


def _commitments(value: object) -> tuple[bytes, bytes]:
    counted, linked = rules.items(value, 2)
    refuse(type(counted) is not bytes or type(linked) is not bytes, "claim_type", "not bytes")
    return counted, linked
