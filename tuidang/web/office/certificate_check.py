# SPDX-License-Identifier: AGPL-3.0-or-later
"""The identity check as a volunteer fills it in. It never takes a number of a document, nor an
image: there is no field for either."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tuidang.pure.credential.claims import DOCUMENTS, IdentityCheck
from tuidang.web.office import certificate_words as told
from tuidang.web.office.words import options

FIELDS = ("check", "document", "seen")
_DOCUMENT_SEEN, _VOUCHED = "V", "P"


@dataclass(frozen=True, slots=True)
class CheckForm:
    """The fields: which check, for V which document, for V and P on which day."""

    check: str
    document: str
    seen: str
    offered: tuple[str, ...] = tuple(told.CHECKS)

    @property
    def checks(self) -> list[tuple[str, str]]:
        """The checks on offer."""
        return [each for each in options(told.CHECKS) if each[0] in self.offered]

    @property
    def documents(self) -> list[tuple[str, str]]:
        """The kinds of documents."""
        return options(told.DOCUMENTS)

    def read(self) -> IdentityCheck:
        """Return the check; what belongs to another one is left out.

        Raises CheckNotChosen, DocumentNotChosen, CheckDayUnreadable.
        """
        if self.check not in self.offered:
            raise told.CheckNotChosen
        if self.check == _DOCUMENT_SEEN:
            if self.document not in DOCUMENTS:
                raise told.DocumentNotChosen
            return IdentityCheck("V", self.document, _day(self.seen))
        if self.check == _VOUCHED:
            return IdentityCheck("P", day=_day(self.seen) if self.seen else None)
        return IdentityCheck("S") if self.check == "S" else IdentityCheck("R")


def typed_check(typed: Mapping[str, str], *, day: date, relation: str = "") -> CheckForm:
    """Read the fields, the day preset; for a known applicant S or R is not on offer."""
    values = [typed.get(name, "").strip() for name in FIELDS]
    unfit = {"self": "R", "": ""}.get(relation, "S")
    offered = tuple(code for code in told.CHECKS if code != unfit)
    return CheckForm(values[0], values[1], values[2] or day.isoformat(), offered)


def presumed(relation: str) -> IdentityCheck:
    """Return what would be printed if nobody looked at anything."""
    return IdentityCheck("S") if relation == "self" else IdentityCheck("R")


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise told.CheckDayUnreadable from None
