# SPDX-License-Identifier: AGPL-3.0-or-later
"""The signature of the paper, as programs that others wrote see it."""

import hashlib
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms, keys
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.registry.certificates.paper_samples import (
    PLAIN,
    PROOF,
    SAMPLES,
    Sample,
    paper_key,
    run,
    signed,
    unsigned,
)
from tuidang.registry.certificates.paper import der
from tuidang.registry.certificates.paper.cms import PadesKey, make_certificate, sign_digest
from tuidang.registry.certificates.paper.errors import NotOurPaper, SignatureTooLarge
from tuidang.registry.certificates.paper.pades import CONTENTS_SIZE, sign_pdf
from tuidang.registry.certificates.paper.paper import make_plain

SIMPLIFIED, DATE_FOLLOWS = SAMPLES[0], SAMPLES[6]


def saved(pdf: bytes, folder: Path) -> Path:
    """Write a file for another program."""
    file = folder / "certificate.pdf"
    file.write_bytes(pdf)
    return file


def own_certificate() -> asn1_x509.Certificate:
    """Return the paper key's certificate as pyHanko takes it."""
    return asn1_x509.Certificate.load(paper_key().certificate.public_bytes(Encoding.DER))


def judged(pdf: bytes) -> Any:
    """Return what pyHanko says of the only signature in a file."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    trust = ValidationContext(trust_roots=[own_certificate()])
    return validate_pdf_signature(signature, signer_validation_context=trust)


def by_pyhanko(pdf: bytes) -> bytes:
    """Return a page as pyHanko itself signs it, PAdES B-B."""
    private = paper_key().private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=own_certificate(),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    how = PdfSignatureMetadata(
        field_name="Signature", subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    return bytes(signers.sign_pdf(writer, how, signer=signer).getvalue())


def container(pdf: bytes) -> Any:
    """Return the signed data in a file, and its only signer."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    content = cms.ContentInfo.load(signature.pkcs7_content)["content"]
    (signer,) = content["signer_infos"]
    return content, signer


def attributes(pdf: bytes) -> dict[str, list[Any]]:
    """Return what a signature states."""
    _, signer = container(pdf)
    return {item["type"].native: item["values"].native for item in signer["signed_attrs"]}


def test_pyhanko_finds_the_signature_sound_and_the_whole_file_covered() -> None:
    """By pyHanko the signature is valid, covers the whole file, and nothing came after it."""
    status = judged(signed(SIMPLIFIED))
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level == ModificationLevel.NONE
    assert status.signer_reported_dt == datetime(2026, 11, 22, tzinfo=UTC)


def test_pdfsig_finds_the_signature_valid(tmp_path: Path) -> None:
    """By pdfsig the signature is valid, of the PAdES kind, over the total document."""
    said = run("pdfsig", saved(signed(SIMPLIFIED), tmp_path))
    assert said.count("Signature #") == 1
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "SHA-256" in said


@pytest.mark.parametrize("sample", [SIMPLIFIED, DATE_FOLLOWS], ids=lambda sample: sample.name)
def test_qpdf_finds_no_fault(sample: Sample, tmp_path: Path) -> None:
    """qpdf checks the file's structure and has nothing to say, signed or not."""
    for pdf in (unsigned(sample), signed(sample)):
        assert "No syntax or stream encoding errors" in run("qpdf", "--check", saved(pdf, tmp_path))


def test_the_attachments_are_the_certificate_and_its_proof(tmp_path: Path) -> None:
    """pdfdetach takes out the two files, byte by byte, under their fixed names."""
    file = saved(signed(SIMPLIFIED), tmp_path)
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    assert (tmp_path / "certificate.tlog-proof").read_bytes() == PROOF
    assert (tmp_path / "certificate.cose").read_bytes()[:2] == b"\xd2\x84"
    assert len(list(tmp_path.iterdir())) == 3


def test_without_a_proof_the_certificate_is_attached_alone(tmp_path: Path) -> None:
    """Where there is no proof nothing stands in its place."""
    said = run("pdfdetach", "-list", saved(signed(DATE_FOLLOWS), tmp_path))
    assert said.split("\n")[:2] == ["1 embedded files", "1: certificate.cose"]


def test_what_was_typeset_stays_as_it_is() -> None:
    """The signature is added after the page: before it, the metadata included, no byte changes."""
    page, paper = unsigned(SIMPLIFIED), signed(SIMPLIFIED)
    assert paper.startswith(page)
    added = paper[len(page) :]
    assert b"/Metadata" not in added.replace(b"/Metadata ", b"", 1)  # the catalog's reference
    assert b"/Type/Metadata" not in added
    assert (added.count(b"%%EOF"), page.count(b"%%EOF")) == (1, 1)


def test_the_page_says_that_it_is_for_the_archive_and_for_everybody(tmp_path: Path) -> None:
    """The metadata claims PDF/A-3a and PDF/UA-1, also after signing; the page is tagged."""
    file = saved(signed(SIMPLIFIED), tmp_path)
    metadata = run("pdfinfo", "-meta", file)
    assert "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    said = re.sub(" +", " ", run("pdfinfo", file))
    assert all(line in said for line in ("Tagged: yes", "Encrypted: no", "Pages: 1"))
    assert all(line in said for line in ("JavaScript: no", "PDF version: 1.7"))


def test_the_signature_is_written_in_one_way_only() -> None:
    """Lower-case digits, then zeros, in a room of fixed size; the two ranges are all the rest."""
    paper = signed(SIMPLIFIED)
    found = re.search(rb"/ByteRange\[0 (\d+) (\d+) (\d+)\] +/Contents<([0-9a-f]+)>", paper)
    assert found is not None
    start, end, rest = (int(found[i]) for i in (1, 2, 3))
    assert len(found[4]) == 2 * CONTENTS_SIZE
    assert (paper[start : start + 1], paper[end - 1 : end]) == (b"<", b">")
    assert (end - start, end + rest) == (2 * CONTENTS_SIZE + 2, len(paper))
    der_bytes = bytes.fromhex(found[4].decode())
    size = 4 + int.from_bytes(der_bytes[2:4])
    assert not any(der_bytes[size:])


def test_it_states_what_pyhanko_states() -> None:
    """The attributes are those that pyHanko writes for PAdES B-B, and which algorithms count."""
    page = unsigned(SIMPLIFIED)
    ours, theirs = attributes(sign_pdf(page, paper_key())), attributes(by_pyhanko(page))
    (algorithms,) = ours.pop("cms_algorithm_protection")  # RFC 6211; pyHanko leaves it out here
    assert algorithms["digest_algorithm"]["algorithm"] == "sha256"
    assert algorithms["signature_algorithm"]["algorithm"] == "sha256_ecdsa"
    assert ours.keys() == theirs.keys()
    assert "signing_time" not in ours
    del ours["message_digest"], theirs["message_digest"]
    certificate, other = (each.pop("signing_certificate_v2")[0]["certs"] for each in (ours, theirs))
    assert [c["cert_hash"] for c in certificate] == [c["cert_hash"] for c in other]
    assert certificate[0]["cert_hash"] == own_certificate().sha256
    assert ours == theirs


def test_its_container_is_der_as_asn1crypto_writes_it() -> None:
    """The container, taken apart and written anew by asn1crypto, is the same; it is P-256."""
    (signature,) = PdfFileReader(io.BytesIO(signed(SIMPLIFIED))).embedded_signatures
    encoded = signature.pkcs7_content
    read = cms.ContentInfo.load(encoded)
    assert read.dump() == encoded.rstrip(b"\0")
    assert read.copy().dump(force=True) == read.dump()
    content, signer = container(signed(SIMPLIFIED))
    assert signer["signature_algorithm"]["algorithm"].native == "sha256_ecdsa"
    assert [each.chosen.dump() for each in content["certificates"]] == [own_certificate().dump()]


def test_it_needs_no_other_entries_than_pyhanko() -> None:
    """The signature dictionary has the entries that pyHanko writes and no name, place or reason."""
    pages = signed(SIMPLIFIED), by_pyhanko(unsigned(SIMPLIFIED))
    ours, theirs = (
        set(PdfFileReader(io.BytesIO(page)).embedded_signatures[0].sig_object) for page in pages
    )
    assert ours == {"/Type", "/Filter", "/SubFilter", "/M", "/ByteRange", "/Contents"}
    assert ours <= theirs


def test_the_field_is_off_the_page_and_will_be_printed_as_nothing() -> None:
    """The field has no picture and no area, and lies outside the page (PDF/A, PDF/UA)."""
    (signature,) = PdfFileReader(io.BytesIO(signed(SIMPLIFIED))).embedded_signatures
    field = signature.sig_field
    left, bottom, right, top = (float(value) for value in field["/Rect"])
    assert (left, bottom) == (right, top)
    assert max(right, top) < 0
    assert (field["/F"], "/AP" in field) == (132, False)


@pytest.mark.parametrize("sample", [SIMPLIFIED, DATE_FOLLOWS], ids=lambda sample: sample.name)
def test_every_byte_is_covered(sample: Sample) -> None:
    """What is hashed is the file without the signature: each byte of it is in one of two ranges."""
    paper = signed(sample)
    digest = attributes(paper)["message_digest"][0]
    found = re.search(rb"/Contents(<[0-9a-f]+>)", paper)
    assert found is not None
    assert digest == hashlib.sha256(paper[: found.start(1)] + paper[found.end(1) :]).digest()


@pytest.mark.parametrize("place", [10, 5_000, 60_000, -3, -200])
def test_a_flipped_byte_is_noticed_by_pyhanko(place: int) -> None:
    """With one bit changed, pyHanko no longer finds the signature intact, or finds no PDF."""
    paper = bytearray(signed(SIMPLIFIED))
    paper[place] ^= 1
    try:
        status = judged(bytes(paper))
    except Exception:
        return  # whatever it raises, it did not accept
    assert not status.bottom_line


def test_plain_paper_can_be_signed_too() -> None:
    """A page without attachments is signed in the same way."""
    assert judged(sign_pdf(make_plain(PLAIN, "Hant"), paper_key())).bottom_line


def test_a_signed_page_is_not_signed_again() -> None:
    """Signing twice, or signing anything that was not typeset here, is refused."""
    page = unsigned(SIMPLIFIED)
    wrong = [
        signed(SIMPLIFIED), page + b" ", page[:-1], page[1:], b"", b"%PDF-1.7\n%%EOF",
        page.replace(b"/Count 1/", b"/Count 2/"), page.replace(b"/Tabs/S", b"/Annots"),
        page.replace(b"/CreationDate(D:20261122000000Z)", b"/CreationDate(D:20261122120000Z)"),
    ]  # fmt: skip
    for pdf in wrong:
        with pytest.raises(NotOurPaper):
            sign_pdf(pdf, paper_key())


def test_a_certificate_without_room_is_refused() -> None:
    """A signature that is larger than its room is not cut off."""
    private = ec.generate_private_key(ec.SECP256R1())
    days = {"first": date(2026, 1, 1), "last": date(2036, 1, 1)}
    certificate = make_certificate(private, issuer="证" * 60, serial=2**140, **days)
    assert len(sign_digest(bytes(32), PadesKey(private, certificate))) < CONTENTS_SIZE
    with pytest.raises(SignatureTooLarge, match="there is room for 2048"):
        _sign_with_a_long_certificate(private)


def _sign_with_a_long_certificate(private: ec.EllipticCurvePrivateKey) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    certificate = make_certificate(
        private, issuer="sample", serial=1, first=date(2026, 1, 1), last=date(2027, 1, 1)
    )
    long = (
        x509.CertificateBuilder()
        .subject_name(certificate.subject)
        .issuer_name(certificate.issuer)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(certificate.not_valid_before_utc)
        .not_valid_after(certificate.not_valid_after_utc)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("x" * 2000)]), critical=False)
        .sign(private, hashes.SHA256())
    )
    sign_pdf(unsigned(SIMPLIFIED), PadesKey(private, long))


def test_the_paper_certificate_can_sign_papers_and_nothing_else() -> None:
    """It is self-signed, for documents, no authority, and names the issuer alone."""
    found = own_certificate()
    assert found.self_signed == "maybe"
    assert found.subject.native == {"common_name": PLAIN.issuer}
    assert found.key_usage_value.native == {"digital_signature", "non_repudiation"}
    assert found.extended_key_usage_value.native == ["1.3.6.1.5.5.7.3.36"]
    assert found.ca is False


@given(st.integers(min_value=0, max_value=2**200))
def test_integers_are_der(value: int) -> None:
    """An INTEGER is as short as can be and never negative: asn1crypto reads the same number."""
    from asn1crypto import core

    encoded = der.integer(value)
    assert core.Integer.load(encoded, strict=True).native == value
    assert encoded == core.Integer(value).dump()


@given(st.lists(st.integers(0, 2**40), max_size=6), st.integers(0, 2), st.integers(0, 39))
def test_identifiers_are_der(rest: list[int], first: int, second: int) -> None:
    """An OBJECT IDENTIFIER is what asn1crypto writes for the same numbers."""
    from asn1crypto import core

    dotted = ".".join(map(str, (first, second, *rest)))
    assert der.identifier(dotted) == core.ObjectIdentifier(dotted).dump()


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_sets_are_in_order_and_lengths_are_der(values: list[bytes]) -> None:
    """A SET OF is in ascending order, and each length is written as short as can be."""
    from asn1crypto import core

    class Octets(core.SetOf):  # type: ignore[misc]
        _child_spec = core.OctetString

    assert der.set_of(map(der.octets, values)) == Octets(values).dump()
