# SPDX-License-Identifier: Apache-2.0
"""The check itself: bytes and a bundle in, a verdict out.

Knows what kind of file it has by its first bytes, never by its name. It must never raise for
what a stranger hands in, and never say valid for anything but what the issuer wrote.

Source: `certificates.md` sections 3 and 4.
"""

from collections.abc import Callable
from datetime import date

from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.cose import CoseError, Opened, open_signed
from tuidang.pure.credential.face_code import CodeError, read_code
from tuidang.pure.credential.proof import CertificateProof, parse
from tuidang.pure.credential.status_list import read_status
from tuidang.pure.merkle.errors import FormatError
from tuidang.verify.certificate.dates import Dates, check_proof
from tuidang.verify.certificate.page_text import is_page_of
from tuidang.verify.certificate.pdf import MAGIC, PdfError, open_pdf
from tuidang.verify.certificate.pictures import PictureError, is_picture, read_picture
from tuidang.verify.certificate.signed_data import SignedDataError
from tuidang.verify.certificate.trust import Bundle
from tuidang.verify.certificate.verdict import REASONS, Verdict
from tuidang.verify.errors import ProofContradicts

MAX_FILE_SIZE = 20_000_000
MAX_TEXT_SIZE = 20_000
COSE_START = b"\xd2\x84"  # tag 18, an array of four
PDF, PICTURE, TEXT, COSE, NUMBER = "pdf", "picture", "text", "cose", "number"
_CODES = {
    "code_unreadable": "not_a_code",
    "code_too_long": "code_too_long",
    "leading_zero": "leading_zero",
    "lead_byte": "code_damaged",
    "base45": "code_damaged",
}
_STATUS = {0: None, 1: "revoked", 3: "superseded"}


class _Refused(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_REFUSALS = (_Refused, PdfError, SignedDataError, PictureError, ProofContradicts)


def check_bytes(
    data: bytes,
    bundle: Bundle,
    *,
    today: date,
    read_picture: Callable[[bytes], bytes] = read_picture,
) -> Verdict:
    """Return the verdict on a file: PDF, PNG or JPEG picture, text of a code, bare COSE bytes.

    A server gives a `read_picture` of its own, since pictures can take long.
    """
    via = _kind(data)
    try:
        if len(data) > MAX_FILE_SIZE:
            raise _Refused("file_too_large")
        if via == PDF:
            return _check_pdf(data, bundle, today)
        cose = read_picture(data) if via == PICTURE else data
        if via == TEXT:
            cose = _read_text(data)
        return check_cose(cose, None, bundle, today=today, via=via)
    except _REFUSALS as error:
        return refusal(error.code, bundle, via)


def check_cose(
    cose: bytes,
    proof: CertificateProof | None,
    bundle: Bundle,
    *,
    today: date,
    via: str = COSE,
) -> Verdict:
    """Return the verdict on the bytes of a certificate, with the proof that came along, if any."""
    try:
        opened = _open(cose, bundle)
        dates = check_proof(opened.claims, proof, bundle)
    except _REFUSALS as error:
        return refusal(error.code, bundle, via)
    return _judge(opened, dates, bundle, today, via)


def _kind(data: bytes) -> str:
    if data.startswith(MAGIC):
        return PDF
    if is_picture(data):
        return PICTURE
    return COSE if data.startswith(COSE_START) else TEXT


def _check_pdf(data: bytes, bundle: Bundle, today: date) -> Verdict:
    contained = open_pdf(data, bundle.pades_certificates)
    opened = _open(contained.cose, bundle)
    if (contained.proof is None) != (opened.claims.commitments is None):
        raise PdfError("pdf_attachments")
    proof = None if contained.proof is None else _parse_proof(contained.proof)
    dates = check_proof(opened.claims, proof, bundle)
    if not is_page_of(contained.page, opened.claims):
        raise PdfError("pdf_face")
    return _judge(opened, dates, bundle, today, PDF)


def _read_text(data: bytes) -> bytes:
    if len(data) > MAX_TEXT_SIZE:
        raise _Refused("file_unknown")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise _Refused("file_unknown") from error
    try:
        return read_code(text)
    except CodeError as error:
        raise _Refused(_CODES[error.code]) from error


def _open(cose: bytes, bundle: Bundle) -> Opened:
    try:
        opened = open_signed(cose, bundle.keys)
    except CoseError as error:
        raise _Refused(cose_reason(error.code)) from error
    if not bundle.issuers[opened.issuer.kid].period.holds(opened.claims.issued):
        raise _Refused("key_not_in_force")
    return opened


def _parse_proof(data: bytes) -> CertificateProof:
    try:
        return parse(data)
    except FormatError as error:
        raise ProofContradicts("proof_unreadable") from error


def _judge(opened: Opened, dates: Dates, bundle: Bundle, today: date, via: str) -> Verdict:
    """Look up the status, which alone can still speak against a genuine certificate."""
    status, known = _status(opened.claims, bundle)
    reason = _STATUS.get(status, "status_unknown") or dates.reason
    return Verdict(
        REASONS[reason].outcome,
        reason,
        bundle.issued,
        via,
        opened.claims,
        dates,
        opened.issuer.fingerprint,
        fresh=known and bundle.is_fresh(today),
    )


def _status(claims: Claims, bundle: Bundle) -> tuple[int, bool]:
    """Return the status of a certificate, and whether the bundle's lists tell it."""
    number, index = claims.status
    data = bundle.status_lists.get(number)
    return (0, False) if data is None else (read_status(data, index), True)


def refusal(reason: str, bundle: Bundle, via: str) -> Verdict:
    """Return the verdict on what is refused for this reason."""
    return Verdict(REASONS[reason].outcome, reason, bundle.issued, via)


_AS_REASON = {
    "too_long": "huge_length",
    "protected_header": "not_canonical",
    "signature_length": "signature",
}
_CBOR = frozenset({
    "truncated",
    "not_shortest",
    "indefinite_length",
    "reserved_head",
    "keys_unordered",
    "key_type",
    "floats",
    "simple_value",
    "unknown_tag",
    "too_deep",
    "utf8_invalid",
    "value_type",
    "integer_range",
})  # fmt: skip


def cose_reason(code: str) -> str:
    """Return the reason in a verdict for a code of CoseError: those not named are of claims."""
    if code in _CBOR:
        return "not_canonical"
    code = _AS_REASON.get(code, code)
    return code if code in REASONS else "claims"
