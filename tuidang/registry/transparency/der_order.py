# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificates in a timestamp response, put into the order that DER asks for.

Services built on OpenSSL send them in the order of the chain, and strict readers refuse that.
No signature covers the order, so nothing that is proven changes. What is not a response comes
back as it is: judging it is the reader's.

Source: RFC 3161 section 2.4.2; RFC 5652 section 5.1; X.690 section 11.6.
"""

from typing import NamedTuple

_SEQUENCE, _CERTIFICATES = 0x30, 0xA0


class _Part(NamedTuple):
    """One element: its tag, where it begins, where its content begins, where it ends."""

    tag: int
    start: int
    content: int
    end: int


def certificates_in_order(response: bytes) -> bytes:
    """Return the response with its certificates ascending by their bytes."""
    try:
        found = _certificates(response)
        each = sorted(response[part.start : part.end] for part in _parts(response, found))
    except (IndexError, ValueError):
        return response
    return response[: found.content] + b"".join(each) + response[found.end :]


def _certificates(data: bytes) -> _Part:
    """Return the field `certificates` of the signed data in a response; ValueError if none."""
    whole = _Part(_SEQUENCE, 0, 0, len(data))
    (response,) = _parts(data, whole)
    _, token = _parts(data, response)
    _, explicit = _parts(data, token)
    (signed,) = _parts(data, explicit)
    (certificates,) = [part for part in _parts(data, signed) if part.tag == _CERTIFICATES]
    return certificates


def _parts(data: bytes, outer: _Part) -> list[_Part]:
    parts, at = [], outer.content
    while at < outer.end:
        parts.append(_part(data, at, outer.end))
        at = parts[-1].end
    return parts


def _part(data: bytes, at: int, limit: int) -> _Part:
    length, content = data[at + 1], at + 2
    if length >= 0x80:
        count = length - 0x80
        content += count
        length = int.from_bytes(data[at + 2 : content], "big")
    if content + length > limit:
        raise ValueError("an element is longer than what it is in")
    return _Part(data[at], at, content, content + length)
