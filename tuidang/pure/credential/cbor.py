# SPDX-License-Identifier: Apache-2.0
"""Deterministic CBOR, as little of it as certificates need, with exactly one spelling.

Known are integers of 64 bits, byte and text strings, arrays, maps with integer or text keys,
false, true, null and tag 18. The reader is our own, because it must meet hostile bytes before
any signature is checked: it must never guess, allocate by a stated length, or leave a byte
unread. The writer is cbor2's.

Source: RFC 8949 section 4.2.1 (shortest heads, definite lengths, keys in bytewise order).
"""

from dataclasses import dataclass
from typing import Any

import cbor2

from tuidang.pure.merkle.errors import FormatError

COSE_SIGN1 = 18
MAX_DEPTH = 6
MAX_SIZE = 4096

_UINT, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
# Heads of one byte that are the whole item.
_WHOLE: dict[int, Any] = {
    **{value: value for value in range(24)},
    **{0x20 + value: -1 - value for value in range(24)},
    0xF4: False,
    0xF5: True,
    0xF6: None,
}


class CborError(FormatError):
    """Bytes are not deterministic CBOR of the kinds we know, or a value cannot be written so.

    `code` is one of: too_long, truncated, huge_length, trailing_bytes, not_shortest,
    indefinite_length, reserved_head, duplicate_keys, keys_unordered, key_type, floats,
    simple_value, unknown_tag, too_deep, utf8_invalid, value_type, integer_range.
    """


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value under tag 18, the only tag we know."""

    value: Any


def encode(value: object) -> bytes:
    """Return the one encoding of a value; raises CborError for a value of another kind."""
    data: bytes = cbor2.dumps(_ordered(value, 0))
    return data


def decode(data: bytes) -> Any:
    """Return the value whose `encode` is exactly these bytes; raises CborError otherwise.

    Arrays come as lists, maps as dicts in their written order, tag 18 as Tagged.
    """
    if len(data) > MAX_SIZE:
        raise CborError("too_long", "more bytes than a certificate has")
    try:
        value, end = _read(data, 0, 0)
    except IndexError:
        raise CborError("truncated", "the data end in the middle of an item") from None
    if end != len(data):
        raise CborError("trailing_bytes", "there are bytes after the end")
    return value


def _read(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    """Return the item at `at` and where the next one begins."""
    head = data[at]
    if head in _WHOLE:
        return _WHOLE[head], at + 1
    major, argument, at = _head(data, at)
    if major == _BYTES:
        end = _end(data, at, argument)
        return data[at:end], end
    if major == _TEXT:
        end = _end(data, at, argument)
        return _text(data[at:end]), end
    if major == _UINT:
        return argument, at
    if major == _NEGATIVE:
        return -1 - argument, at
    if depth == MAX_DEPTH:
        raise CborError("too_deep", "containers in containers in containers")
    if major == _ARRAY:
        return _read_array(data, at, argument, depth + 1)
    if major == _MAP:
        return _read_map(data, at, argument, depth + 1)
    if argument != COSE_SIGN1:
        raise CborError("unknown_tag", "a tag other than COSE_Sign1")
    value, at = _read(data, at, depth + 1)
    return Tagged(value), at


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Return major type, argument, and where the content begins."""
    major, info = data[at] >> 5, data[at] & 31
    if major == _SIMPLE:
        raise _simple(info)
    if info < 24:
        return major, info, at + 1
    if info > 27:
        indefinite = info == 31 and major in (_BYTES, _TEXT, _ARRAY, _MAP)
        code = "indefinite_length" if indefinite else "reserved_head"
        raise CborError(code, "a length is not given, or in a form that is reserved")
    size = 1 << info - 24
    end = at + 1 + size
    if end > len(data):
        raise CborError("truncated", "the data end in the middle of an item")
    argument = int.from_bytes(data[at + 1 : end])
    if argument < (24 if size == 1 else 1 << 4 * size):
        raise CborError("not_shortest", "a number or length is not in its shortest form")
    return major, argument, end


def _simple(info: int) -> CborError:
    if info in (25, 26, 27):
        return CborError("floats", "a floating-point number")
    return CborError("simple_value", "a simple value other than false, true and null")


def _end(data: bytes, at: int, length: int) -> int:
    """Return where `length` bytes or items of one byte at least would end."""
    end = at + length
    if end > len(data):
        code = "huge_length" if length > MAX_SIZE else "truncated"
        raise CborError(code, "a length goes beyond the end")
    return end


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise CborError("utf8_invalid", "a text is not UTF-8") from None


def _read_array(data: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    _end(data, at, count)
    items = []
    for _ in range(count):
        item, at = _read(data, at, depth)
        items.append(item)
    return items, at


def _read_map(data: bytes, at: int, count: int, depth: int) -> tuple[dict[Any, Any], int]:
    _end(data, at, count)
    items: dict[Any, Any] = {}
    last = b""
    for _ in range(count):
        start = at
        key, at = _read(data, at, depth)
        if type(key) is not int and type(key) is not str:
            raise CborError("key_type", "a key is neither a number nor a text")
        if key in items:
            raise CborError("duplicate_keys", "a map has a key twice")
        written = data[start:at]
        if written <= last:
            raise CborError("keys_unordered", "the keys of a map are not in order")
        last = written
        items[key], at = _read(data, at, depth)
    return items, at


def _ordered(value: Any, depth: int) -> Any:
    """Return the value with the keys of its maps in order, of which cbor2 knows another."""
    kind = type(value)
    if kind is int:
        if not -(2**64) <= value < 2**64:
            raise CborError("integer_range", "a number has more than 64 bits")
        return value
    if kind is bytes or kind is bool or value is None:
        return value
    if kind is str:
        return _check_text(value)
    if depth == MAX_DEPTH:
        raise CborError("too_deep", "containers in containers in containers")
    if kind is dict:
        return {key: _ordered(value[key], depth + 1) for key in sorted(value, key=_key_bytes)}
    if kind is list or kind is tuple:
        return [_ordered(each, depth + 1) for each in value]
    if kind is Tagged:
        return cbor2.CBORTag(COSE_SIGN1, _ordered(value.value, depth + 1))
    raise CborError("value_type", "a value of this kind is not written")


def _key_bytes(key: Any) -> bytes:
    if type(key) is not int and type(key) is not str:
        raise CborError("key_type", "a key is neither a number nor a text")
    data: bytes = cbor2.dumps(_ordered(key, 0))
    return data


def _check_text(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CborError("utf8_invalid", "a text cannot be written as UTF-8") from None
    return text
