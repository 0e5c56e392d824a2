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

_UINT, _NEGATIVE, _, _TEXT = range(4)
# The first head of a kind.
_FIRST_NEGATIVE, _FIRST_BYTES, _FIRST_TEXT, _FIRST_ARRAY, _FIRST_MAP, _FIRST_TAG, _FIRST_SIMPLE = (
    major << 5 for major in range(1, 8)
)
# The smallest argument that needs one, two, four and eight bytes.
_SMALLEST = {24: 24, 25: 1 << 8, 26: 1 << 16, 27: 1 << 32}
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


def encode_ordered(value: object) -> bytes:
    """Return `encode` of a value whose maps are in order already, without looking.

    For maps that our own code has just built, since looking takes longer than writing.
    """
    data: bytes = cbor2.dumps(value)
    return data


def byte_string(data: bytes) -> bytes:
    """Return `encode` of a byte string."""
    length = len(data)
    if length < 24:
        return bytes((0x40 | length,)) + data
    if length < 256:
        return bytes((0x58, length)) + data
    return encode_ordered(data)


def decode(data: bytes) -> Any:
    """Return the value whose `encode` is exactly these bytes; raises CborError otherwise.

    Arrays come as lists, maps as dicts in their written order, tag 18 as Tagged.
    """
    if len(data) > MAX_SIZE:
        raise CborError("too_long", "more bytes than a certificate has")
    try:
        (value,), end = _read_items(data, 0, 1, 0)
    except IndexError:
        raise CborError("truncated", "the data end in the middle of an item") from None
    except UnicodeDecodeError:
        raise CborError("utf8_invalid", "a text is not UTF-8") from None
    if end != len(data):
        raise CborError("trailing_bytes", "there are bytes after the end")
    return value


def _read_items(data: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    """Return so many items from `at` on, and where the next one begins.

    All kinds are read in this one loop, since a call for each item would cost more than the item.
    """
    items: list[Any] = []
    size = len(data)
    for _ in range(count):
        head = data[at]
        at += 1
        if head in _WHOLE:
            items.append(_WHOLE[head])
            continue
        argument = head & 31
        if argument > 23 or head >= _FIRST_SIMPLE:
            argument, at = _long_argument(data, at, head)
        if head < _FIRST_NEGATIVE:
            items.append(argument)
        elif head < _FIRST_BYTES:
            items.append(-1 - argument)
        elif argument > size - at and head < _FIRST_TAG:  # an item takes a byte at least
            code = "huge_length" if argument > MAX_SIZE else "truncated"
            raise CborError(code, "a length goes beyond the end")
        elif head < _FIRST_ARRAY:
            found = data[at : at + argument]
            items.append(found if head < _FIRST_TEXT else found.decode())
            at += argument
        else:
            item, at = _read_container(data, at, head, argument, depth + 1)
            items.append(item)
    return items, at


def _read_container(data: bytes, at: int, head: int, argument: int, depth: int) -> tuple[Any, int]:
    if depth > MAX_DEPTH:
        raise CborError("too_deep", "containers in containers in containers")
    if head < _FIRST_MAP:
        return _read_items(data, at, argument, depth)
    if head < _FIRST_TAG:
        items, at = _read_items(data, at, 2 * argument, depth)
        return _map(items[::2], items[1::2]), at
    if argument != COSE_SIGN1:
        raise CborError("unknown_tag", "a tag other than COSE_Sign1")
    (value,), at = _read_items(data, at, 1, depth)
    return Tagged(value), at


def _map(keys: list[Any], values: list[Any]) -> dict[int | str, Any]:
    """Return the map of keys and values as they were written, if they were in order."""
    last = -1
    for key in keys:
        if type(key) is not int or key <= last:
            _check_order(keys)
            break
        last = key
    return dict(zip(keys, values, strict=True))


def _check_order(keys: list[Any]) -> None:
    order = [_key_order(key) for key in keys]
    if len(set(order)) != len(order):
        raise CborError("duplicate_keys", "a map has a key twice")
    if sorted(order) != order:
        raise CborError("keys_unordered", "the keys of a map are not in order")


def _long_argument(data: bytes, at: int, head: int) -> tuple[int, int]:
    """Return the argument that follows such a head, and where its content begins."""
    info = head & 31
    if head >= _FIRST_SIMPLE:
        raise _simple(info)
    if info == 25:  # a day, as most arguments of several bytes are
        argument, end = data[at] << 8 | data[at + 1], at + 2
    elif info < 28:
        end = at + (1 << info - 24)
        argument = int.from_bytes(data[at:end])
        if end > len(data):
            raise CborError("truncated", "the data end in the middle of an item")
    else:
        indefinite = info == 31 and _FIRST_BYTES <= head < _FIRST_TAG
        code = "indefinite_length" if indefinite else "reserved_head"
        raise CborError(code, "a length is not given, or in a form that is reserved")
    if argument < _SMALLEST[info]:
        raise CborError("not_shortest", "a number or length is not in its shortest form")
    return argument, end


def _simple(info: int) -> CborError:
    if info in (25, 26, 27):
        return CborError("floats", "a floating-point number")
    return CborError("simple_value", "a simple value other than false, true and null")


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
        ordered = sorted(value, key=_key_order)
        return {_ordered(key, depth + 1): _ordered(value[key], depth + 1) for key in ordered}
    if kind is list or kind is tuple:
        return [_ordered(each, depth + 1) for each in value]
    if kind is Tagged:
        return cbor2.CBORTag(COSE_SIGN1, _ordered(value.value, depth + 1))
    raise CborError("value_type", "a value of this kind is not written")


def _key_order(key: Any) -> tuple[int, int, bytes]:
    """Return what sorts as the encoded keys do: type, then number or length, then the text."""
    if type(key) is int:
        return (_UINT, key, b"") if key >= 0 else (_NEGATIVE, -1 - key, b"")
    if type(key) is not str:
        raise CborError("key_type", "a key is neither a number nor a text")
    text = _check_text(key).encode()
    return _TEXT, len(text), text


def _check_text(text: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CborError("utf8_invalid", "a text cannot be written as UTF-8") from None
    return text
