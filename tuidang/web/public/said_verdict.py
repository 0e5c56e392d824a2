# SPDX-License-Identifier: AGPL-3.0-or-later
"""A verdict for a page: the check's own words in the reader's language, and what the paper says.

The words come from `verify.certificate`, so that every way of checking says the same. It must
never add a word of its own to them.
"""

from dataclasses import dataclass
from typing import Literal

from tuidang.pure.credential.face import Face, Sentence, face
from tuidang.verify.certificate.dates import PROVEN
from tuidang.verify.certificate.said import old_bundle
from tuidang.verify.certificate.trust import Bundle
from tuidang.verify.certificate.verdict import VALID, Verdict, Words, words
from tuidang.web.shared.languages import LANGUAGES


@dataclass(frozen=True)
class SaidVerdict:
    """What stands on the page.

    `good` is true for a valid certificate; `as_of` is a sentence where the bundle is old; `rows`
    are label and value as on the paper; `entry` is the place in the log, where that is proven.
    """

    words: Words
    good: bool
    as_of: str
    rows: list[tuple[str, str]]
    sentences: list[str]
    entry: int | None
    fingerprint: str | None
    bundle_day: str
    origin: str
    reason: str


def said_verdict(verdict: Verdict, bundle: Bundle, language: str) -> SaidVerdict:
    """Return what a page in this language says of a verdict."""
    old = verdict.outcome == VALID and not verdict.fresh
    said = face(verdict.claims, _script(language)) if verdict.claims else None
    proven = verdict.dates is not None and verdict.dates.kind == PROVEN
    return SaidVerdict(
        words=words(verdict.reason, LANGUAGES[language]),
        good=verdict.outcome == VALID,
        as_of=old_bundle(verdict, LANGUAGES[language]) if old else "",
        rows=_rows(said, language),
        sentences=_sentences(said, language),
        entry=verdict.dates.counted_index if verdict.dates and proven else None,
        fingerprint=verdict.fingerprint,
        bundle_day=verdict.bundle_day.isoformat(),
        origin=bundle.origin,
        reason=verdict.reason,
    )


def _rows(said: Face | None, language: str) -> list[tuple[str, str]]:
    if said is None:
        return []
    if language == "en":
        return [(row.label_en, row.value_en) for row in said.rows]
    return [(row.label_zh, row.value_zh) for row in said.rows]


def _sentences(said: Face | None, language: str) -> list[str]:
    """Return the date sentence and the notes: what is shown, and what is not."""
    found: tuple[Sentence, ...] = (*said.dates, *said.notes) if said else ()
    return [each.en if language == "en" else each.zh for each in found]


def _script(language: str) -> Literal["Hans", "Hant"]:
    return "Hant" if language == "zh-hant" else "Hans"
