# SPDX-License-Identifier: AGPL-3.0-or-later
"""Certificates with one thing wrong each, and the code by which each must be refused.

Where the wrong thing stands in what is signed, the issuer's own key has signed it: nothing but
the rule itself can then refuse it.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA384

from tests.pure.credential.samples import KEY, OTHER, USUAL, Deterministic, sample_scalar
from tuidang.pure.credential.cbor import decode, encode
from tuidang.pure.credential.claims import to_map
from tuidang.pure.credential.cose import sign

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
GENUINE = sign(USUAL, KEY)
PROTECTED, _, PAYLOAD, SIGNATURE = decode(GENUINE).value
CLAIMS: dict[int, Any] = decode(PAYLOAD)
HEADER: dict[int, Any] = decode(PROTECTED)


class Forgery(NamedTuple):
    """What is wrong, the bytes, and the code of the refusal."""

    name: str
    data: bytes
    code: str


def sealed(
    protected: bytes, payload: bytes, *, unprotected: object = None, key: str = "issuer"
) -> bytes:
    """Return a COSE_Sign1 whose signature fits, whatever its headers and payload are."""
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    r, s = decode_dss_signature(Deterministic(sample_scalar(key)).sign(signed, None))
    return assembled(protected, unprotected or {}, payload, point(r, min(s, ORDER - s)))


def assembled(protected: object, unprotected: object, payload: object, signature: object) -> bytes:
    """Return a COSE_Sign1 of any parts."""
    return cbor2.dumps(cbor2.CBORTag(18, [protected, unprotected, payload, signature]))


def point(r: int, s: int) -> bytes:
    """Return a signature as COSE writes it."""
    return r.to_bytes(32) + s.to_bytes(32)


def with_claims(**changed: object) -> bytes:
    """Return the certificate with private claims (`k4=…`) changed, or left out where None."""
    private = {**CLAIMS[-70001], **{int(key[1:]): value for key, value in changed.items()}}
    kept = {key: private[key] for key in sorted(private) if private[key] is not None}
    return sealed(PROTECTED, cbor2.dumps({**CLAIMS, -70001: kept}))


def _raw(payload: bytes) -> bytes:
    return sealed(PROTECTED, payload)


def _header_forgeries() -> Iterator[Forgery]:
    def header(**parts: object) -> bytes:
        written = {int(key[1:]): value for key, value in parts.items()}
        return sealed(cbor2.dumps(written), PAYLOAD)

    r, s = int.from_bytes(SIGNATURE[:32]), int.from_bytes(SIGNATURE[32:])
    yield Forgery("alg none", header(h4=KEY.kid), "algorithm")
    yield Forgery("alg 0", header(h1=0, h4=KEY.kid), "algorithm")
    yield Forgery("alg as text", header(h1="none", h4=KEY.kid), "algorithm")
    yield Forgery("another curve", _on_p384(), "algorithm")
    yield Forgery(
        "swapped kid", sealed(PROTECTED.replace(KEY.kid, OTHER.kid), PAYLOAD), "unknown_issuer"
    )
    yield Forgery("key of another", sealed(PROTECTED, PAYLOAD, key="other issuer"), "signature")
    yield Forgery("no kid", header(h1=-7), "protected_header")
    yield Forgery("short kid", header(h1=-7, h4=KEY.kid[:4]), "protected_header")
    yield Forgery("critical header", header(h1=-7, h2=[99], h4=KEY.kid), "protected_header")
    yield Forgery("header is a list", sealed(cbor2.dumps([1, -7]), PAYLOAD), "protected_header")
    yield Forgery("empty header", sealed(b"", PAYLOAD), "truncated")
    unprotected = assembled(PROTECTED, {4: KEY.kid}, PAYLOAD, SIGNATURE)
    yield Forgery("kid unprotected", unprotected, "unprotected_header")
    yield Forgery("high s", assembled(PROTECTED, {}, PAYLOAD, point(r, ORDER - s)), "high_s")
    yield Forgery("zeros", assembled(PROTECTED, {}, PAYLOAD, bytes(64)), "signature")
    yield Forgery("s is the order", assembled(PROTECTED, {}, PAYLOAD, point(r, ORDER)), "high_s")
    yield Forgery(
        "r over the order", assembled(PROTECTED, {}, PAYLOAD, point(2**256 - 1, s)), "signature"
    )
    yield Forgery(
        "long signature", assembled(PROTECTED, {}, PAYLOAD, SIGNATURE + b"\0"), "signature_length"
    )
    yield Forgery("no signature", assembled(PROTECTED, {}, PAYLOAD, b""), "signature_length")


def _on_p384() -> bytes:
    header = cbor2.dumps({1: -35, 4: KEY.kid})
    signed = cbor2.dumps(["Signature1", header, b"", PAYLOAD])
    key = ec.derive_private_key(sample_scalar("issuer"), ec.SECP384R1())
    r, s = decode_dss_signature(key.sign(signed, ec.ECDSA(SHA384(), deterministic_signing=True)))
    return assembled(header, {}, PAYLOAD, r.to_bytes(48) + s.to_bytes(48))


def _envelope_forgeries() -> Iterator[Forgery]:
    parts = [PROTECTED, {}, PAYLOAD, SIGNATURE]
    yield Forgery("nothing", b"", "truncated")
    yield Forgery("trailing byte", GENUINE + b"\0", "trailing_bytes")
    yield Forgery("twice", GENUINE * 2, "trailing_bytes")
    yield Forgery("cut off", GENUINE[:-1], "truncated")
    yield Forgery("too long", GENUINE + bytes(1600), "too_long")
    yield Forgery("no tag", cbor2.dumps(parts), "not_cose")
    yield Forgery("COSE_Mac0", b"\xd1" + cbor2.dumps(parts), "unknown_tag")
    yield Forgery("tag in a longer form", b"\xd8\x12" + GENUINE[1:], "not_shortest")
    yield Forgery("three parts", cbor2.dumps(cbor2.CBORTag(18, parts[:3])), "not_cose")
    yield Forgery("payload detached", assembled(PROTECTED, {}, None, SIGNATURE), "not_cose")
    yield Forgery("indefinite array", b"\xd2\x9f" + GENUINE[2:] + b"\xff", "indefinite_length")
    huge = b"\xd2\x84\x5b" + b"\x7f" + b"\xff" * 7
    yield Forgery("huge byte string", huge, "huge_length")
    yield Forgery("huge array", b"\xd2\x9b" + b"\x7f" + b"\xff" * 7, "huge_length")
    yield Forgery(
        "huge map", b"\xd2\x84\x43\xa1\x01\x26\xbb" + b"\x7f" + b"\xff" * 7, "huge_length"
    )
    yield Forgery("deep", b"\x81" * 1000, "too_deep")
    yield Forgery("tagged deep", b"\xd2" * 1000, "too_deep")


def _payload_forgeries() -> Iterator[Forgery]:
    inner = cbor2.dumps(CLAIMS[-70001])
    start = PAYLOAD.index(inner)
    head = PAYLOAD[:start]

    def private(body: bytes, count: int) -> bytes:
        return _raw(head + bytes([0xA0 | count]) + body)

    count, body = len(CLAIMS[-70001]), inner[1:]
    number = body[:14]
    yield Forgery("duplicate key", private(number + body, count + 1), "duplicate_keys")
    swapped = body[14 : 14 + 12] + number + body[14 + 12 :]
    yield Forgery("keys not in order", private(swapped, count), "keys_unordered")
    yield Forgery("trailing byte signed", _raw(PAYLOAD + b"\0"), "trailing_bytes")
    yield Forgery(
        "number not shortest", _raw(head[:1] + b"\x18\x01" + head[2:] + inner), "not_shortest"
    )
    yield Forgery("indefinite map", _raw(head + b"\xbf" + body + b"\xff"), "indefinite_length")
    yield Forgery("indefinite text", _raw(b"\xa1\x01\x7f\x61x\xff"), "indefinite_length")
    yield Forgery("a float", _raw(b"\xa1\x06\xf9\x3c\x00"), "floats")
    yield Forgery("undefined", _raw(b"\xa1\x06\xf7"), "simple_value")
    yield Forgery("a bignum", _raw(b"\xa1\x06\xc2\x41\x01"), "unknown_tag")
    yield Forgery("a date tag", _raw(b"\xa1\x06\xc1\x01"), "unknown_tag")
    yield Forgery("not UTF-8", _raw(b"\xa1\x01\x62\xc3\x28"), "utf8_invalid")
    yield Forgery("a surrogate", _raw(b"\xa1\x01\x63\xed\xa0\x80"), "utf8_invalid")
    yield Forgery("bytes as a key", _raw(b"\xa1\x41\x01\x01"), "key_type")
    yield Forgery("true as a key", _raw(b"\xa1\xf5\x01"), "key_type")
    yield Forgery("reserved head", _raw(b"\x1c"), "reserved_head")
    yield Forgery("claims are a list", _raw(b"\x80"), "claim_type")


def _claim_forgeries() -> Iterator[Forgery]:
    for key in (1, 2, 6, 11, 12, 13):
        yield Forgery(f"claim {key} missing", with_claims(**{f"k{key}": None}), "claim_missing")
    outer = {**CLAIMS, 4: 1_900_000_000}
    ordered = {key: outer[key] for key in (1, 4, 6, -70001)}
    yield Forgery("an expiry", _raw(cbor2.dumps(ordered)), "claim_unknown")
    changes: list[tuple[str, dict[str, object], str]] = [
        ("claim 17", {"k17": 1}, "claim_unknown"),
        ("version 1 said", {"k16": 1}, "version_unknown"),
        ("version 2", {"k16": 2}, "version_unknown"),
        ("number is wrong", {"k1": CLAIMS[-70001][1][::-1]}, "number"),
        ("number in small letters", {"k1": CLAIMS[-70001][1].lower()}, "number"),
        ("name not canonical", {"k2": "Zhang San"}, "latin_name"),
        ("name of 41 characters", {"k3": "张" * 41}, "chinese_name"),
        ("name turns the text around", {"k3": "张\u202e三"}, "text_characters"),
        ("name is padded", {"k3": "张三 "}, "text_characters"),
        ("name is empty", {"k3": ""}, "chinese_name"),
        ("birth date as text", {"k4": "19690102"}, "claim_type"),
        ("birth date in the year 10000", {"k4": 2_932_897}, "day_range"),
        ("eight organisations", {"k6": 8}, "orgs"),
        ("organisations are true", {"k6": True}, "claim_type"),
        ("date without bound", {"k9": None}, "dates_incomplete"),
        ("bound without date", {"k7": None, "k8": None}, "dates_incomplete"),
        ("one date of two", {"k8": None}, "dates_incomplete"),
        ("witnessed twice", {"k7": [20_758, 2]}, "claim_type"),
        ("witnessed is true", {"k7": [20_758, True]}, "claim_type"),
        ("check X", {"k11": ["X", None, None]}, "check_code"),
        ("check of three letters", {"k11": ["SRV", None, None]}, "check_code"),
        ("no document was seen", {"k11": ["V", None, 20_776]}, "check_document"),
        ("an unknown document", {"k11": ["V", "library_card", 20_776]}, "check_document"),
        ("self-stated with a document", {"k11": ["S", "passport", None]}, "check_document"),
        ("seen on no day", {"k11": ["V", "passport", None]}, "check_day"),
        ("self-stated on a day", {"k11": ["S", None, 20_776]}, "check_day"),
        ("declared in a fourth way", {"k12": 3}, "declared_as"),
        ("own name and an alias", {"k12": [0, "样本", False]}, "declared_as"),
        ("declared, in a longer form", {"k12": [1, None, False]}, "declared_as"),
        ("status out of the list", {"k13": [1, 2**20]}, "status"),
        ("status without index", {"k13": [1]}, "claim_type"),
        ("commitment of 31 bytes", {"k14": [bytes(31), bytes(32)]}, "commitments"),
        ("one commitment twice", {"k14": [bytes(32), bytes(32)]}, "commitments"),
        ("proof without birth date", {"k4": None}, "commitments_without_birth_date"),
        ("proof without dates", {"k7": None, "k8": None, "k9": None}, "commitments_without_dates"),
    ]
    for name, changed, code in changes:
        yield Forgery(name, with_claims(**changed), code)
    yield Forgery(
        "issued at noon", _raw(cbor2.dumps({**CLAIMS, 6: CLAIMS[6] + 43_200})), "issued_time"
    )
    yield Forgery("no issuer", _raw(cbor2.dumps({**CLAIMS, 1: ""})), "issuer")


FORGERIES = [
    *_header_forgeries(),
    *_envelope_forgeries(),
    *_payload_forgeries(),
    *_claim_forgeries(),
]
assert encode(to_map(USUAL)) == PAYLOAD
