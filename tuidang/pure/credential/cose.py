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
# ["Signature1", protected, external data (none), payload]: everything before `protected`.
_SIGNED_HEAD = b"\x84" + cbor.encode("Signature1")
_NO_EXTERNAL_DATA = cbor.encode(b"")
_SIGN1_HEAD, _UNPROTECTED = b"\xd2\x84", b"\xa0"


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
    """An issuer's private key on P-256, with what is the same for all it signs."""

    __slots__ = ("_head", "_private", "_signed_head", "kid", "public")

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.public = IssuerPublic.of(private.public_key())
        self.kid = self.public.kid
        self._private = private
        protected = cbor.encode(cbor.encode({_ALGORITHM: _ES256, _KID: self.kid}))
        self._head = _SIGN1_HEAD + protected + _UNPROTECTED
        self._signed_head = _SIGNED_HEAD + protected + _NO_EXTERNAL_DATA

    def sign_payload(self, payload: bytes) -> bytes:
        """Return the COSE_Sign1 of a payload that is deterministic CBOR already."""
        item = cbor.byte_string(payload)
        r, s = decode_dss_signature(self._private.sign(self._signed_head + item, _ECDSA))
        if s > _HALF_ORDER:
            s = _ORDER - s
        signature = r.to_bytes(32) + s.to_bytes(32)
        return self._head + item + cbor.byte_string(signature)


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
    if len(data) > MAX_SIZE:
        raise CoseError("too_long", "more bytes than a certificate has")
    try:
        protected, payload, signature = _parts(cbor.decode(data))
        issuer = issuers.get(_key_id(cbor.decode(protected)))
        if issuer is None:
            raise CoseError("unknown_issuer", "signed with a key that is not known here")
        _verify(issuer, protected, payload, signature)
        return Opened(from_map(cbor.decode(payload)), issuer)
    except (CborError, ClaimsError) as error:
        raise CoseError(error.code, error.message) from error


def _parts(found: Any) -> tuple[bytes, bytes, bytes]:
    """Return protected header, payload and signature of a COSE_Sign1."""
    if type(found) is not Tagged or type(found.value) is not list or len(found.value) != 4:
        raise CoseError("not_cose", "not a COSE_Sign1")
    protected, unprotected, payload, signature = found.value
    if not (type(protected) is type(payload) is type(signature) is bytes):
        raise CoseError("not_cose", "not a COSE_Sign1")
    if type(unprotected) is not dict or unprotected:
        raise CoseError("unprotected_header", "something stands in the unprotected header")
    return protected, payload, signature


def _key_id(header: Any) -> bytes:
    if type(header) is not dict:
        raise CoseError("protected_header", "the protected header is not a map")
    if type(header.get(_ALGORITHM)) is not int or header[_ALGORITHM] != _ES256:
        raise CoseError("algorithm", "another algorithm than ES256")
    kid = header.get(_KID)
    if len(header) != 2 or type(kid) is not bytes or len(kid) != KID_SIZE:
        raise CoseError("protected_header", "not algorithm and key id alone")
    return kid


def _verify(issuer: IssuerPublic, protected: bytes, payload: bytes, signature: bytes) -> None:
    if len(signature) != _SIGNATURE_SIZE:
        raise CoseError("signature_length", "not a signature of ES256")
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if s > _HALF_ORDER:
        raise CoseError("high_s", "the signature is in its second form")
    written = cbor.byte_string(protected) + _NO_EXTERNAL_DATA + cbor.byte_string(payload)
    try:
        issuer.key.verify(encode_dss_signature(r, s), _SIGNED_HEAD + written, _ECDSA)
    except InvalidSignature:
        raise CoseError("signature", "the signature does not fit what is said") from None


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
