# SPDX-License-Identifier: Apache-2.0
"""The code on the face of a certificate: its bytes as an address, a number, or `TD1:` text.

The bytes are 0x01 and then the COSE bytes, as one big-endian integer. They stand in the fragment
of an address, which no browser sends anywhere. Reading must never follow an address nor look at
its host: whoever forges a paper chooses the host.

Source: `certificates.md` section 3; base45 is RFC 9285.
"""

import re

from tuidang.pure.merkle.errors import FormatError

LEAD_BYTE = 0x01
MAX_DIGITS = 4000  # below what Python's int() accepts, above any certificate
MAX_URL = 300
TEXT_PREFIX = "TD1:"

_LEAD = bytes([LEAD_BYTE])
# What may stand around a code: named here, since each language means something else by space.
_AROUND = " \t\r\n\u00a0\u3000\ufeff"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?\Z")
_DIGITS = re.compile(r"[0-9]+\Z")
_BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {char: value for value, char in enumerate(_BASE45)}


class CodeError(FormatError):
    """A text is not the code of a certificate.

    `code` is code_unreadable (no address, number or `TD1:` text), code_too_long, leading_zero,
    lead_byte (of another kind or version), base45, or host.
    """


def to_url(cose: bytes, verify_host: str) -> str:
    """Return the address in the face QR; raises CodeError for what is no host name."""
    if not _HOST.match(verify_host):
        raise CodeError("host", "not a host name")
    return f"https://{verify_host}/#{to_decimal(cose)}"


def to_decimal(cose: bytes) -> str:
    """Return lead byte and COSE bytes as a decimal number; raises CodeError if too long."""
    number = int.from_bytes(_LEAD + cose)
    if number >= 10**MAX_DIGITS:
        raise CodeError("code_too_long", "more digits than a certificate has")
    return str(number)


def to_text(cose: bytes) -> str:
    """Return the same bytes as `TD1:` and base45."""
    return TEXT_PREFIX + encode_base45(_LEAD + cose)


def read_code(text: str) -> bytes:
    """Return the COSE bytes of an address, a bare decimal number or a `TD1:` text.

    White space around it is ignored. After `TD1:` the lead byte may be missing, as the prefix
    says the version. Raises CodeError; nothing is verified.
    """
    trimmed = text.strip(_AROUND)
    if len(trimmed) > MAX_URL + MAX_DIGITS:
        raise CodeError("code_too_long", "more characters than a code has")
    if trimmed.startswith(TEXT_PREFIX):
        return _from_text(trimmed.removeprefix(TEXT_PREFIX))
    if trimmed[:8].lower() == "https://":
        trimmed = trimmed.partition("#")[2]
    return _from_decimal(trimmed)


def _from_decimal(digits: str) -> bytes:
    if not _DIGITS.match(digits):
        raise CodeError("code_unreadable", "not the code of a certificate")
    if len(digits) > MAX_DIGITS:
        raise CodeError("code_too_long", "more digits than a certificate has")
    if digits[0] == "0":
        raise CodeError("leading_zero", "the number begins with a zero")
    number = int(digits)
    data = number.to_bytes((number.bit_length() + 7) // 8)
    if data[0] != LEAD_BYTE:
        raise CodeError("lead_byte", "a code of another kind or version")
    return data[1:]


def _from_text(encoded: str) -> bytes:
    data = decode_base45(encoded)
    return data[1:] if data[:1] == _LEAD else data


def encode_base45(data: bytes) -> str:
    """Return bytes in base45: three characters for two bytes, two for a last one."""
    chars = []
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        value = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            value, digit = divmod(value, 45)
            chars.append(_BASE45[digit])
    return "".join(chars)


def decode_base45(text: str) -> bytes:
    """Return the bytes that encode to exactly this text; raises CodeError."""
    parts = []
    for start in range(0, len(text), 3):
        group = text[start : start + 3]
        value = 0
        for char in reversed(group):
            if char not in _VALUES:
                raise CodeError("base45", "not base45")
            value = value * 45 + _VALUES[char]
        if len(group) == 1 or value >= 1 << 8 * (len(group) - 1):
            raise CodeError("base45", "not base45")
        parts.append(value.to_bytes(len(group) - 1))
    return b"".join(parts)
