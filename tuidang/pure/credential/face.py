# SPDX-License-Identifier: Apache-2.0
"""Everything that a certificate's paper says, from the claims alone.

The paper is set from these strings and no others, the verifier compares the text of a page with
them, and a verdict shows them. So they must never depend on a clock, a setting, or a proof.

Source: `certificates.md` section 1.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tuidang.pure.credential.claims import Claims, DeclaredAs, IdentityCheck, NoLaterThan
from tuidang.pure.credential.face_words import ENGLISH, HANS, HANT, MONTHS
from tuidang.pure.credential.numbers import shown

Script = Literal["Hans", "Hant"]
_CHINESE = {"Hans": HANS, "Hant": HANT}


@dataclass(frozen=True, slots=True)
class Sentence:
    """The same in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; where no language is spoken both values are the same."""

    label_zh: str
    label_en: str
    value_zh: str
    value_en: str


@dataclass(frozen=True, slots=True)
class Face:
    """The words of one certificate, in the order in which they stand on the page.

    `dates` is the one date sentence. `notes` say what this shows and what not, where the proof
    is, and that the status may have changed. `code` stands beside the QR; on paper without
    electronics `plain` stands there instead.
    """

    script: Script
    title: Sentence
    rows: tuple[Row, ...]
    dates: tuple[Sentence, ...]
    notes: tuple[Sentence, ...]
    code: tuple[Sentence, ...]
    plain: tuple[Sentence, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences of the page with a code, from the title on."""
        return (self.title, *self.dates, *self.notes, *self.code)


def face(claims: Claims, script: Script) -> Face:
    """Return the words of a certificate, its Chinese in simplified or traditional script."""
    chinese, english = _Writer(claims, _CHINESE[script]), _Writer(claims, ENGLISH)

    def both(*keys: str) -> tuple[Sentence, ...]:
        return tuple(Sentence(chinese.words[key], english.words[key]) for key in keys)

    rows = zip(chinese.rows(), english.rows(), strict=True)
    look_up = "no_look_up" if claims.birth_date is None else "look_up"
    return Face(
        script=script,
        title=both("title")[0],
        rows=tuple(Row(zh[0], en[0], zh[1], en[1]) for zh, en in rows),
        dates=(Sentence(chinese.date_sentence(), english.date_sentence()),),
        notes=both("shows", "does_not_show", _proof_key(claims), "status"),
        code=both("verify", "verifier"),
        plain=both("plain", look_up),
    )


def date_sentence(claims: Claims, script: Script) -> Sentence:
    """Return the one sentence about dates that these claims allow."""
    return face(claims, script).dates[0]


def shown_name(latin_name: str) -> str:
    """Return a name in canonical form as people read it: `ZHANG<<SAN` is "ZHANG, SAN"."""
    return ", ".join(part.replace("<", " ") for part in latin_name.split("<<"))


def _proof_key(claims: Claims) -> str:
    if claims.received is None:
        return "proof.follows"
    return "proof.none" if claims.commitments is None else "proof.attached"


@dataclass(frozen=True, slots=True)
class _Writer:
    """One language's share of a face."""

    claims: Claims
    words: dict[str, str]

    def rows(self) -> list[tuple[str, str]]:
        claims = self.claims
        found = {
            "number": shown(claims.number),
            "latin_name": shown_name(claims.latin_name),
            "chinese_name": claims.chinese_name,
            "birth_date": self._birth_date(),
            "birth_place": claims.birth_place,
            "orgs": self._organisations(),
            "declared_as": self._declared_as(claims.declared_as),
            "check": self._check(claims.check),
            "stated": self._stated(),
            "issued": self._day(claims.issued),
            "issuer": claims.issuer,
            "branch": claims.branch,
        }
        return [(self.words[f"label.{key}"], value) for key, value in found.items() if value]

    def date_sentence(self) -> str:
        claims = self.claims
        if claims.received is None or claims.linked is None:
            return self.words["date.follows"]
        sentence = self.words["date.bound" if claims.bound else "date.apart"]
        return sentence.format(
            received=self._no_later(claims.received), linked=self._no_later(claims.linked)
        )

    def _no_later(self, said: NoLaterThan) -> str:
        day = self._day(said.day)
        return day if said.witnessed else self.words["own_clock"].format(day=day)

    def _day(self, day: date) -> str:
        if self.words is ENGLISH:
            return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
        return f"{day.year}年{day.month}月{day.day}日"

    def _birth_date(self) -> str:
        born = self.claims.birth_date
        return self.words["no_birth_date"] if born is None else self._day(born)

    def _stated(self) -> str | None:
        stated = self.claims.stated
        return None if stated is None else self.words["stated"].format(day=self._day(stated))

    def _organisations(self) -> str:
        named = [self.words[f"org.{bit}"] for bit in (1, 2, 4) if self.claims.orgs & bit]
        return self.words["org.between"].join(named) or self.words["no_orgs"]

    def _declared_as(self, declared: DeclaredAs) -> str:
        how = self.words[f"declared.{declared.kind}"]
        if declared.alias is not None:
            how = self.words["declared.alias"].format(how=how, alias=declared.alias)
        if declared.recovered:
            how = self.words["declared.recovered"].format(how=how)
        return how

    def _check(self, check: IdentityCheck) -> str:
        if check.day is None:
            return self.words[f"check.{check.code}"]
        key = "check.V" if check.code == "V" else "check.P.day"
        document = self.words[f"document.{check.document}"] if check.document else ""
        return self.words[key].format(document=document, day=self._day(check.day))
