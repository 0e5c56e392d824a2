# SPDX-License-Identifier: AGPL-3.0-or-later
"""The file of samples that other programs are tested with says what our code says."""

import json

from cryptography.hazmat.primitives.asymmetric import ec

from tests.pure.credential.vectors import FILE, written
from tuidang.pure.credential.cose import IssuerPublic, open_signed
from tuidang.pure.credential.face_code import read_code

VECTORS = json.loads(FILE.read_text(encoding="utf-8"))


def test_the_vectors_are_what_the_code_makes() -> None:
    """Every byte and word of the file comes out of the code again."""
    assert FILE.read_text(encoding="utf-8") == written()


def test_the_vectors_hold_by_themselves() -> None:
    """With the file's own key its certificates open, from each of their three texts."""
    issuer = IssuerPublic.from_jwk(VECTORS["issuer"]["jwk"])
    private = ec.derive_private_key(int(VECTORS["issuer"]["private"], 16), ec.SECP256R1())
    assert IssuerPublic.of(private.public_key()) == issuer
    assert issuer.kid.hex() == VECTORS["issuer"]["kid"]
    for each in VECTORS["certificates"]:
        data = bytes.fromhex(each["cose"])
        assert {read_code(each[form]) for form in ("decimal", "td1", "url")} == {data}
        opened = open_signed(data, {issuer.kid: issuer})
        assert opened.claims.number == each["claims"]["number"]
