# SPDX-License-Identifier: AGPL-3.0-or-later
"""PDFs that the issuer's own key has signed, and that are wrong all the same; and containers."""

import hashlib
import re

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.verify.certificate.code_cases import GENUINE
from tests.verify.certificate.made import OWN, VERIFY_HOST
from tests.verify.certificate.paper_cases import original
from tests.verify.certificate.proof_cases import PROOF
from tests.verify.certificate.sample_bundle import claims_of, pades_key
from tuidang.pure.credential.proof import encode
from tuidang.registry.certificates.paper.cms import sign_digest
from tuidang.registry.certificates.paper.pades import sign_pdf
from tuidang.registry.certificates.paper.paper import make_pdf
from tuidang.verify.certificate.pdf import PdfError, open_pdf
from tuidang.verify.certificate.signed_data import SignedDataError, verify_signed_data

KEY = pades_key("issuer")
CERTIFICATES = [KEY.certificate.public_bytes(Encoding.DER)]
DIGEST = hashlib.sha256(b"sample").digest()


def refused(data: bytes) -> str:
    """Return the reason for which a PDF is refused."""
    with pytest.raises(PdfError) as caught:
        open_pdf(data, CERTIFICATES)
    return caught.value.code


def test_what_is_in_a_paper_comes_out() -> None:
    """Certificate, proof and the words of the page."""
    contained = open_pdf(original(), CERTIFICATES)
    assert contained.cose[:2] == GENUINE[:2]
    assert contained.proof == encode(PROOF)
    assert "ZHANG, SAN" in contained.page


def test_a_page_that_was_revised_before_it_was_signed_is_refused() -> None:
    """Two revisions are what the issuer makes: a third, even under its signature, is refused."""
    page = make_pdf(GENUINE, encode(PROOF), claims_of(OWN), "Hans", verify_host=VERIFY_HOST)
    found = re.search(rb"startxref\n(\d+)\n%%EOF\n?\Z", page)
    assert found
    table, more = int(found[1]), b"%\nstartxref\n0\n"
    end = page[table : found.start(1)] + b"%d" % (table + len(more)) + page[found.end(1) :]
    assert refused(sign_pdf(page[:table] + more + end, KEY)) == "pdf_revisions"


def test_a_file_that_cannot_be_read_is_refused_under_any_signature() -> None:
    """What is signed and is no document gets a reason, and no error."""
    data = b"%PDF-1.7\n\nstartxref\n1\n%%EOF\n\nstartxref\n2\n/ByteRange[0 "
    size = len(data) + 34 + len(b"/Contents")
    tail = b"\n%%EOF\n"
    ranges = b"%d %d %d]" % (size - 12, size - 12 + 4098, len(tail))
    before = (data + ranges).ljust(size - 12 - 9) + b"/Contents"
    digest = hashlib.sha256(before + tail).digest()
    digits = sign_digest(digest, KEY).hex().ljust(4096, "0").encode()
    assert refused(before + b"<" + digits + b">" + tail) == "pdf_unreadable"


def test_no_byte_of_a_container_can_change() -> None:
    """Each byte of the signature container, and each byte less or more, is noticed."""
    data = sign_digest(DIGEST, KEY)
    verify_signed_data(data, DIGEST, CERTIFICATES)
    changed = [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in range(len(data))]
    for each in (*changed, data[:-1], data + b"\0", b""):
        with pytest.raises(SignedDataError):
            verify_signed_data(each, DIGEST, CERTIFICATES)


def test_a_container_is_for_one_document_and_one_signer() -> None:
    """Another digest is a changed document, another certificate a stranger."""
    data = sign_digest(DIGEST, KEY)
    stranger = pades_key("stranger").certificate.public_bytes(Encoding.DER)
    for digest, certificates, code in (
        (hashlib.sha256(b"other").digest(), CERTIFICATES, "pdf_signature"),
        (DIGEST, [stranger], "pdf_signer_unknown"),
        (DIGEST, [], "pdf_signer_unknown"),
    ):
        with pytest.raises(SignedDataError) as caught:
            verify_signed_data(data, digest, certificates)
        assert caught.value.code == code
