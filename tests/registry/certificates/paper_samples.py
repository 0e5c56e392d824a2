# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample certificates for the tests of the paper, and the programs that look at them.

All names, numbers and places are samples.
"""

import subprocess
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from tuidang.pure.credential.claims import Claims, DeclaredAs, IdentityCheck, NoLaterThan
from tuidang.pure.credential.cose import IssuerKey, sign
from tuidang.pure.credential.face import Script
from tuidang.pure.credential.numbers import number_from
from tuidang.registry.certificates.paper.cms import PadesKey, make_certificate
from tuidang.registry.certificates.paper.pades import sign_pdf
from tuidang.registry.certificates.paper.paper import make_pdf

HOST = "verify.sample.invalid"
PROOF = "a sample of a proof — as long as one\n".encode() * 120
ISSUER = IssuerKey(ec.generate_private_key(ec.SECP256R1()))
_BY_CLOCK = NoLaterThan(date(2026, 11, 1), witnessed=False)

PLAIN = Claims(
    issuer="sample.invalid/log",
    issued=date(2026, 11, 22),
    number=number_from(bytes(range(8))),
    latin_name="ZHANG<<SAN",
    chinese_name="张三",
    birth_date=date(1980, 1, 2),
    birth_place="样本市 Sample",
    orgs=7,
    received=NoLaterThan(date(2026, 11, 1), witnessed=True),
    linked=NoLaterThan(date(2026, 11, 21), witnessed=True),
    bound=True,
    check=IdentityCheck("V", "passport", date(2026, 11, 20)),
    declared_as=DeclaredAs(0),
    status=(0, 77_777),
    commitments=(b"\1" * 32, b"\2" * 32),
    branch="样本分部 Sample branch",
)
# The longest name that a passport has, both dates by our own clock, and all that can be said.
LONG = replace(
    PLAIN,
    latin_name="SAMPLESCHLEGELSTEINHAUSEN<<ADOLPHABCDEF",
    chinese_name="欧阳骨直次令",
    birth_place="样本省样本市 Sample",
    received=_BY_CLOCK,
    linked=_BY_CLOCK,
    bound=False,
    stated=date(2004, 12, 28),
    declared_as=DeclaredAs(1, "样本化名", recovered=True),
    check=IdentityCheck("V", "residence_permit", date(2026, 11, 20)),
)


@dataclass(frozen=True)
class Sample:
    """A certificate under the name of its picture."""

    name: str
    claims: Claims
    script: Script

    def cose(self) -> bytes:
        """Return the signed claims."""
        return sign(self.claims, ISSUER)


SAMPLES = (
    Sample("simplified", PLAIN, "Hans"),
    Sample("traditional", replace(PLAIN, chinese_name="張直骨", birth_place="樣本縣"), "Hant"),
    Sample("longest-simplified", LONG, "Hans"),
    Sample("longest-traditional", replace(LONG, chinese_name="歐陽骨直次令"), "Hant"),
    Sample("one-character", replace(PLAIN, chinese_name="骨", bound=False), "Hans"),
    Sample("rare-character", replace(PLAIN, chinese_name="𠮷𤭢"), "Hant"),
    Sample(
        "date-follows",
        replace(PLAIN, received=None, linked=None, bound=False, commitments=None),
        "Hans",
    ),
    Sample(
        "no-birth-date",
        replace(PLAIN, birth_date=None, birth_place=None, commitments=None, orgs=0, branch=None),
        "Hant",
    ),
)


@cache
def paper_key() -> PadesKey:
    """Return a sample key of papers."""
    private = ec.generate_private_key(ec.SECP256R1())
    days = {"first": date(2026, 1, 1), "last": date(2036, 1, 1)}
    return PadesKey(private, make_certificate(private, issuer=PLAIN.issuer, serial=2**64, **days))


@cache
def unsigned(sample: Sample) -> bytes:
    """Return the typeset page of a sample."""
    proof = None if sample.claims.commitments is None else PROOF
    return make_pdf(sample.cose(), proof, sample.claims, sample.script, verify_host=HOST)


@cache
def signed(sample: Sample) -> bytes:
    """Return the signed page of a sample."""
    return sign_pdf(unsigned(sample), paper_key())


def run(*words: str | Path) -> str:
    """Run another program, which must be content, and return what it says."""
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout
