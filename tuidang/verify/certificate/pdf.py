# SPDX-License-Identifier: Apache-2.0
"""A certificate as PDF: is it, byte by byte, what the issuer signed, and what is in it.

The signature over the whole file is checked on the bare bytes, before anything reads the
document: a stranger's PDF never meets a PDF reader here. After that the file is the issuer's,
and what its page says is held against the certificate in it.

The order of the checks, which other programs keep too: one signature, over the whole file,
in the issuer's spelling, by a certificate of the bundle; two revisions; attachments; the
certificate; its proof; the page.

Source: `certificates.md` section 3; ISO 32000-1 sections 7.5.6, 7.11.4 and 12.8.1.
"""

import hashlib
import io
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tuidang.verify.certificate.signed_data import verify_signed_data

MAGIC = b"%PDF-"
CERTIFICATE, PROOF = "certificate.cose", "certificate.tlog-proof"
CONTENTS_SIZE = 2048  # bytes kept for the signature container, which zeros fill up
_BYTE_RANGE = re.compile(rb"/ByteRange ?\[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\] */Contents ?<")
_HEX = re.compile(rb"[0-9a-f]*")
_REVISION = re.compile(rb"[\r\n]startxref[\r\n]")
_DRAWING = re.compile(rb"(?:(?:h|[-0-9.]+ [-0-9.]+ [lm])[ \n]){40,}")
_REVISIONS = 2  # the page as it was set, and the signature


# What the reader remarks on the way is for nobody: a line in a server's log would tell that a
# certificate was checked.
_remarks = logging.getLogger("pypdf")
_remarks.addHandler(logging.NullHandler())
_remarks.propagate = False


class PdfError(ValueError):
    """The PDF is not as the issuer made it; `code` is one of the reasons beginning with pdf_."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Contained:
    """What a signed PDF holds: certificate, proof if any, and the words on its page."""

    cose: bytes
    proof: bytes | None
    page: str


def open_pdf(data: bytes, certificates: Iterable[bytes]) -> Contained:
    """Return what is in a PDF that one of these certificates (DER) has signed.

    Raises PdfError, or SignedDataError for the signature itself.
    """
    digest, container = _signed_parts(data)
    verify_signed_data(container, digest, certificates)
    if len(_REVISION.findall(data)) != _REVISIONS:
        raise PdfError("pdf_revisions")
    return _contents(data)


def _signed_parts(data: bytes) -> tuple[bytes, bytes]:
    """Return the SHA-256 of all that must be signed, and the signature container."""
    signatures = data.count(b"/ByteRange")
    if signatures != 1:
        raise PdfError("pdf_second_signature" if signatures else "pdf_not_signed")
    found = _BYTE_RANGE.search(data)
    if found is None:
        raise PdfError("pdf_signature_form")
    start, end, rest = map(int, found.groups())
    if end + rest != len(data):
        raise PdfError("pdf_added_to")
    whole = start == found.end() - 1 and end - start == 2 * CONTENTS_SIZE + 2
    if not whole or data[end - 1 : end] != b">":
        raise PdfError("pdf_signature_form")
    digest = hashlib.sha256(data[:start])
    digest.update(data[end:])
    return digest.digest(), _container(data[start + 1 : end - 1])


def _container(digits: bytes) -> bytes:
    """Return the container from lower-case digits; nothing but zeros may follow it."""
    if not _HEX.fullmatch(digits) or not digits.startswith(b"3082"):
        raise PdfError("pdf_signature_form")
    padded = bytes.fromhex(digits.decode())
    size = 4 + int.from_bytes(padded[2:4])
    if any(padded[size:]):
        raise PdfError("pdf_signature_form")
    return padded[:size]


def _contents(data: bytes) -> Contained:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data), strict=True)
        pages = list(reader.pages)
        attached = {name: list(found) for name, found in reader.attachments.items()}
        text = _text(pages[0]) if len(pages) == 1 else None
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise PdfError("pdf_unreadable") from error
    if text is None:
        raise PdfError("pdf_unreadable")
    once = all(len(found) == 1 for found in attached.values())
    if CERTIFICATE not in attached or attached.keys() - {CERTIFICATE, PROOF} or not once:
        raise PdfError("pdf_attachments")
    proof = attached.get(PROOF)
    return Contained(attached[CERTIFICATE][0], proof[0] if proof else None, text)


def _text(page: Any) -> str:
    """Return the words of a page in the order in which they are set, glyphs by their Unicode."""
    from pypdf.generic import NameObject, StreamObject

    contents = page.get_contents()
    if contents is None:
        return ""
    words = StreamObject()
    # The square code is a thousand lines, which say no word and take half a second to read.
    words.set_data(_DRAWING.sub(b"\n", contents.get_data()))
    page[NameObject("/Contents")] = words
    return str(page.extract_text())
