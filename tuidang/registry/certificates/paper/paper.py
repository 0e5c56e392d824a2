# SPDX-License-Identifier: AGPL-3.0-or-later
"""A certificate's page in the forms in which it is handed over.

Source: `certificates.md` section 3.
"""

from io import BytesIO

from PIL import Image

from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.face import Script
from tuidang.registry.certificates.paper.sheet import SAMPLE, attachments, sheet, sheet_with_code
from tuidang.registry.certificates.paper.typesetter import set_pdf, set_png

DOTS = 150  # an inch: a module of the code is three dots wide
_GREYS = 16


def make_pdf(
    cose: bytes, proof: bytes | None, claims: Claims, script: Script, *, verify_host: str
) -> bytes:
    """Return the page with its code and its attachments, not yet signed.

    `cose` is the certificate that says `claims`, `proof` the bytes of its tlog-proof. The same
    arguments give the same bytes. Raises PaperError, CodeError and QrError.
    """
    page = sheet_with_code(claims, script, cose, verify_host)
    return set_pdf(page | {"files": attachments(cose, proof)})


def make_png(cose: bytes, claims: Claims, script: Script, *, verify_host: str) -> bytes:
    """Return the page with its code as a picture in greys, for who cannot open a PDF.

    Raises PaperError, CodeError and QrError.
    """
    return _in_greys(set_png(sheet_with_code(claims, script, cose, verify_host), DOTS))


def make_plain(claims: Claims, script: Script) -> bytes:
    """Return a PDF to be printed that carries nothing electronic, and says so.

    Raises PaperError.
    """
    return set_pdf(sheet(claims, script))


def make_sample(claims: Claims, script: Script) -> bytes:
    """Return how the page will look, marked as a sample: no code, no attachment.

    Raises PaperError.
    """
    return set_pdf(sheet(claims, script) | {"sample": SAMPLE[script]})


def make_sample_picture(claims: Claims, script: Script) -> bytes:
    """Return the same as a picture, for a page that must not leave a file behind.

    Raises PaperError.
    """
    return _in_greys(set_png(sheet(claims, script) | {"sample": SAMPLE[script]}, DOTS))


def _in_greys(png: bytes) -> bytes:
    """Return the picture in 16 greys, a third of the size, with its dots an inch."""
    step = 255 / (_GREYS - 1)
    with Image.open(BytesIO(png)) as picture:
        indexes = picture.convert("L").point([round(v / step) for v in range(256)])
    indexes.putpalette([round(i * step) for i in range(_GREYS) for _ in range(3)])
    made = BytesIO()
    indexes.save(made, "PNG", dpi=(DOTS, DOTS), bits=4, compress_level=3)
    return made.getvalue()
