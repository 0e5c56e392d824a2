# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody else's COSE, from npm, verifies what we sign, and what it signs we verify."""

import base64

from tests.page.running import ask, build, run
from tests.verify.certificate.code_cases import GENUINE, ORDER
from tests.verify.certificate.made import OWN
from tests.verify.certificate.sample_bundle import ISSUER, claims_of, private_key
from tuidang.pure.credential import cbor
from tuidang.pure.credential.claims import to_map
from tuidang.pure.credential.cose import open_signed

ISSUERS = {ISSUER.kid: ISSUER.public}


def test_each_verifies_what_the_other_has_signed() -> None:
    """Ours passes there and fails there with one byte changed; theirs passes here, in both ways."""
    build()
    claims = claims_of(OWN)
    payload = cbor.encode(to_map(claims))
    public = ISSUER.public.jwk()
    scalar = private_key("issuer").private_numbers().private_value.to_bytes(32)
    private = {**public, "d": base64.urlsafe_b64encode(scalar).decode().rstrip("=")}
    altered = GENUINE[:-1] + bytes([GENUINE[-1] ^ 1])
    answers = run(
        "other_cose.mjs",
        {
            "public_jwk": public,
            "private_jwk": private,
            "kid": ISSUER.kid.hex(),
            "payload": payload.hex(),
            "signed": [GENUINE.hex(), altered.hex()],
        },
    )
    assert answers["verified"] == [payload.hex(), None]
    theirs = low_s(bytes.fromhex(answers["signed"]))
    assert open_signed(theirs, ISSUERS).claims == claims
    asked = {"ask": "cose", "data": theirs.hex(), "jwks": [public]}
    assert ask([asked]) == [{"answer": claims.number}]


def low_s(cose: bytes) -> bytes:
    """Return a certificate with the one of the two forms of its signature that ours has."""
    s = int.from_bytes(cose[-32:])
    return cose[:-32] + min(s, ORDER - s).to_bytes(32)
