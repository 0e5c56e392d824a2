# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deterministic CBOR: one spelling, read by us and by cbor2 alike, all others refused by name."""

import tracemalloc
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.mutations import mutated
from tuidang.pure.credential.cbor import (
    MAX_SIZE,
    CborError,
    Tagged,
    byte_string,
    decode,
    encode,
    encode_ordered,
)

# RFC 8949 appendix A, as far as it is deterministic and of our kinds.
PUBLISHED: list[tuple[Any, str]] = [
    (0, "00"),
    (1, "01"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (25, "1819"),
    (100, "1864"),
    (1000, "1903e8"),
    (1_000_000, "1a000f4240"),
    (1_000_000_000_000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (bytes.fromhex("01020304"), "4401020304"),
    ("", "60"),
    ("a", "6161"),
    ("IETF", "6449455446"),
    ('"\\', "62225c"),
    ("ü", "62c3bc"),
    ("水", "63e6b0b4"),
    ("𐅑", "64f0908591"),
    ([], "80"),
    ([1, 2, 3], "83010203"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (["a", {"b": "c"}], "826161a161626163"),
    (dict(zip("abcde", "ABCDE", strict=True)), "a56161614161626142616361436164614461656145"),
]
# From the same appendix, and around it: what is CBOR, but not ours.
REFUSED = [
    ("f7", "simple_value"),
    ("f0", "simple_value"),
    ("f8ff", "simple_value"),
    ("ff", "simple_value"),
    ("f90000", "floats"),
    ("fa47c35000", "floats"),
    ("fb3ff199999999999a", "floats"),
    ("c249010000000000000000", "unknown_tag"),
    ("c074323031332d30332d32315432303a30343a30305a", "unknown_tag"),
    ("d74401020304", "unknown_tag"),
    ("d818456449455446", "unknown_tag"),
    ("d81c80", "unknown_tag"),
    ("5f42010243030405ff", "indefinite_length"),
    ("7f657374726561646d696e67ff", "indefinite_length"),
    ("9fff", "indefinite_length"),
    ("bf61610161629f0203ffff", "indefinite_length"),
    ("1817", "not_shortest"),
    ("1900ff", "not_shortest"),
    ("1a0000ffff", "not_shortest"),
    ("1b00000000ffffffff", "not_shortest"),
    ("3800", "not_shortest"),
    ("5800", "not_shortest"),
    ("780161", "not_shortest"),
    ("980100", "not_shortest"),
    ("1c", "reserved_head"),
    ("3f", "reserved_head"),
    ("df", "reserved_head"),
    ("", "truncated"),
    ("18", "truncated"),
    ("1903", "truncated"),
    ("42ff", "truncated"),
    ("8201", "truncated"),
    ("a101", "truncated"),
    ("d2", "truncated"),
    ("0000", "trailing_bytes"),
    ("a2010102", "truncated"),
    ("a201010102", "duplicate_keys"),
    ("a3010102020103", "duplicate_keys"),
    ("a202010101", "keys_unordered"),
    ("a2200101" + "01", "keys_unordered"),
    ("a262626201" + "616101", "keys_unordered"),
    ("a1f601", "key_type"),
    ("a1d20101", "key_type"),
    ("62c328", "utf8_invalid"),
    ("63eda080", "utf8_invalid"),
    ("5b7fffffffffffffff", "huge_length"),
    ("7bffffffffffffffff", "huge_length"),
    ("9affffffff", "huge_length"),
    ("bb7fffffffffffffff", "huge_length"),
    ("81818181818180", "too_deep"),
]

_PLAIN = st.none() | st.booleans() | st.binary(max_size=40) | st.text(max_size=20)
_NUMBERS = st.integers(-(2**64), 2**64 - 1)
VALUES = st.recursive(
    _PLAIN | _NUMBERS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(_NUMBERS | st.text(max_size=5), inner, max_size=5)
        | inner.map(Tagged)
    ),
    max_leaves=12,
)


def as_cbor2(value: object) -> object:
    """Return a value as cbor2 gives it, with the types told from one another."""
    if isinstance(value, Tagged):
        return "tag", as_cbor2(value.value)
    if isinstance(value, cbor2.CBORTag):
        return "tag", as_cbor2(value.value)
    if isinstance(value, list):
        return [as_cbor2(each) for each in value]
    if isinstance(value, dict):
        return [(key, as_cbor2(value[key])) for key in value]
    return type(value), value


@pytest.mark.parametrize(("value", "text"), PUBLISHED, ids=lambda each: str(each)[:20])
def test_published_examples(value: object, text: str) -> None:
    """The examples of RFC 8949 are written and read byte for byte."""
    assert encode(value) == bytes.fromhex(text)
    found = decode(bytes.fromhex(text))
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_other_spellings_are_refused(text: str, code: str) -> None:
    """What is not deterministic, or of a kind we do not know, is refused by name."""
    with pytest.raises(CborError) as refusal:
        decode(bytes.fromhex(text))
    assert refusal.value.code == code


def _depth(value: object) -> int:
    if isinstance(value, Tagged):
        return 1 + _depth(value.value)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 0


@given(VALUES.filter(lambda value: _depth(value) <= 6))
def test_values_round_trip(value: object) -> None:
    """A value survives its bytes, which cbor2 reads as the same value."""
    data = encode(value)
    if len(data) <= MAX_SIZE:
        assert encode(decode(data)) == data
        assert as_cbor2(decode(data)) == as_cbor2(cbor2.loads(data))


@given(st.dictionaries(_NUMBERS | st.text(max_size=30), st.integers(0, 9), max_size=30))
def test_keys_are_sorted_by_their_bytes(value: dict[Any, int]) -> None:
    """Keys stand in the bytewise order of their encodings (RFC 8949 section 4.2.1)."""
    keys = [encode(key) for key in decode(encode(value))]
    assert keys == sorted(keys)
    assert len(keys) == len(value)


@given(st.binary(max_size=600))
def test_byte_strings(data: bytes) -> None:
    """The short way of writing a byte string writes what the long way does."""
    assert byte_string(data) == encode(data) == encode_ordered(data)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.5, "value_type"),
        (2**64, "integer_range"),
        (-(2**64) - 1, "integer_range"),
        ({2**64: 1}, "integer_range"),
        ("\ud800", "utf8_invalid"),
        ({"\ud800": 1}, "utf8_invalid"),
        ({b"a": 1}, "key_type"),
        ({True: 1}, "key_type"),
        ({1, 2}, "value_type"),
        (cbor2.CBORTag(1, 1), "value_type"),
        ([[[[[[[]]]]]]], "too_deep"),
    ],
)
def test_other_values_are_not_written(value: object, code: str) -> None:
    """Nothing is written that would not be read again."""
    with pytest.raises(CborError) as refusal:
        encode(value)
    assert refusal.value.code == code


def test_a_stated_length_allocates_nothing() -> None:
    """A few bytes that promise gigabytes are refused without taking memory for them."""
    tracemalloc.start()
    for head in (0x5A, 0x7A, 0x9A, 0xBA):
        for length in (MAX_SIZE, 2**24, 2**32 - 1):
            with pytest.raises(CborError):
                decode(bytes([head]) + length.to_bytes(4) + b"\0" * 100)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000


def test_more_bytes_than_a_certificate_has() -> None:
    """Reading ends before it begins where there is too much."""
    with pytest.raises(CborError) as refusal:
        decode(encode(bytes(MAX_SIZE)))
    assert refusal.value.code == "too_long"


@fuzzed
@given(mutated(*[bytes.fromhex(text) for _, text in PUBLISHED]) | st.binary(max_size=60))
def test_anything_at_all(data: bytes) -> None:
    """What is read is written the same, and cbor2 reads the same in it."""
    try:
        value = decode(data)
    except CborError:
        return
    assert encode(value) == data
    assert as_cbor2(cbor2.loads(data)) == as_cbor2(value)
