# SPDX-License-Identifier: Apache-2.0
"""What a single value on a certificate may be: types, lengths, characters, ranges.

Each rule raises ClaimsError or returns the value; none may repeat the value in its error.
"""

import re
import unicodedata
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date
from typing import Any

from tuidang.pure.credential.numbers import is_number
from tuidang.pure.ledger.links import LinkError, check_legal_name
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.naming import is_noncharacter

MAX_CHINESE_NAME = 40
MAX_ALIAS = MAX_BRANCH = MAX_ISSUER = MAX_PLACE = 60
STATUS_ENTRIES = 2**20
MAX_STATUS_LISTS = 2**16

# What most texts consist of, none of it refused; others are looked at one by one.
_PLAIN = re.compile("[!-~㐀-䶿一-鿿](?:[ -~·㐀-䶿一-鿿]*[!-~㐀-䶿一-鿿])?")
_EPOCH = date(1970, 1, 1).toordinal()
# Control, invisible, private, broken; and what breaks a line.
_REFUSED = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


class ClaimsError(FormatError):
    """A certificate must not say this.

    `code` is one of: claim_missing, claim_unknown, claim_type, version_unknown, number,
    latin_name, issuer, chinese_name, birth_place, branch, alias, text_characters, orgs, status,
    check_code, check_document, check_day, declared_as, day_range, issued_time,
    dates_incomplete, bound_without_date, commitments, commitments_without_dates,
    commitments_without_birth_date.
    """


def refuse(wrong: bool, code: str, message: str) -> None:  # noqa: FBT001 (reads as a sentence)
    """Raise ClaimsError if something is wrong."""
    if wrong:
        raise ClaimsError(code, message)


def check_number(number: str) -> None:
    """Check the one stored spelling of a number."""
    refuse(not is_number(number), "number", "not the number of a certificate")


def check_latin_name(name: str) -> None:
    """Check the canonical form of a name in Latin letters."""
    try:
        check_legal_name(name)
    except LinkError:
        raise ClaimsError("latin_name", "not a name as in a machine-readable passport") from None


def check_text(value: str | None, longest: int, code: str) -> None:
    """Check that an optional text is 1 to `longest` visible characters, not padded by spaces."""
    if value is None:
        return
    if not 0 < len(value) <= longest:
        raise ClaimsError(code, "a text is empty or too long")
    if _PLAIN.fullmatch(value):
        return
    refuse(value != value.strip(), "text_characters", "a text begins or ends with a space")
    refuse(any(map(_is_refused, value)), "text_characters", "a character that nobody can see")


def _is_refused(char: str) -> bool:
    return unicodedata.category(char) in _REFUSED or is_noncharacter(char)


def check_status(status: tuple[int, int]) -> None:
    """Check the number of a status list and the index in it."""
    number, index = status
    inside = 0 <= number < MAX_STATUS_LISTS and 0 <= index < STATUS_ENTRIES
    refuse(not inside, "status", "no place in a status list")


def check_commitments(commitments: tuple[bytes, bytes]) -> None:
    """Check that the commitments of D and L are two different hashes."""
    counted, linked = commitments
    refuse(len(counted) != 32 or len(linked) != 32, "commitments", "a commitment is 32 bytes")
    refuse(counted == linked, "commitments", "two leaves have two commitments")


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day(value: object) -> date:
    """Return the day of such a number, of the years 1 to 9999."""
    number = integer(value)
    try:
        return date.fromordinal(number + _EPOCH)
    except (ValueError, OverflowError):
        raise ClaimsError("day_range", "a day outside the calendar") from None


def integer(value: object) -> int:
    """Return a value that is an integer, and no truth value."""
    if type(value) is not int:
        raise ClaimsError("claim_type", "not a number")
    return value


def boolean(value: object) -> bool:
    """Return a value that is true or false."""
    if type(value) is not bool:
        raise ClaimsError("claim_type", "not true or false")
    return value


def text(value: object) -> str:
    """Return a value that is a text."""
    if type(value) is not str:
        raise ClaimsError("claim_type", "not a text")
    return value


def items(value: object, count: int) -> list[Any]:
    """Return a list of exactly `count` items."""
    if type(value) is not list or len(value) != count:
        raise ClaimsError("claim_type", "not a list of the expected length")
    return value


def check_map(
    value: object, kinds: Mapping[int, tuple[type, ...]], required: AbstractSet[int]
) -> None:
    """Check that a map has the required keys, none that have no kind, and values of their kind."""
    if type(value) is not dict:
        raise ClaimsError("claim_type", "not a map")
    for key, item in value.items():
        if type(item) not in kinds.get(key, ()):
            refuse(key not in kinds, "claim_unknown", "something that no certificate says")
            raise ClaimsError("claim_type", "a value of another kind than this claim has")
    refuse(not value.keys() >= required, "claim_missing", "what every certificate says")
