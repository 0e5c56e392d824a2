# SPDX-License-Identifier: AGPL-3.0-or-later
"""Texts that are no code and no status list, each with the code of its refusal."""

import base64
import zlib

from tests.pure.credential.samples import HOST, KEY, USUAL
from tuidang.pure.credential.cose import sign
from tuidang.pure.credential.face_code import to_decimal
from tuidang.pure.credential.status_list import MAX_TEXT

COSE = sign(USUAL, KEY)
DECIMAL = to_decimal(COSE)
LIST_SIZE = 2**18


def packed(data: bytes) -> str:
    """Return bytes compressed and in base64url, as a status list is written."""
    return base64.urlsafe_b64encode(zlib.compress(data, 9)).rstrip(b"=").decode()


def _second_base64(text: str) -> str:
    """Return base64url whose last symbol has a stray bit set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(text) % 4
    return text[:-1] + alphabet[alphabet.index(text[-1]) | 1]


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


REFUSED_CODES = [
    ("nothing", "", "code_unreadable"),
    ("an address without a fragment", f"https://{HOST}/", "code_unreadable"),
    ("another scheme", f"http://{HOST}/#{DECIMAL}", "code_unreadable"),
    ("a script", f"javascript:alert(1)#{DECIMAL}", "code_unreadable"),
    ("letters", "not a code", "code_unreadable"),
    ("a sign", f"-{DECIMAL}", "code_unreadable"),
    ("a sign before", f"+{DECIMAL}", "code_unreadable"),
    ("underscores", f"{DECIMAL[:3]}_{DECIMAL[3:]}", "code_unreadable"),
    ("digits of another script", "٣" + DECIMAL, "code_unreadable"),
    ("full-width digits", "１" + DECIMAL, "code_unreadable"),
    ("hexadecimal", "0x01d2", "code_unreadable"),
    ("two fragments", f"https://{HOST}/#{DECIMAL}#{DECIMAL}", "code_unreadable"),
    ("a leading zero", f"0{DECIMAL}", "leading_zero"),
    ("a leading zero in an address", f"https://{HOST}/#0{DECIMAL}", "leading_zero"),
    ("zero", "0", "leading_zero"),
    ("a lead byte of 2", str(int.from_bytes(b"\x02" + COSE)), "lead_byte"),
    ("no lead byte", str(int.from_bytes(COSE)), "lead_byte"),
    ("4,001 digits", "1" * 4001, "code_too_long"),
    ("a long text", "1" * 10_000, "code_too_long"),
    ("base45 in small letters", "TD1:abc", "base45"),
    ("base45 that is too large", "TD1:GGW", "base45"),
    ("base45 of one character", "TD1:0000", "base45"),
    ("base45 of two that are too large", "TD1::::", "base45"),
]

REFUSED_LISTS = [
    ("not base64url", "eNo+", "list_base64"),
    ("with padding", packed(bytes(LIST_SIZE)) + "=", "list_base64"),
    (
        "a second spelling",
        _second_base64(_unpadded(zlib.compress(bytes(LIST_SIZE), 9))),
        "list_base64",
    ),
    ("a line break", packed(bytes(LIST_SIZE)) + "\n", "list_base64"),
    ("not zlib", _unpadded(b"not a compressed list"), "list_compression"),
    ("nothing", "", "list_compression"),
    ("cut off", _unpadded(zlib.compress(bytes(LIST_SIZE), 9)[:-6]), "list_compression"),
    (
        "without its checksum",
        _unpadded(zlib.compress(bytes(LIST_SIZE), 9)[:-4]),
        "list_compression",
    ),
    (
        "something after it",
        _unpadded(zlib.compress(bytes(LIST_SIZE), 9) + b"\0"),
        "list_compression",
    ),
    ("two of them", _unpadded(zlib.compress(bytes(LIST_SIZE), 9) * 2), "list_compression"),
    ("one byte short", packed(bytes(LIST_SIZE - 1)), "list_size"),
    ("one byte more", packed(bytes(LIST_SIZE + 1)), "list_size"),
    ("a bomb of 2 MB", packed(bytes(2**21)), "list_size"),
    ("a bomb of 64 MB", packed(bytes(2**26)), "list_size"),
    ("too long", "A" * (MAX_TEXT + 1), "list_too_long"),
]
