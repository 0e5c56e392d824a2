# SPDX-License-Identifier: Apache-2.0
"""Status lists: two bits for each of 2^20 certificates, and nothing that says whose they are.

Everybody downloads whole lists, so that no look-up tells who was checked. Reading unpacks no
more than a list can hold, whatever the compressed bytes claim.

Source: Token Status List (draft-ietf-oauth-status-list) section 4: entries from the low bits of
each byte up, zlib, base64url without padding.
"""

import base64
import binascii
import zlib
from collections.abc import Mapping

from tuidang.pure.merkle.errors import FormatError

BITS = 2
ENTRIES = 2**20
VALID, REVOKED, SUPERSEDED = 0, 1, 3

_PER_BYTE = 8 // BITS
_SIZE = ENTRIES // _PER_BYTE
# Two bits a certificate, compressed as badly as can be, in base64url.
MAX_TEXT = 360_000


class StatusListError(FormatError):
    """A text is not a status list, or the index is not in it.

    `code` is list_too_long, list_base64, list_compression (not zlib, cut off, or with bytes
    after the end), list_size (unpacks to more or less than 2^20 entries), list_index, or
    list_value.
    """


def encode_list(statuses: Mapping[int, int]) -> str:
    """Return the list in which these indexes have these values (0 to 3), all others 0."""
    packed = bytearray(_SIZE)
    for index, value in statuses.items():
        _check_index(index)
        if not 0 <= value < 1 << BITS:
            raise StatusListError("list_value", "a status has two bits")
        packed[index // _PER_BYTE] |= value << BITS * (index % _PER_BYTE)
    return base64.urlsafe_b64encode(zlib.compress(bytes(packed), 9)).rstrip(b"=").decode()


def read_status(data: str, index: int) -> int:
    """Return the value (0 to 3) at an index of a list; raises StatusListError."""
    _check_index(index)
    packed = unpack_list(data)
    return packed[index // _PER_BYTE] >> BITS * (index % _PER_BYTE) & 3


def unpack_list(data: str) -> bytes:
    """Return the 262,144 bytes of a list; raises StatusListError, and never unpacks more."""
    reader = zlib.decompressobj()
    try:
        packed = reader.decompress(_from_base64url(data), _SIZE + 1)
    except zlib.error as error:
        raise StatusListError("list_compression", "not a compressed list") from error
    if len(packed) > _SIZE:
        raise StatusListError("list_size", "the list has another number of entries")
    if not reader.eof or reader.unused_data:
        raise StatusListError("list_compression", "the list is cut off, or something follows")
    if len(packed) != _SIZE:
        raise StatusListError("list_size", "the list has another number of entries")
    return packed


def _from_base64url(text: str) -> bytes:
    if len(text) > MAX_TEXT:
        raise StatusListError("list_too_long", "more characters than a list has")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise StatusListError("list_base64", "not base64url") from error
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise StatusListError("list_base64", "base64url in a second spelling")
    return data


def _check_index(index: int) -> None:
    if not 0 <= index < ENTRIES:
        raise StatusListError("list_index", "no such entry")
