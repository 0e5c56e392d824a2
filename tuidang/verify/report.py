# SPDX-License-Identifier: Apache-2.0
"""What an audited log says, in words that both auditors share to the letter.

Shows counts of persons and nothing about any of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tuidang.pure.ledger.entries import (
    CARRIED_OVER,
    CLASS_WITHHELD,
    LEAGUE,
    OTHER_NAMED,
    OTHER_UNNAMED,
    PARTY,
    PIONEERS,
    SELF_ALIAS,
    SELF_NAMED,
    UNSPECIFIED,
    WITHHELD,
)
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.tally import totals

ORGANISATIONS = {PARTY: "Party", LEAGUE: "Youth League", PIONEERS: "Young Pioneers"}
NO_ORGANISATIONS = {UNSPECIFIED: "not specified", WITHHELD: "withheld"}
CLASSES = {
    SELF_NAMED: "by the person, own name",
    SELF_ALIAS: "by the person, alias",
    OTHER_NAMED: "by someone else, named",
    OTHER_UNNAMED: "by someone else, unnamed",
    CLASS_WITHHELD: "class withheld",
}


@dataclass(frozen=True, slots=True)
class Report:
    """The verified checkpoint of a log, who signed it, and the cells of its last seal.

    `signatures` has a time (POSIX seconds) for cosignatures. Days are those of the first and
    the last seal, None for an empty log. `cells` counts persons by (orgs, class).
    """

    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, int | None], ...]
    batches: int
    below_minima: int
    first_day: date | None
    last_day: date | None
    cells: Mapping[tuple[int, int], int]


def summary(report: Report) -> str:
    """Return the report as lines for people, without a newline at the end."""
    return "\n".join([*_head(report), "", *(f"{n:>15,}  {words}" for words, n in _sums(report))])


def _head(report: Report) -> Iterator[str]:
    yield f"log          {report.origin}"
    yield f"entries      {report.size}"
    yield f"root         {to_base64(report.root)}"
    for name, time in report.signatures:
        when = "" if time is None else f" at {_time(time)}"
        yield f"signed by    {name}{when}"
    yield f"batches      {report.batches}, {report.below_minima} below the minima"
    yield f"days         {_day(report.first_day)} to {_day(report.last_day)}"


def _sums(report: Report) -> Iterator[tuple[str, int]]:
    sums = totals(report.cells)
    yield "persons, each counted once", sums.persons
    yield ORGANISATIONS[PARTY], sums.party
    yield ORGANISATIONS[LEAGUE], sums.league
    yield ORGANISATIONS[PIONEERS], sums.pioneers
    yield NO_ORGANISATIONS[UNSPECIFIED], sums.unspecified
    yield NO_ORGANISATIONS[WITHHELD], sums.withheld
    for class_, words in CLASSES.items():
        yield words, sums.by_class.get(class_, 0)
    for (orgs, class_), number in sorted(report.cells.items()):
        yield f"- {_orgs_words(orgs)}; {_class_words(class_)}", number


def _orgs_words(orgs: int) -> str:
    named = [words for bit, words in ORGANISATIONS.items() if orgs & bit]
    return NO_ORGANISATIONS.get(orgs) or " + ".join(named)


def _class_words(class_: int) -> str:
    carried = ", carried over" if class_ & CARRIED_OVER else ""
    return CLASSES[class_ & ~CARRIED_OVER] + carried


def _time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _day(day: date | None) -> str:
    return "none" if day is None else str(day)
