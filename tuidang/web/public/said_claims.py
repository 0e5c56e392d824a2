# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures from before the log in words: claimed by their sources, not audited, added to nothing.

An address is shown and not linked, so that nobody leaves for another site by a slip.
"""

from dataclasses import dataclass
from datetime import date

from tuidang.registry.tally.carried_over import Claim
from tuidang.web.public.tally_files import STATEMENTS
from tuidang.web.shared.numbers import said_number, said_roughly


@dataclass(frozen=True)
class SaidClaim:
    """One claim; `roughly` and `place` (in the log) may be empty."""

    persons: str
    roughly: str
    as_of: date
    source: str
    source_url: str
    language: str
    recorded_on: date
    address: str
    place: str


def say_claims(claims: tuple[Claim, ...], language: str) -> list[SaidClaim]:
    """Put claims into the active language, whose code `language` is; same order."""
    return [_say(each, language) for each in claims]


def _say(claim: Claim, language: str) -> SaidClaim:
    return SaidClaim(
        persons=said_number(claim.persons),
        roughly=said_roughly(claim.persons, language),
        as_of=claim.as_of,
        source=claim.source,
        source_url=claim.source_url,
        language=claim.language,
        recorded_on=claim.recorded_on,
        address=f"{STATEMENTS}{claim.sha256}.note",
        place="" if claim.index is None else str(claim.index),
    )
