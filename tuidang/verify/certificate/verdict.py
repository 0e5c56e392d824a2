# SPDX-License-Identifier: Apache-2.0
"""What a checker answers: an outcome, its reason, and words that an officer understands.

Outcomes and reasons are stable codes, the same for the command, the pages and the lookup. A
verdict must never say valid with a reason that is not one, and its words name no person.

Source: `certificates.md` section 4.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tuidang.pure.credential.claims import Claims
from tuidang.verify.certificate.dates import Dates
from tuidang.verify.certificate.words import english, simplified, traditional

VALID, SUPERSEDED, REVOKED = "valid", "superseded", "revoked"
NOT_OURS, ALTERED, UNREADABLE = "not_ours", "altered", "unreadable"
OUTCOMES = (VALID, SUPERSEDED, REVOKED, NOT_OURS, ALTERED, UNREADABLE)
LANGUAGES = {"en": english, "zh-Hans": simplified, "zh-Hant": traditional}


@dataclass(frozen=True, slots=True)
class Reason:
    """To which outcome a reason belongs, and which advice is given with it."""

    outcome: str
    advice: str


def _all(outcome: str, advice: str, *codes: str) -> dict[str, Reason]:
    return dict.fromkeys(codes, Reason(outcome, advice))


_CODE = (
    "signature algorithm unprotected_header high_s not_canonical trailing_bytes duplicate_keys"
    " huge_length not_cose claims leading_zero"
)
_PROOF = (
    "unreadable other_log checkpoint contradicts_log leaf fields declared orgs received counted"
    " person link binding day"
)
_PDF = (
    "unreadable not_signed second_signature added_to signature_form signature revisions"
    " attachments face"
)
_PICTURE = (
    "picture_unreadable picture_too_large picture_too_small no_code code_unclear several_codes"
    " other_code"
)
REASONS: Mapping[str, Reason] = {
    **_all(VALID, "proven", "dates_proven"),
    **_all(VALID, "clock", "dates_by_clock"),
    **_all(VALID, "stated", "dates_stated", "policy_changed"),
    **_all(VALID, "follow", "dates_follow"),
    **_all(SUPERSEDED, "superseded", "superseded"),
    **_all(REVOKED, "revoked", "revoked", "status_unknown"),
    **_all(NOT_OURS, "not_ours", "unknown_issuer", "key_not_in_force", "pdf_signer_unknown"),
    **_all(ALTERED, "altered", *_CODE.split()),
    **_all(ALTERED, "proof", *(f"proof_{each}" for each in _PROOF.split())),
    **_all(ALTERED, "pdf_altered", *(f"pdf_{each}" for each in _PDF.split())),
    **_all(UNREADABLE, "picture", *_PICTURE.split()),
    **_all(UNREADABLE, "large", "file_too_large"),
    **_all(
        UNREADABLE,
        "file",
        *("file_unknown", "not_a_code", "code_too_long", "code_damaged"),
    ),
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of a check.

    `claims` and `dates` are there where the signature holds and nothing contradicts it;
    `fingerprint` is that of the issuer's key, as groups of four hexadecimal digits. `fresh`
    says whether the bundle is recent and knows the certificate's status; `bundle_day` is its
    day. `via` is pdf, picture, text, cose or number: what was checked.
    """

    outcome: str
    reason: str
    bundle_day: date
    via: str
    claims: Claims | None = None
    dates: Dates | None = None
    fingerprint: str | None = None
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A verdict for people: its title, what was found, what that means, what to do."""

    title: str
    found: str
    means: str
    do: str


def words(reason: str, language: str) -> Words:
    """Return the words of a reason in one of LANGUAGES; KeyError for any other."""
    known, said = REASONS[reason], LANGUAGES[language]
    return Words(said.TITLES[known.outcome], said.FOUND[reason], *said.ADVICE[known.advice])
