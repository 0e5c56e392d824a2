# SPDX-License-Identifier: Apache-2.0
"""The one signature container that the issuer of a PDF writes, and no other.

It is not parsed: it is written again from what it must say (certificate, digest), and must
then be equal byte by byte, but for the signature itself. So no parser of ASN.1 meets bytes
from a stranger, and nothing can be hidden in one.

Source: RFC 5652 (CMS), RFC 5035 (signingCertificateV2), RFC 6211, ETSI EN 319 142-1.
"""

import hashlib
from collections.abc import Iterable

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_ALGORITHM_PROTECTION = bytes.fromhex("06092a864886f70d010934")
_SHA256 = bytes.fromhex("300b0609608648016503040201")
_ES256 = bytes.fromhex("300a06082a8648ce3d040302")
_SEQUENCE, _SET, _OCTETS, _INTEGER, _CONTEXT = 0x30, 0x31, 0x04, 0x02, 0xA0
_SIGNATURE_SIZES = range(8, 73)  # DER of two numbers of up to 33 bytes


class SignedDataError(ValueError):
    """The container is not the issuer's; `code` is pdf_signer_unknown or pdf_signature."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def verify_signed_data(data: bytes, digest: bytes, certificates: Iterable[bytes]) -> None:
    """Check a container (DER) over a document with this SHA-256 digest.

    `certificates` are DER; the signer's must be among them. Raises SignedDataError.
    """
    certificate = next((each for each in certificates if each in data), None)
    if certificate is None:
        raise SignedDataError("pdf_signer_unknown")
    signer = x509.load_der_x509_certificate(certificate)
    signature, attributes = _signature_at_end(data), _attributes(certificate, digest)
    key = signer.public_key()
    expected = _signed_data(signer, certificate, attributes, signature)
    if data != expected or not isinstance(key, ec.EllipticCurvePublicKey):
        raise SignedDataError("pdf_signature")
    try:
        key.verify(signature, attributes, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise SignedDataError("pdf_signature") from None


def _signature_at_end(data: bytes) -> bytes:
    """Return what stands at the end as the signature: an octet string with a sequence in it."""
    for size in _SIGNATURE_SIZES:
        if data[-size - 2 : -size + 2] == bytes((_OCTETS, size, _SEQUENCE, size - 2)):
            return data[-size:]
    raise SignedDataError("pdf_signature")


def _attributes(certificate: bytes, digest: bytes) -> bytes:
    """Return what is signed: the attributes as a SET OF."""
    fingerprint = _element(_OCTETS, hashlib.sha256(certificate).digest())
    identity = _sequence(_sequence(_sequence(fingerprint)))
    attributes = [
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, _element(_OCTETS, digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, identity),
        _attribute(_ALGORITHM_PROTECTION, _sequence(_SHA256, b"\xa1" + _ES256[1:])),
    ]
    return _element(_SET, *sorted(attributes))


def _signed_data(
    signer: x509.Certificate, certificate: bytes, attributes: bytes, signature: bytes
) -> bytes:
    one = _element(_INTEGER, b"\x01")
    serial = signer.serial_number
    number = _element(_INTEGER, serial.to_bytes(serial.bit_length() // 8 + 1))
    info = _sequence(
        one,
        _sequence(signer.issuer.public_bytes(), number),
        _SHA256,
        bytes([_CONTEXT]) + attributes[1:],  # signed as a SET, carried as [0]
        _ES256,
        _element(_OCTETS, signature),
    )
    content = _sequence(
        one,
        _element(_SET, _SHA256),
        _sequence(_DATA),
        _element(_CONTEXT, certificate),
        _element(_SET, info),
    )
    return _sequence(_SIGNED_DATA, _element(_CONTEXT, content))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return _sequence(kind, _element(_SET, value))


def _sequence(*parts: bytes) -> bytes:
    return _element(_SEQUENCE, *parts)


def _element(tag: int, *parts: bytes) -> bytes:
    """Return one element of DER (X.690)."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(length))) + length + content
