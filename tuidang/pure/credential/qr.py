# SPDX-License-Identifier: Apache-2.0
"""The face QR as rows of modules: two segments, so that the number costs 3 1/3 bits a digit.

Error level M (a phone reads it with 15 % of the symbol damaged). It must never be given to a
writer as one text: in byte mode it would need two and a half times the area.

Source: ISO/IEC 18004; `certificates.md` section 3.
"""

from dataclasses import dataclass

import segno
from segno import consts

MAX_VERSION = 16


class QrError(ValueError):
    """The code does not fit into version 16-M, which is as small as paper can carry."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A symbol without its quiet zone of four modules: True is dark; rows from the top."""

    version: int
    rows: tuple[tuple[bool, ...], ...]


def qr(url: str) -> Qr:
    """Return the symbol of a `face_code.to_url` address; QrError if it needs more than 16-M."""
    head, mark, digits = url.partition("#")
    segments = [(head + mark, consts.MODE_BYTE, "ascii"), (digits, consts.MODE_NUMERIC)]
    try:
        symbol = segno.make(segments, error="m", micro=False, boost_error=False)  # type: ignore[arg-type]
    except segno.DataOverflowError as error:
        raise QrError("too much for a QR code") from error
    version = int(symbol.version)
    if version > MAX_VERSION:
        raise QrError("too much for a QR code that is read from paper")
    return Qr(version, tuple(tuple(module == 1 for module in row) for row in symbol.matrix))
