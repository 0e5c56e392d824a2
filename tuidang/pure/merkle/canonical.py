# SPDX-License-Identifier: Apache-2.0
"""Base64 and decimals that have exactly one spelling.

A second spelling of the same value would let two different files pass for the same
checkpoint. Nothing here may be lenient.
"""

import base64
import binascii

from tuidang.pure.merkle.errors import FormatError

U64_MAX = 2**64 - 1


def to_base64(data: bytes) -> str:
    """Return standard base64 with padding (RFC 4648 section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Return the bytes that encode to exactly this text.

    Raises FormatError for other alphabets, white space, missing padding and for
    stray bits in the last symbol.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error) as error:
        raise FormatError("base64_invalid", "not standard base64") from error
    if to_base64(data) != text:
        raise FormatError("base64_not_canonical", "base64 in a second spelling")
    return data


def from_decimal(text: str, maximum: int = U64_MAX) -> int:
    """Return a number written in ASCII digits, without sign or leading zeros.

    Raises FormatError for any other spelling and above `maximum`.
    """
    digits = text.isascii() and text.isdigit()
    if not digits or len(text) > 20 or (text[0] == "0" and text != "0"):
        raise FormatError("decimal_invalid", "not a plain decimal number")
    value = int(text)
    if value > maximum:
        raise FormatError("decimal_too_large", "decimal number out of range")
    return value


def to_utf8(text: str) -> bytes:
    """Return UTF-8; raises FormatError for text that has none (lone surrogates)."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise FormatError("utf8_invalid", "text cannot be written as UTF-8") from error


def from_utf8(data: bytes) -> str:
    """Return the text; raises FormatError unless the bytes are strict UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormatError("utf8_invalid", "bytes are not UTF-8") from error
