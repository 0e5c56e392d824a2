# SPDX-License-Identifier: AGPL-3.0-or-later
"""The plain Python verifier agrees with RFC 8032 and with a library that many people trust."""

import random
from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tuidang.verify import audit_log
from tuidang.verify.audit_log import BASE, ORDER, ZERO, P, add, decode_point, multiply, parse_key
from tuidang.verify.errors import TrustError
from tuidang.verify.trust import parse_trust

# RFC 8032 section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
            "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
            "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
            "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
]
NOT_CANONICAL = [
    (P + 1).to_bytes(32, "little").hex(),
    P.to_bytes(32, "little").hex(),
    (2**255 - 1).to_bytes(32, "little").hex(),
    "01" + "00" * 30 + "80",
    "ec" + "ff" * 31,
]


def holds(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the plain verifier accepts."""
    try:
        audit_log.verify(key, message, signature)
    except ValueError:
        return False
    return True


def holds_by_library(key: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the library accepts."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=["empty", "one byte", "two bytes"])
def test_rfc_8032_vectors_hold(vector: tuple[str, str, str]) -> None:
    """The vectors of the RFC verify, and not for another message."""
    key, message, signature = (bytes.fromhex(each) for each in vector)
    assert holds(key, message, signature)
    assert not holds(key, message + b"\x00", signature)


def test_the_curve_is_the_curve() -> None:
    """The base point has the group's order, and adding is what multiplying repeats."""
    base = decode_point(BASE)
    assert multiply(ORDER, base) == ZERO
    assert multiply(3, base) == add(base, add(base, base)) != ZERO


@pytest.mark.parametrize("seed", range(12))
def test_random_signatures_agree_with_the_library(seed: int) -> None:
    """Random signatures hold, and changed ones fail, exactly as with the library."""
    source = random.Random(seed)
    private = Ed25519PrivateKey.from_private_bytes(source.randbytes(32))
    key, message = private.public_key().public_bytes_raw(), source.randbytes(seed * 7)
    signature = private.sign(message)
    assert holds(key, message, signature)
    for _ in range(6):
        whole, bit = bytearray(key + signature), source.randrange(96 * 8)
        whole[bit // 8] ^= 1 << bit % 8
        case = bytes(whole[:32]), message, bytes(whole[32:])
        assert holds(*case) is holds_by_library(*case) is False


def test_a_second_encoding_of_a_signature_is_refused() -> None:
    """Adding the group's order to s gives no second valid signature."""
    key, message, signature = (bytes.fromhex(each) for each in VECTORS[1])
    s = int.from_bytes(signature[32:], "little") + ORDER
    second = signature[:32] + s.to_bytes(32, "little")
    assert not holds(key, message, second)
    assert not holds_by_library(key, message, second)


@pytest.mark.parametrize("length", [0, 31, 32, 63, 65, 128])
def test_signatures_of_another_length_are_refused(length: int) -> None:
    """Only 64 bytes are a signature."""
    key, message, signature = (bytes.fromhex(each) for each in VECTORS[2])
    assert not holds(key, message, (signature * 2)[:length])


@pytest.mark.parametrize("encoded", SMALL_ORDER)
def test_keys_of_small_order_are_refused(encoded: str) -> None:
    """Under a key of small order one signature would fit many messages: both refuse it."""
    key = bytes.fromhex(encoded)
    assert multiply(8, decode_point(key)) == ZERO
    assert not holds(key, b"any", key + bytes(32))
    with pytest.raises(ValueError, match="not a key"):
        parse_key(vkey_of(key), 0x01)
    with pytest.raises(TrustError, match="small order"):
        parse_trust(vkey_of(key).encode())


@pytest.mark.parametrize("encoded", NOT_CANONICAL)
def test_points_have_one_encoding(encoded: str) -> None:
    """A y beyond the field, or a sign where x is zero, is no point."""
    with pytest.raises(ValueError, match="not a point"):
        decode_point(bytes.fromhex(encoded))


def test_what_is_not_on_the_curve_is_no_point() -> None:
    """About half of all numbers are no y of any point."""
    refused = 0
    for y in range(2, 42):
        try:
            decode_point(y.to_bytes(32, "little"))
        except ValueError:
            refused += 1
    assert 10 < refused < 30


def vkey_of(key: bytes) -> str:
    """Return the text of a log's public key."""
    data = b"\x01" + key
    key_id = sha256(b"log.invalid/small\n" + data).digest()[:4].hex()
    return f"log.invalid/small+{key_id}+{b64encode(data).decode()}"
