# SPDX-License-Identifier: Apache-2.0
"""The certificate itself: claims in a COSE_Sign1, ES256, one spelling.

The algorithm is fixed and the key is found by the protected key id, never by trying. Bytes are
accepted in one form only: tag 18, protected {1: -7, 4: key id}, nothing unprotected, s in the
lower half. The signature is checked before anybody reads what was signed.

Source: RFC 9052 section 4 (COSE_Sign1), RFC 9053 section 2.1 (ES256), RFC 8392 (CWT), and
`certificates.md` section 3.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tuidang.pure.credential import cbor
from tuidang.pure.credential.cbor import CborError, Tagged
from tuidang.pure.credential.claims import Claims, ClaimsError, from_map, to_map
from tuidang.pure.merkle.errors import FormatError

KID_SIZE = 8
MAX_SIZE = 1600

_ALGORITHM, _KID = 1, 4
_ES256 = -7
_CURVE = ec.SECP256R1()
_ECDSA = ec.ECDSA(SHA256())
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HALF_ORDER = _ORDER // 2
_SIGNATURE_SIZE = 64
_SIGNED_HEAD = b"\x84" + cbor.encode("Signature1")
_NO_EXTERNAL_DATA = cbor.encode(b"")
# The protected header {1: -7, 4: key id} before the key id, and all that comes before that.
_HEADER_HEAD = cbor.encode({_ALGORITHM: _ES256, _KID: bytes(KID_SIZE)})[:-KID_SIZE]
_SIGN1_HEAD = b"\xd2\x84" + cbor.byte_string(_HEADER_HEAD + bytes(KID_SIZE))[:-KID_SIZE]
_UNPROTECTED = cbor.encode({})
_PAYLOAD_AT = len(_SIGN1_HEAD) + KID_SIZE + len(_UNPROTECTED)


class CoseError(FormatError):
    """Bytes are not a certificate of an issuer that is known here.

    `code` is one of: too_long; not_cose (another structure), protected_header,
    unprotected_header, algorithm, unknown_issuer, signature_length, high_s, signature; a code
    of CborError where the bytes are not deterministic CBOR; or a code of ClaimsError where an
    issuer has signed what a certificate must not say.
    """


class KeyFormatError(FormatError):
    """A key is not an ES256 key; `code` is jwk_malformed, curve or point."""


@dataclass(frozen=True, slots=True)
class IssuerPublic:
    """An issuer's public key on P-256, and its key id of 8 bytes."""

    kid: bytes
    key: ec.EllipticCurvePublicKey = field(compare=False)

    @classmethod
    def of(cls, key: ec.EllipticCurvePublicKey) -> Self:
        """Return a key under its own id; raises KeyFormatError on another curve."""
        if not isinstance(key.curve, ec.SECP256R1):
            raise KeyFormatError("curve", "a key on another curve than P-256")
        return cls(hashlib.sha256(_spki(key)).digest()[:KID_SIZE], key)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, object]) -> Self:
        """Return the key of a JWK (RFC 7517) that holds nothing but a P-256 public key."""
        if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256":
            raise KeyFormatError("curve", "a key on another curve than P-256")
        if set(jwk) != {"kty", "crv", "x", "y"}:
            raise KeyFormatError("jwk_malformed", "not a plain public key")
        numbers = ec.EllipticCurvePublicNumbers(
            _coordinate(jwk["x"]), _coordinate(jwk["y"]), _CURVE
        )
        try:
            return cls.of(numbers.public_key())
        except ValueError as error:
            raise KeyFormatError("point", "not a point on the curve") from error

    def jwk(self) -> dict[str, str]:
        """Return the key as a JWK."""
        numbers = self.key.public_numbers()
        x, y = (_base64url(each.to_bytes(32)) for each in (numbers.x, numbers.y))
        return {"crv": "P-256", "kty": "EC", "x": x, "y": y}

    @property
    def kid_text(self) -> str:
        """The key id in base64url without padding, as a trust bundle has it."""
        return _base64url(self.kid)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the key's SPKI in hex, in groups of four, for reading aloud."""
        digest = hashlib.sha256(_spki(self.key)).hexdigest()
        return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


class IssuerKey:
    """An issuer's private key on P-256; `public` is its other half, `kid` the id of both."""

    __slots__ = ("_private", "kid", "public")

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.public = IssuerPublic.of(private.public_key())
        self.kid = self.public.kid
        self._private = private

    def sign_payload(self, payload: bytes) -> bytes:
        """Return the COSE_Sign1 of a payload that is deterministic CBOR already."""
        signed = _to_be_signed(_HEADER_HEAD + self.kid, payload)
        r, s = decode_dss_signature(self._private.sign(signed, _ECDSA))
        if s > _HALF_ORDER:
            s = _ORDER - s
        return _assembled(self.kid, payload, r.to_bytes(32) + s.to_bytes(32))


@dataclass(frozen=True, slots=True)
class Opened:
    """The claims of a certificate whose signature holds, and whose it is."""

    claims: Claims
    issuer: IssuerPublic


def sign(claims: Claims, key: IssuerKey) -> bytes:
    """Return the bytes of the certificate."""
    return key.sign_payload(cbor.encode_ordered(to_map(claims)))


def open_signed(data: bytes, issuers: Mapping[bytes, IssuerPublic]) -> Opened:
    """Return what one of these issuers (by key id) has signed; raises CoseError otherwise."""
    try:
        payload, issuer = verified_payload(data, issuers)
        return Opened(from_map(cbor.decode(payload)), issuer)
    except (CborError, ClaimsError) as error:
        raise CoseError(error.code, error.message) from error


def verified_payload(
    data: bytes, issuers: Mapping[bytes, IssuerPublic]
) -> tuple[bytes, IssuerPublic]:
    """Return the bytes that one of these issuers has signed, whatever they say, and whose they are.

    Raises CoseError, or CborError where the bytes around them are not deterministic CBOR.
    """
    if len(data) > MAX_SIZE:
        raise CoseError("too_long", "more bytes than a certificate has")
    kid, payload, signature = _parts(data)
    issuer = issuers.get(kid)
    if issuer is None:
        raise CoseError("unknown_issuer", "signed with a key that is not known here")
    _verify(issuer, _HEADER_HEAD + kid, payload, signature)
    return payload, issuer


def _assembled(kid: bytes, payload: bytes, signature: bytes) -> bytes:
    """Return the one form in which a certificate is written."""
    return (
        _SIGN1_HEAD + kid + _UNPROTECTED + cbor.byte_string(payload) + cbor.byte_string(signature)
    )


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return key id, payload and signature of bytes in their one form; raises CoseError.

    In that form the parts can only be in their places, so nothing needs to be read to find them.
    """
    start = _PAYLOAD_AT + (2 if data[_PAYLOAD_AT : _PAYLOAD_AT + 1] == b"\x58" else 3)
    kid, signature = data[len(_SIGN1_HEAD) : _PAYLOAD_AT - 1], data[-_SIGNATURE_SIZE:]
    payload = data[start : -_SIGNATURE_SIZE - 2]
    if _assembled(kid, payload, signature) != data:
        return _read_parts(cbor.decode(data))
    return kid, payload, signature


def _read_parts(found: Any) -> tuple[bytes, bytes, bytes]:
    """Return key id, payload and signature of what was read, or raise what is wrong with it."""
    if type(found) is not Tagged or type(found.value) is not list or len(found.value) != 4:
        raise CoseError("not_cose", "not a COSE_Sign1")
    protected, unprotected, payload, signature = found.value
    if not (type(protected) is type(payload) is type(signature) is bytes):
        raise CoseError("not_cose", "not a COSE_Sign1")
    if type(unprotected) is not dict or unprotected:
        raise CoseError("unprotected_header", "something stands in the unprotected header")
    header = cbor.decode(protected)
    if type(header) is dict and (
        type(header.get(_ALGORITHM)) is not int or header[_ALGORITHM] != _ES256
    ):
        raise CoseError("algorithm", "another algorithm than ES256")
    if protected[:-KID_SIZE] != _HEADER_HEAD:
        raise CoseError("protected_header", "not algorithm and key id alone")
    if len(signature) != _SIGNATURE_SIZE:
        raise CoseError("signature_length", "not a signature of ES256")
    return protected[-KID_SIZE:], payload, signature


def _verify(issuer: IssuerPublic, protected: bytes, payload: bytes, signature: bytes) -> None:
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if s > _HALF_ORDER:
        raise CoseError("high_s", "the signature is in its second form")
    try:
        issuer.key.verify(encode_dss_signature(r, s), _to_be_signed(protected, payload), _ECDSA)
    except InvalidSignature:
        raise CoseError("signature", "the signature does not fit what is said") from None


def _to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Return ["Signature1", protected header, external data (none), payload]."""
    return (
        _SIGNED_HEAD + cbor.byte_string(protected) + _NO_EXTERNAL_DATA + cbor.byte_string(payload)
    )


def _spki(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _coordinate(text: object) -> int:
    """Return a coordinate from exactly 32 bytes in base64url without padding."""
    try:
        data = base64.b64decode(f"{text}=", altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise KeyFormatError("jwk_malformed", "not a coordinate") from error
    if len(data) != 32 or _base64url(data) != text:
        raise KeyFormatError("jwk_malformed", "not a coordinate")
    return int.from_bytes(data)
