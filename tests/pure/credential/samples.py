# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample certificates, the keys that sign them, and any claims at all. Nobody here exists."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import strategies as st

from tuidang.pure.credential.claims import (
    DOCUMENTS,
    Claims,
    DeclaredAs,
    IdentityCheck,
    NoLaterThan,
)
from tuidang.pure.credential.cose import IssuerKey
from tuidang.pure.credential.numbers import number_from

DAY = date(2026, 11, 22)
HOST = "verify.invalid"


class Deterministic:
    """A private key that signs by RFC 6979, so that vectors come out the same each time."""

    def __init__(self, scalar: int) -> None:
        self._key = ec.derive_private_key(scalar, ec.SECP256R1())
        self.public_key: Callable[[], ec.EllipticCurvePublicKey] = self._key.public_key

    def sign(self, data: bytes, _: object) -> bytes:
        """Return the one signature of these data."""
        return self._key.sign(data, ec.ECDSA(SHA256(), deterministic_signing=True))


def sample_scalar(label: str) -> int:
    """Return a private key that everybody can know."""
    return int.from_bytes(hashlib.sha256(f"sample key {label}".encode()).digest())


def issuer_key(label: str) -> IssuerKey:
    """Return a key of a sample issuer, the same for the same label."""
    # Signs as the library's key does, and no more of it.
    return IssuerKey(Deterministic(sample_scalar(label)))  # type: ignore[arg-type]


KEY, OTHER = issuer_key("issuer"), issuer_key("other issuer")
ISSUERS = {KEY.kid: KEY.public}


def digest(label: str) -> bytes:
    """Return 32 bytes that look like a commitment."""
    return hashlib.sha256(f"sample {label}".encode()).digest()


USUAL = Claims(
    issuer="sample.invalid/registry",
    issued=DAY,
    number=number_from(b"sample 1"),
    latin_name="ZHANG<<SAN",
    chinese_name="张三",
    birth_date=date(1969, 1, 2),
    orgs=7,
    received=NoLaterThan(date(2026, 11, 1), witnessed=True),
    linked=NoLaterThan(date(2026, 11, 20), witnessed=True),
    bound=True,
    check=IdentityCheck("V", "passport", date(2026, 11, 19)),
    declared_as=DeclaredAs(0),
    status=(1, 123_456),
    commitments=(digest("D"), digest("L")),
    branch="样本分部",
)
LONGEST = replace(
    USUAL,
    number=number_from(b"sample 2"),
    latin_name="ABDURAHMANOV<ABDUKERIM<<MUHAMMADAMIN<AB",
    chinese_name="欧阳某某",
    birth_date=date(1936, 2, 29),
    birth_place="新疆维吾尔自治区伊犁哈萨克自治州",
    bound=False,
    stated=date(2004, 12, 31),
    check=IdentityCheck("V", "household_register", date(2026, 11, 19)),
    declared_as=DeclaredAs(1, "样本别名", recovered=True),
    status=(65_535, 2**20 - 1),
    branch="Sample branch abroad",
)
FOLLOWS = replace(
    USUAL,
    number=number_from(b"sample 3"),
    received=None,
    linked=None,
    bound=False,
    commitments=None,
    declared_as=DeclaredAs(2),
    check=IdentityCheck("R"),
)
WITHOUT_BIRTH_DATE = replace(
    USUAL,
    number=number_from(b"sample 4"),
    birth_date=None,
    chinese_name="𠮷田某",
    orgs=0,
    received=NoLaterThan(date(2026, 11, 1), witnessed=False),
    linked=NoLaterThan(date(2026, 11, 20), witnessed=False),
    bound=False,
    commitments=None,
    check=IdentityCheck("P", day=date(2026, 11, 19)),
    declared_as=DeclaredAs(1),
    branch=None,
)
SMALLEST = Claims(
    issuer="x",
    issued=DAY,
    number=number_from(bytes(8)),
    latin_name="X",
    orgs=1,
    check=IdentityCheck("S"),
    declared_as=DeclaredAs(0, recovered=True),
    status=(0, 0),
)
SAMPLES = {
    "usual": USUAL,
    "longest": LONGEST,
    "date proof follows": FOLLOWS,
    "without birth date": WITHOUT_BIRTH_DATE,
    "smallest": SMALLEST,
}

_DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
_LETTERS = st.characters(categories=["L", "Nd", "P", "So"])
_WORD = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=12)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _texts(longest: int) -> st.SearchStrategy[str]:
    return st.text(_LETTERS, min_size=1, max_size=longest)


_CHECKS = st.one_of(
    st.sampled_from([IdentityCheck("S"), IdentityCheck("R"), IdentityCheck("P")]),
    st.builds(IdentityCheck, st.just("P"), st.none(), _DAYS),
    st.builds(IdentityCheck, st.just("V"), st.sampled_from(DOCUMENTS), _DAYS),
)
_DECLARED = st.builds(DeclaredAs, st.integers(0, 2), recovered=st.booleans()) | st.builds(
    DeclaredAs, st.integers(1, 2), _texts(60), st.booleans()
)


@st.composite
def any_claims(draw: st.DrawFn) -> Claims:
    """Return claims of every kind that a certificate may make."""
    dates = draw(_optional(st.tuples(*[st.builds(NoLaterThan, _DAYS, st.booleans())] * 2)))
    born = draw(_optional(_DAYS))
    hashes = st.tuples(*[st.binary(min_size=32, max_size=32)] * 2).filter(
        lambda two: two[0] != two[1]
    )
    return Claims(
        issuer=draw(_texts(60)),
        issued=draw(_DAYS),
        number=number_from(draw(st.binary(min_size=8, max_size=8))),
        latin_name=draw(st.tuples(_WORD, _WORD, _WORD).map("{0[0]}<<{0[1]}<{0[2]}".format)),
        orgs=draw(st.integers(0, 7)),
        check=draw(_CHECKS),
        declared_as=draw(_DECLARED),
        status=draw(st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 2**20 - 1))),
        chinese_name=draw(_optional(_texts(40))),
        birth_date=born,
        birth_place=draw(_optional(_texts(60))),
        received=dates and dates[0],
        linked=dates and dates[1],
        bound=draw(st.booleans()) if dates else False,
        stated=draw(_optional(_DAYS)),
        commitments=draw(_optional(hashes)) if dates and born else None,
        branch=draw(_optional(_texts(60))),
    )
