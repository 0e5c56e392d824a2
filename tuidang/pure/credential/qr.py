# SPDX-License-Identifier: Apache-2.0
"""The face QR as rows of modules, at error level M (it is read with 15 % of it damaged).

The address is written as two segments, bytes up to `#` and then digits at 3 1/3 bits each; in
one segment of bytes the symbol would have two and a half times the area. The writer finds the
segments and the best mask itself, and a test holds it to that.

Source: ISO/IEC 18004; `certificates.md` section 3.
"""

from dataclasses import dataclass
from math import isqrt

import zxingcpp

MAX_VERSION = 16


class QrError(ValueError):
    """The code does not fit into version 16-M, which is as much as is well read from paper."""


@dataclass(frozen=True, slots=True)
class Qr:
    """A symbol without its quiet zone of four modules: True is dark; rows from the top."""

    version: int
    rows: tuple[tuple[bool, ...], ...]


def qr(url: str) -> Qr:
    """Return the symbol of a `face_code.to_url` address; QrError if it needs more than 16-M."""
    try:
        barcode = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except ValueError as error:
        raise QrError("too much for a QR code") from error
    # A byte a module, row by row: 0 is dark. (The stubs do not tell that an image is a buffer.)
    modules = bytes(barcode.to_image(scale=1, add_quiet_zones=False))  # type: ignore[call-overload]
    side = isqrt(len(modules))
    version = (side - 17) // 4
    if version > MAX_VERSION:
        raise QrError("too much for a QR code that is read from paper")
    rows = (modules[start : start + side] for start in range(0, side * side, side))
    return Qr(version, tuple(tuple(module == 0 for module in row) for row in rows))
