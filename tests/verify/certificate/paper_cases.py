# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cases of the common set that are papers: PDFs and pictures of the page."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from pypdf import PdfReader, PdfWriter

from tests.verify.certificate import proof_cases
from tests.verify.certificate.code_cases import as_png, dateless
from tests.verify.certificate.made import ALIAS, LOG_OF_ALL, OTHER, OWN, VERIFY_HOST, Made
from tests.verify.certificate.proof_cases import PROOF
from tests.verify.certificate.sample_bundle import (
    ISSUER,
    LIST,
    REVOKED_INDEX,
    STRANGER,
    SUPERSEDED_INDEX,
    claims_of,
    pades_key,
)
from tests.verify.certificate.sample_log import certificate_proof
from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.cose import IssuerKey, sign
from tuidang.pure.credential.face import Script
from tuidang.pure.credential.proof import CertificateProof, encode
from tuidang.registry.certificates.paper.pades import sign_pdf
from tuidang.registry.certificates.paper.paper import make_pdf, make_png
from tuidang.registry.certificates.paper.sheet import attachments, sheet_with_code
from tuidang.registry.certificates.paper.typesetter import set_pdf

_GAP = re.compile(rb"/Contents<([0-9a-f]+)>")


def paper(
    claims: Claims,
    proof: CertificateProof | bytes | None = None,
    *,
    script: Script = "Hans",
    key: IssuerKey = ISSUER,
    paper_key: str = "issuer",
    shown: Claims | None = None,
) -> bytes:
    """Return a signed PDF; `shown` is what its page says, where that is something else."""
    attached = encode(proof) if isinstance(proof, CertificateProof) else proof
    cose = sign(claims, key)
    made = make_pdf(cose, attached, shown or claims, script, verify_host=VERIFY_HOST)
    return sign_pdf(made, pades_key(paper_key))


@cache
def original() -> bytes:
    """Return the genuine PDF from which the forged ones are made."""
    return paper(claims_of(OWN), PROOF)


def genuine() -> Iterator[Made]:
    """Yield papers as they are handed out."""
    yield Made("pdf-proven.pdf", original(), "valid", "dates_proven")
    long = claims_of(
        ALIAS, birth_place="样本省样本市 Sample", branch="样本 sample", chinese_name="𠮷野直骨次"
    )
    proof = certificate_proof(LOG_OF_ALL, ALIAS)
    hant = paper(long, proof, script="Hant")
    yield Made("pdf-traditional.pdf", hant, "valid", "dates_proven")
    without = paper(claims_of(OWN, commitments=None))
    yield Made("pdf-without-proof.pdf", without, "valid", "dates_stated")
    nameless = claims_of(OWN, commitments=None, birth_date=None, chinese_name=None)
    yield Made("pdf-without-birth-date.pdf", paper(nameless), "valid", "dates_stated")
    yield Made("pdf-date-follows.pdf", paper(dateless()), "valid", "dates_follow")
    for index, word in ((REVOKED_INDEX, "revoked"), (SUPERSEDED_INDEX, "superseded")):
        data = paper(claims_of(OWN, status=(LIST, index)), PROOF)
        yield Made(f"pdf-{word}.pdf", data, word, word)
    yield Made("pdf-old-bundle.pdf", original(), "valid", "dates_proven", "old", fresh=False)
    yield from _dated(proof_cases.genuine())
    page = make_png(sign(claims_of(OWN), ISSUER), claims_of(OWN), "Hans", verify_host=VERIFY_HOST)
    yield Made("page-scan.png", page, "valid", "dates_stated")
    yield Made("page-photo.jpg", _photo(page), "valid", "dates_stated")


def forged() -> Iterator[Made]:
    """Yield papers that must be refused, each with its reason."""
    for name, data, reason in (*_changed(), *_signed_again(), *_wrong_inside()):
        yield Made(f"pdf-{name}.pdf", data, "altered", reason)
    claims = claims_of(OWN)
    stranger = paper(claims, PROOF, paper_key="stranger")
    yield Made("pdf-by-a-stranger.pdf", stranger, "not_ours", "pdf_signer_unknown")
    unknown = paper(claims, PROOF, key=STRANGER)
    yield Made("pdf-unknown-issuer.pdf", unknown, "not_ours", "unknown_issuer")
    yield from _dated(proof_cases.forged())


def _dated(cases: Iterator[proof_cases.Dated]) -> Iterator[Made]:
    for each in cases:
        data = paper(each.claims, each.proof)
        yield Made(f"proof-{each.name}.pdf", data, each.outcome, each.reason, each.bundle)


def _changed() -> Iterator[tuple[str, bytes, str]]:
    """Yield the original with bytes changed, added or cut off."""
    data = original()
    gap = _GAP.search(data)
    assert gap
    for part in (20, 3, 2):
        place = len(data) // part
        yield f"flipped-{place}", _flipped(data, place), "pdf_signature"
    yield "other-signature", _other_digit(data, gap.start(1) + 1200), "pdf_signature"
    upper = data[: gap.start(1)] + gap[1].upper() + data[gap.end(1) :]
    yield "upper-case", upper, "pdf_signature_form"
    padded = data[: gap.end(1) - 1] + b"1" + data[gap.end(1) :]
    yield "padding", padded, "pdf_signature_form"
    yield "byte-added", data + b"\n", "pdf_added_to"
    yield "cut-off", data[:-8], "pdf_added_to"
    yield "first-revision", data[: data.index(b"%%EOF") + 6], "pdf_not_signed"
    revised = IncrementalPdfFileWriter(io.BytesIO(data))
    revised.root["/Lang"] = revised.root.raw_get("/Lang")
    revised.update_root()
    file = io.BytesIO()
    revised.write(file)
    yield "appended-revision", file.getvalue(), "pdf_added_to"
    saved, anew = PdfWriter(clone_from=PdfReader(io.BytesIO(data))), io.BytesIO()
    del saved.root_object["/AcroForm"], saved.pages[0]["/Annots"]
    saved.write(anew)
    yield "saved-anew", anew.getvalue(), "pdf_signature_form"


def _signed_again() -> Iterator[tuple[str, bytes, str]]:
    """Yield papers with signatures that the issuer does not make."""
    data = original()
    yield "second-signature", _by_pyhanko(data), "pdf_second_signature"
    unsigned = make_pdf(
        sign(claims_of(OWN), ISSUER), encode(PROOF), claims_of(OWN), "Hans", verify_host=VERIFY_HOST
    )
    yield "unsigned", unsigned, "pdf_not_signed"
    yield "signed-otherwise", _by_pyhanko(unsigned), "pdf_signature_form"


def _wrong_inside() -> Iterator[tuple[str, bytes, str]]:
    """Yield papers that the issuer's own key has signed, and that are wrong all the same."""
    claims = claims_of(OWN)
    renamed = replace(claims, latin_name="ZHANG<<SI", chinese_name="张四")
    yield "other-face", paper(claims, PROOF, shown=renamed), "pdf_face"
    dated = claims_of(OWN, issued=claims.issued.replace(year=2020))
    yield "other-day-on-face", paper(claims, PROOF, shown=dated), "pdf_face"
    yield "proof-left-out", paper(claims), "pdf_attachments"
    yield "proof-not-wanted", paper(replace(claims, commitments=None), PROOF), "pdf_attachments"
    yield "proof-damaged", paper(claims, encode(PROOF)[:-10]), "proof_unreadable"
    yield "proof-of-nothing", paper(claims, b"sample"), "proof_unreadable"
    yield "inside-altered", _with_files(claims, _altered_cose(claims)), "signature"
    more = [*attachments(sign(claims, ISSUER), encode(PROOF)), _other_file()]
    yield "file-added", _with_files(claims, more), "pdf_attachments"
    yield "file-missing", _with_files(claims, [_other_file()]), "pdf_attachments"
    other = replace(PROOF, link=certificate_proof(LOG_OF_ALL, OTHER).link)
    yield "link-of-another", paper(claims, other), "proof_link"


def _with_files(claims: Claims, files: list[dict[str, object]]) -> bytes:
    page = sheet_with_code(claims, "Hans", sign(claims, ISSUER), VERIFY_HOST)
    return sign_pdf(set_pdf(page | {"files": files}), pades_key("issuer"))


def _altered_cose(claims: Claims) -> list[dict[str, object]]:
    changed = sign(claims, ISSUER).replace(b"ZHANG", b"ZHENG")
    return attachments(changed, encode(PROOF))


def _other_file() -> dict[str, object]:
    (file,) = attachments(b"sample", None)
    return file | {"name": "sample.txt", "type": "text/plain"}


def _by_pyhanko(data: bytes) -> bytes:
    """Sign with pyHanko's own signer, by a certificate of the bundle."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    metadata = signers.PdfSignatureMetadata(
        field_name="Second", subfilter=fields.SigSeedSubFilter.PADES
    )
    key = pades_key("issuer")
    private = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(key.certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(private),
        cert_registry=SimpleCertificateStore(),
    )
    signed = signers.sign_pdf(writer, metadata, signer)
    return bytes(signed.getbuffer())


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def _other_digit(data: bytes, place: int) -> bytes:
    """Change a digit into another one: a flipped bit could make something else of it."""
    digit = b"1" if data[place : place + 1] == b"0" else b"0"
    return data[:place] + digit + data[place + 1 :]


def _photo(page: bytes) -> bytes:
    """Return the page as from a phone: turned a little, uneven light, JPEG."""
    with Image.open(io.BytesIO(page)) as picture:
        grey = picture.convert("L")
    light = Image.linear_gradient("L").resize(grey.size).point([90 + v // 2 for v in range(256)])
    shaded = Image.composite(grey, Image.new("L", grey.size, 60), light)
    turned = shaded.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor=70)
    return as_png(turned, "JPEG")
