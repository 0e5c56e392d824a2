# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signs a page: one increment after the typesetter's file, PAdES B-B, nothing to be seen.

The typeset file stays as it is, byte by byte, its metadata included: a signer that rewrites the
metadata breaks PDF/A. The signature covers every byte but itself, and is written in one way only,
lower-case digits and then zeros, so that no byte can change unnoticed. The only time in it is the
day of issue.

Source: ISO 32000-1 section 12.8, ETSI EN 319 142-1 section 6.3.
"""

from tuidang.registry.certificates.paper.cms import PadesKey, sign_digest
from tuidang.registry.certificates.paper.errors import SignatureTooLarge
from tuidang.registry.certificates.paper.increment import add_signature_field

CONTENTS_SIZE = 2048  # bytes kept for the CMS, which takes 800 to 1,300; then come zeros


def sign_pdf(pdf: bytes, key: PadesKey) -> bytes:
    """Return the page with its signature.

    `pdf` is what `make_pdf` returned. Raises NotOurPaper for anything else, also for a page that
    is signed already, and SignatureTooLarge if the key's certificate is too long.
    """
    page = add_signature_field(pdf, len(_contents(b"")))
    return page.before + _contents(sign_digest(page.digest(), key)) + page.after


def _contents(cms: bytes) -> bytes:
    if len(cms) > CONTENTS_SIZE:
        raise SignatureTooLarge(size=len(cms), room=CONTENTS_SIZE)
    return b"<%b>" % cms.ljust(CONTENTS_SIZE, b"\0").hex().encode()
