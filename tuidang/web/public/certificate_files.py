# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of a certificate as they leave: what each is for, and how it is sent.

Nothing here keeps a file. A name in a header must never say whose it is.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext, gettext_noop

from tuidang.registry.certificates.actions import Delivery
from tuidang.registry.certificates.delivery import CODE, PDF, PLAIN, PNG, PROOF

# File -> what it is for, and its type.
FILES: Mapping[str, tuple[str, str]] = {
    PDF: (gettext_noop("The certificate (PDF): to show, to print, to check"), "application/pdf"),
    PNG: (gettext_noop("A picture of the page (PNG)"), "image/png"),
    PLAIN: (
        gettext_noop("Plain paper (PDF): without code and proof, checked by its number"),
        "application/pdf",
    ),
    CODE: (gettext_noop("The code of the page as text"), "text/plain; charset=utf-8"),
    PROOF: (gettext_noop("The proof by itself"), "text/plain; charset=utf-8"),
}
ALL = "documents.zip"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can say


@dataclass(frozen=True)
class ShownFile:
    """One file on offer: its name, what it is for, and its size in kilobytes."""

    name: str
    words: str
    kilobytes: int


@dataclass(frozen=True)
class ShownCertificate:
    """One certificate that lies ready, for person `number`."""

    number: int
    day: date
    piece: UUID | None
    files: list[ShownFile]


def shown_files(delivery: Delivery) -> ShownCertificate:
    """Put what can be fetched into words."""
    files = [
        ShownFile(name, gettext(said), len(delivery.files[name]) // 1024 + 1)
        for name, (said, _) in FILES.items()
        if name in delivery.files
    ]
    return ShownCertificate(delivery.number, delivery.day, delivery.piece, files)


def file_answer(delivery: Delivery, name: str) -> HttpResponse | None:
    """Send one file, or all of them as ALL; None for one that there is not."""
    if name == ALL:
        return _download(_zipped(delivery.files), ALL, "application/zip")
    if name not in FILES or name not in delivery.files:
        return None
    return _download(delivery.files[name], name, FILES[name][1])


def _download(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return stream.getvalue()
