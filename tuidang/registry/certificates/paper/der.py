# SPDX-License-Identifier: AGPL-3.0-or-later
"""DER, as far as a signature needs it: only writing, only definite lengths.

Source: X.690, sections 8 and 10.
"""

from collections.abc import Iterable


def element(tag: int, *parts: bytes) -> bytes:
    """Return one element: tag, length, and the parts one after the other."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE."""
    return element(0x30, *parts)


def set_of(parts: Iterable[bytes]) -> bytes:
    """Return a SET OF, whose elements DER puts into ascending order."""
    return element(0x31, *sorted(parts))


def octets(value: bytes) -> bytes:
    """Return an OCTET STRING."""
    return element(0x04, value)


def integer(value: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def identifier(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    return element(0x06, *(_base128(arc) for arc in (40 * first + second, *rest)))


def _base128(value: int) -> bytes:
    digits = [value & 0x7F]
    while value := value >> 7:
        digits.append(value & 0x7F | 0x80)
    return bytes(reversed(digits))
