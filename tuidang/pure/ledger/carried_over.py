# SPDX-License-Identifier: Apache-2.0
"""A figure from before the log began, as a text that is signed: who claims it, and for when.

It says by whom the figure is claimed and that nobody has audited it. It must never be added
to what the log counts, and it must never read as a checkpoint: one key signs both.

Source: `transparency-log.md` sections 1 and 2 (N entry, kind 4). The text is ours and has
one spelling only.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NoReturn, Self

from tuidang.pure.merkle.canonical import from_decimal
from tuidang.pure.merkle.errors import FormatError

HEADER = "tuidang carried-over figure/v1"
NOT_AUDITED = (
    "This figure is claimed by the source named here. It is not audited: the log does not show "
    "how it came about, and it is never added to what the log counts."
)
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
MAX_PERSONS = 2**53
MAX_SOURCE = 300
MAX_URL = 500
_NAMES = ("origin", "persons", "as of", "source", "source url", "language", "recorded on")
_URL = re.compile(r"https?://[!-~]+\Z")
# Besides letters, marks, digits, punctuation and symbols: spaces. What nobody sees is refused.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class CarriedOverError(FormatError):
    """What should become, or claims to be, a statement of a carried-over figure was refused."""


@dataclass(frozen=True, slots=True)
class CarriedOverFigure:
    """`persons` as claimed by `source` for the day `as_of`, put on record on `recorded_on`.

    `source_url` is "" where there is none; `language` is that of `source`. Raises
    CarriedOverError for what no statement can say.
    """

    origin: str
    persons: int
    as_of: date
    source: str
    source_url: str
    language: str
    recorded_on: date

    def __post_init__(self) -> None:
        if not 1 <= self.persons <= MAX_PERSONS:
            _refuse("persons_out_of_range", f"a figure is 1 to {MAX_PERSONS} persons")
        if self.as_of > self.recorded_on:
            _refuse("as_of_in_future", "a figure cannot be of a day that is still to come")
        _check_line("source", self.source, MAX_SOURCE)
        _check_line("origin", self.origin, 255)
        if self.source_url and not (
            len(self.source_url) <= MAX_URL and _URL.match(self.source_url)
        ):
            _refuse("source_url_form", "an address is http(s)://, ASCII, without spaces")
        if self.language not in LANGUAGES:
            _refuse("language_unknown", f"a language is one of {', '.join(LANGUAGES)}")

    @property
    def text(self) -> str:
        """The text to be signed, with its final newline."""
        values = (
            self.origin,
            str(self.persons),
            self.as_of.isoformat(),
            self.source,
            self.source_url or "none",
            self.language,
            self.recorded_on.isoformat(),
        )
        named = [f"{name} {value}" for name, value in zip(_NAMES, values, strict=True)]
        return "".join(f"{line}\n" for line in (HEADER, *named, "", NOT_AUDITED))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the figure whose `text` is exactly this; CarriedOverError if there is none."""
        lines = text.split("\n")[1 : len(_NAMES) + 1]
        if [line.partition(" ")[0] for line in lines] != [name.split()[0] for name in _NAMES]:
            _refuse("statement_malformed", "not a statement of a carried-over figure")
        values = [line.removeprefix(f"{name} ") for name, line in zip(_NAMES, lines, strict=True)]
        origin, persons, as_of, source, url, language, recorded_on = values
        try:
            number = from_decimal(persons, MAX_PERSONS)
        except FormatError as error:
            raise CarriedOverError(error.code, error.message) from error
        plain_url = "" if url == "none" else url
        days = parse_day(as_of), parse_day(recorded_on)
        figure = cls(origin, number, days[0], source, plain_url, language, days[1])
        if figure.text != text:
            _refuse("statement_not_canonical", "a statement in a second spelling")
        return figure


def parse_day(text: str) -> date:
    """Return a day written YYYY-MM-DD; CarriedOverError for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise CarriedOverError("day_form", "a day is written YYYY-MM-DD") from error
    if day.isoformat() != text:
        _refuse("day_form", "a day is written YYYY-MM-DD")
    return day


def _check_line(name: str, value: str, longest: int) -> None:
    """Hold that a value is one visible line without white space around it."""
    if not value or value != value.strip() or len(value) > longest:
        _refuse(f"{name}_length", f"a {name} is 1 to {longest} characters, not spaces alone")
    if any(unicodedata.category(sign) in _UNSEEN for sign in value):
        _refuse(f"{name}_characters", f"a {name} is one line, without invisible characters")


def _refuse(code: str, message: str) -> NoReturn:
    raise CarriedOverError(code, message)
