# SPDX-License-Identifier: AGPL-3.0-or-later
"""The signature container of a PAdES B-B signature, and the certificate that goes with it.

It states the document's digest and which certificate signed, and never a time: in PAdES the time
stands in the PDF. Attributes: content-type, message-digest, signing-certificate-v2,
cms-algorithm-protection.

Source: RFC 5652 (CMS), RFC 5035 (signingCertificateV2), RFC 6211, RFC 5758 (ES256), ETSI EN
319 142-1 section 6.3 (B-B).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

from tuidang.registry.certificates.paper.der import (
    element,
    identifier,
    integer,
    octets,
    sequence,
    set_of,
)

_DATA = identifier("1.2.840.113549.1.7.1")
_SIGNED_DATA = identifier("1.2.840.113549.1.7.2")
_CONTENT_TYPE = identifier("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = identifier("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = identifier("1.2.840.113549.1.9.16.2.47")
_ALGORITHM_PROTECTION = identifier("1.2.840.113549.1.9.52")
_SHA256 = sequence(identifier("2.16.840.1.101.3.4.2.1"))
_ES256 = sequence(identifier("1.2.840.10045.4.3.2"))
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336

_LONGEST_COMMON_NAME = 64  # bytes, as the library counts them


@dataclass(frozen=True, slots=True)
class PadesKey:
    """The key that signs papers, and its certificate, which the trust bundle lists."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def make_certificate(
    private: ec.EllipticCurvePrivateKey, *, issuer: str, serial: int, first: date, last: date
) -> x509.Certificate:
    """Make the self-signed certificate of a paper key (P-256).

    `issuer` is the short text of the claims; `serial` is 64 to 159 random bits; valid from the
    beginning of `first` to the end of `last`, UTC. It can sign papers and no other certificate.
    """
    name = x509.Name([x509.NameAttribute(_name_type(issuer), issuer)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(datetime.combine(first, time.min, UTC))
        .not_valid_after(datetime.combine(last, time(23, 59, 59), UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_DOCUMENT_SIGNING]), critical=False)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False
        )
    )
    return builder.sign(private, hashes.SHA256())


def _name_type(issuer: str) -> ObjectIdentifier:
    """Return what kind of name the issuer's is: 60 Chinese characters do not fit a common name."""
    fits = len(issuer.encode()) <= _LONGEST_COMMON_NAME
    return NameOID.COMMON_NAME if fits else NameOID.ORGANIZATION_NAME


def sign_digest(digest: bytes, key: PadesKey) -> bytes:
    """Return the CMS SignedData (DER, detached) over a document with this SHA-256 digest."""
    attributes = [
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, octets(digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, _signing_certificate(key.certificate)),
        _attribute(_ALGORITHM_PROTECTION, sequence(_SHA256, b"\xa1" + _ES256[1:])),
    ]
    signed = set_of(attributes)
    signature = key.private.sign(signed, ec.ECDSA(hashes.SHA256()))
    signer = sequence(
        integer(1),
        sequence(key.certificate.issuer.public_bytes(), integer(key.certificate.serial_number)),
        _SHA256,
        b"\xa0" + signed[1:],  # signed as a SET, carried as [0] (RFC 5652, section 5.4)
        _ES256,
        octets(signature),
    )
    certificates = element(0xA0, key.certificate.public_bytes(Encoding.DER))
    data = sequence(integer(1), set_of([_SHA256]), sequence(_DATA), certificates, set_of([signer]))
    return sequence(_SIGNED_DATA, element(0xA0, data))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return sequence(kind, set_of([value]))


def _signing_certificate(certificate: x509.Certificate) -> bytes:
    """SigningCertificateV2 with SHA-256, which is the default and is therefore left out."""
    return sequence(sequence(sequence(octets(certificate.fingerprint(hashes.SHA256())))))


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
