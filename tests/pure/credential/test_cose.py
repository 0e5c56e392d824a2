# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificate itself: what is signed is read back, everything else refused by name."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cwt import COSE, COSEKey, COSEMessage
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.credential.forgeries import (
    FORGERIES,
    GENUINE,
    PAYLOAD,
    PROTECTED,
    SIGNATURE,
    Forgery,
    assembled,
)
from tests.pure.credential.samples import (
    ISSUERS,
    KEY,
    OTHER,
    SAMPLES,
    USUAL,
    any_claims,
    sample_scalar,
)
from tests.pure.mutations import mutated
from tuidang.pure.credential.cbor import decode, encode, encode_ordered
from tuidang.pure.credential.claims import Claims, from_map, to_map
from tuidang.pure.credential.cose import (
    CoseError,
    IssuerKey,
    IssuerPublic,
    KeyFormatError,
    _parts,
    _read_parts,
    _verify,
    open_signed,
    sign,
    verified_payload,
)

# Published examples: P-256, COSE_Sign1 (cose-wg/Examples, sign1-tests and ecdsa-examples).
EXAMPLE_KEY = {
    "kty": "EC",
    "crv": "P-256",
    "x": "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
    "y": "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4",
}
CONTENT = b"This is the content."
R = "eae868ecc176883766c5dc5ba5b8dca25dab3c2e56a551ce5705b793914348e1"
EXAMPLES = [
    (
        "",
        "1a02e5f0344bf2d4ee5c7fd75a68a9f5e0b3cc1f1fc1409c189566586ff9d610",
    ),  # pass-01, empty header
    ("a201260300", "72727f48461fabbba2e343492ddecac3983686250bc68e9f1a7a07d41225b59f"),  # sig-01
]


def cwt_key(**parts: object) -> COSEKey:
    """Return a sample issuer's key as another implementation has it."""
    jwk: dict[str, object] = {**KEY.public.jwk(), "alg": "ES256", **parts}
    # Its own annotation names the interface instead of the key.
    return COSEKey.from_jwk(jwk)  # type: ignore[return-value]


@given(any_claims())
def test_what_is_signed_is_opened(claims: Claims) -> None:
    """Any claims come back as they were, with the issuer, from their bytes."""
    data = sign(claims, KEY)
    opened = open_signed(data, ISSUERS)
    assert opened.claims == claims
    assert opened.issuer is KEY.public


@given(st.binary(max_size=1200))
def test_parts_are_found_in_their_places_as_by_reading(payload: bytes) -> None:
    """Looking where the parts must be finds what reading the CBOR finds, for any payload."""
    data = KEY.sign_payload(payload)
    assert _parts(data) == _read_parts(decode(data)) == (KEY.kid, payload, data[-64:])
    assert verified_payload(data, ISSUERS) == (payload, KEY.public)


@given(any_claims())
def test_claims_are_written_in_order(claims: Claims) -> None:
    """The map of any claims is in the order of deterministic CBOR as it is made."""
    found = to_map(claims)
    assert encode_ordered(found) == encode(found)
    assert from_map(decode(encode(found))) == claims


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda each: each.name)
def test_each_forgery_is_refused_by_its_name(forgery: Forgery) -> None:
    """One thing wrong is refused, with the code for exactly that."""
    with pytest.raises(CoseError) as refusal:
        open_signed(forgery.data, ISSUERS)
    assert refusal.value.code == forgery.code


def test_no_refusal_repeats_what_it_refuses() -> None:
    """No message holds a value of the certificate, since it may end up in a log."""
    for forgery in FORGERIES:
        with pytest.raises(CoseError) as refusal:
            open_signed(forgery.data, ISSUERS)
        said = f"{refusal.value.code} {refusal.value.message}"
        assert not [value for value in ("ZHANG", "张", "1969", "-366", "sample") if value in said]


def test_any_flipped_byte_is_refused() -> None:
    """Each byte of a certificate matters, whichever of its bits is flipped, and so its end."""
    for at in range(len(GENUINE)):
        for mask in (0x01, 0x80, 0xFF):
            flipped = bytearray(GENUINE)
            flipped[at] ^= mask
            with pytest.raises(CoseError):
                open_signed(bytes(flipped), ISSUERS)
        with pytest.raises(CoseError):
            open_signed(GENUINE[:at], ISSUERS)


def test_an_unknown_issuer_is_told_from_a_wrong_signature() -> None:
    """A key that is not known is not the same as bytes that were altered."""
    assert open_signed(sign(USUAL, OTHER), {OTHER.kid: OTHER.public}).issuer == OTHER.public
    with pytest.raises(CoseError) as unknown:
        open_signed(sign(USUAL, OTHER), ISSUERS)
    assert unknown.value.code == "unknown_issuer"
    with pytest.raises(CoseError) as wrong:
        open_signed(GENUINE, {KEY.kid: OTHER.public})
    assert wrong.value.code == "signature"


def test_another_implementation_verifies_ours() -> None:
    """`cwt` reads every sample of ours with the issuer's key, and the same payload in it."""
    for claims in SAMPLES.values():
        data = sign(claims, KEY)
        protected, unprotected, payload = COSE.new().decode_with_headers(data, cwt_key(kid=KEY.kid))
        assert (protected, unprotected) == ({1: -7, 4: KEY.kid}, {})
        assert payload == encode(to_map(claims))


def test_another_implementation_refuses_what_was_altered() -> None:
    """`cwt` finds a changed payload too, so it does check what we rely on it for."""
    altered = assembled(PROTECTED, {}, PAYLOAD[:-1] + b"\0", SIGNATURE)
    with pytest.raises(Exception, match="verify"):
        COSE.new().decode(altered, cwt_key(kid=KEY.kid))


def test_we_verify_another_implementation() -> None:
    """What `cwt` signs is opened, or refused for nothing but its second form of s."""
    key = ec.derive_private_key(sample_scalar("issuer"), ec.SECP256R1())
    scalar = key.private_numbers().private_value.to_bytes(32)
    signer = COSEKey.new({1: 2, 2: KEY.kid, 3: -7, -1: 1, -4: scalar, **_point(KEY.public)})
    seen = set()
    while seen != {"opened", "high_s"}:
        data = COSE.new().encode_and_sign(PAYLOAD, signer, protected={1: -7, 4: KEY.kid})
        assert COSEMessage.loads(data).payload == PAYLOAD
        try:
            assert open_signed(data, ISSUERS).claims == USUAL
            seen.add("opened")
        except CoseError as error:
            seen.add(error.code)
        assert seen <= {"opened", "high_s"}


def _point(public: IssuerPublic) -> dict[int, bytes]:
    numbers = public.key.public_numbers()
    return {-2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}


@pytest.mark.parametrize(("protected", "s"), EXAMPLES)
def test_published_examples(protected: str, s: str) -> None:
    """Their signatures hold over what we sign; our profile refuses their headers by name."""
    issuer = IssuerPublic.from_jwk(EXAMPLE_KEY)
    header, signature = bytes.fromhex(protected), bytes.fromhex(R + s)
    _verify(issuer, header, CONTENT, signature)
    with pytest.raises(CoseError) as altered:
        _verify(issuer, header, CONTENT[:-1] + b"/", signature)
    assert altered.value.code == "signature"
    with pytest.raises(CoseError) as refusal:
        open_signed(assembled(header, {4: b"11"}, CONTENT, signature), {b"11": issuer})
    assert refusal.value.code == "unprotected_header"


def test_keys_travel_as_jwk() -> None:
    """A public key survives its JWK, with its id and fingerprint, and nothing secret in it."""
    jwk = KEY.public.jwk()
    assert set(jwk) == {"kty", "crv", "x", "y"}
    again = IssuerPublic.from_jwk(jwk)
    assert again == KEY.public
    assert again.fingerprint == KEY.public.fingerprint
    groups = again.fingerprint.split(" ")
    assert [len(group) for group in groups] == [4] * 16
    assert bytes.fromhex("".join(groups))[:8] == KEY.kid


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"crv": "P-384"}, "curve"),
        ({"kty": "OKP"}, "curve"),
        ({"d": "AA"}, "jwk_malformed"),
        ({"x": "AA"}, "jwk_malformed"),
        ({"x": 5}, "jwk_malformed"),
        ({"x": EXAMPLE_KEY["x"] + "="}, "jwk_malformed"),
        ({"x": EXAMPLE_KEY["x"][:-1] + "9"}, "jwk_malformed"),
        ({"x": EXAMPLE_KEY["y"]}, "point"),
    ],
)
def test_keys_of_another_kind_are_refused(changed: dict[str, object], code: str) -> None:
    """A key on another curve, off the curve, or with more in it, is no issuer's."""
    with pytest.raises(KeyFormatError) as refusal:
        IssuerPublic.from_jwk({**EXAMPLE_KEY, **changed})
    assert refusal.value.code == code


def test_a_private_key_on_another_curve_is_refused() -> None:
    """Nobody becomes an issuer with a key that verifiers refuse."""
    with pytest.raises(KeyFormatError) as refusal:
        IssuerKey(ec.derive_private_key(5, ec.SECP384R1()))
    assert refusal.value.code == "curve"


@fuzzed
@given(mutated(GENUINE, PAYLOAD) | st.binary(max_size=400))
def test_anything_at_all(data: bytes) -> None:
    """Only the genuine bytes are opened; everything else is refused as what it is."""
    try:
        open_signed(data, ISSUERS)
    except CoseError:
        assert data != GENUINE
    else:
        assert data == GENUINE
