# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a case is made of: a file, and what must come out when it is checked."""

from dataclasses import dataclass

from tests.verify.certificate.sample_log import SamplePerson, sample_log
from tuidang.pure.credential.face_code import to_url

VERIFY_HOST = "verify.invalid"

OWN = SamplePerson("own-name")
ALIAS = SamplePerson("alias", "LI<<XIAOMING", "19751231", bound=False, class_=1)
OTHER = SamplePerson("somebody-else", "WANG<<WU", "19680704")
PERSONS = (OWN, ALIAS, OTHER)
LOG_OF_ALL = sample_log(PERSONS)


@dataclass(frozen=True)
class Made:
    """A file of the common set; `bundle` is the name of the bundle it is checked with."""

    file: str
    data: bytes
    outcome: str
    reason: str
    bundle: str = "main"
    fresh: bool = True


def as_text(
    name: str, cose: bytes, outcome: str, reason: str, *, bundle: str = "main", fresh: bool = True
) -> Made:
    """Return a case whose file is the text of the code on the face."""
    text = f"{to_url(cose, VERIFY_HOST)}\n"
    return Made(f"{name}.txt", text.encode(), outcome, reason, bundle, fresh)


def genuine_text(name: str, cose: bytes, reason: str = "dates_stated") -> Made:
    """Return such a case that is valid."""
    return as_text(name, cose, "valid", reason)


def altered_text(name: str, cose: bytes, reason: str) -> Made:
    """Return such a case that was altered."""
    return as_text(name, cose, "altered", reason)
