# SPDX-License-Identifier: Apache-2.0
"""A photo or scan of the page: finds the square code in it, and says why if it does not.

Pictures come from strangers: the size is looked at before a pixel is unpacked, and only two
kinds are opened. It must never guess between two certificates.

Source: `certificates.md` section 4.
"""

import io
import re
import warnings
from typing import Any

from tuidang.pure.credential.face_code import CodeError, read_code

PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
# Known, and not opened here: HEIC, WebP, TIFF, GIF.
_OTHER_KINDS = re.compile(rb"....ftyp|RIFF....WEBP|II\*\0|MM\0\*|GIF8", re.DOTALL)
MAX_PIXELS = 64_000_000  # the largest phones take 50 million
MAX_SIDE = 65_535  # pixels: more the reader of square codes does not take
MIN_SIDE = 60  # pixels: 57 modules are the least that a certificate has
_SMALL = 1600  # below this a picture is tried twice as large too


class PictureError(ValueError):
    """There is no one certificate in the picture; `code` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_picture(data: bytes) -> bool:
    """Say whether these bytes begin as a picture, of whatever kind."""
    return data.startswith((PNG, JPEG)) or _OTHER_KINDS.match(data) is not None


def read_picture(data: bytes, *, max_pixels: int = MAX_PIXELS) -> bytes:
    """Return the COSE bytes from the one certificate code in a PNG or JPEG picture.

    Raises PictureError.
    """
    grey = _opened(data, max_pixels)
    found = _codes(grey)
    if not any(each.valid for each in found) and max(grey.size) < _SMALL:
        found = [*_codes(grey.resize((2 * grey.width, 2 * grey.height))), *found]
    return _chosen(
        {each.text for each in found if each.valid}, unclear=any(not each.valid for each in found)
    )


def _opened(data: bytes, max_pixels: int) -> Any:
    """Return the picture in shades of grey."""
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Pillow's own limit: ours is looked at here
        try:
            picture = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
        except Image.DecompressionBombError as error:
            raise PictureError("picture_too_large") from error
        except Exception as error:  # whatever Pillow meets in a damaged file
            raise PictureError("picture_unreadable") from error
        _check_size(picture.size, max_pixels)
        try:
            return _on_white(picture)
        except Exception as error:
            raise PictureError("picture_unreadable") from error


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    if size[0] * size[1] > max_pixels or max(size) > MAX_SIDE:
        raise PictureError("picture_too_large")
    if min(size) < MIN_SIDE:
        raise PictureError("picture_too_small")


def _on_white(picture: Any) -> Any:
    from PIL import Image

    picture.draft("L", picture.size)
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture.convert("L")
    above = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", above.size, "white"), above).convert("L")


def _codes(grey: Any) -> list[Any]:
    import zxingcpp

    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return list(zxingcpp.read_barcodes(grey, formats=formats, return_errors=True))


def _chosen(texts: set[str], *, unclear: bool) -> bytes:
    """Return the one certificate among the codes that were read."""
    read, refused = set(), []
    for text in texts:
        try:
            read.add(read_code(text))
        except CodeError as error:
            refused.append(error.code)
    if len(read) > 1:
        raise PictureError("several_codes")
    if read:
        return read.pop()
    if texts:
        raise PictureError("leading_zero" if refused == ["leading_zero"] else "other_code")
    raise PictureError("code_unclear" if unclear else "no_code")
