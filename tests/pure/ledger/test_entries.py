# SPDX-License-Identifier: AGPL-3.0-or-later
"""The six kinds of entry, byte for byte."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.ledger.samples import BATCH, VECTORS, sample_log
from tests.pure.merkle.samples import flip
from tuidang.pure.ledger.entries import (
    CLASSES,
    ORGS,
    Cell,
    Correction,
    Counted,
    Entry,
    EntryError,
    Link,
    OperatorNote,
    Received,
    Seal,
    day_date,
    day_number,
    decode,
)
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.hashes import EMPTY_ROOT, leaf_hash
from tuidang.pure.merkle.tree import root

HASH = st.binary(min_size=32, max_size=32)
ORGS_BYTE, CLASS_BYTE = st.sampled_from(sorted(ORGS)), st.sampled_from(sorted(CLASSES))
U64 = st.integers(0, 2**64 - 2)
DAYS = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)).map(sorted)
CELLS = st.dictionaries(st.tuples(ORGS_BYTE, CLASS_BYTE), st.integers(1, 2**64 - 1)).map(
    lambda cells: tuple(Cell(*key, cells[key]) for key in sorted(cells))
)
SEALS = st.builds(
    lambda flags, batch, first, previous, days, cells: Seal(
        flags, batch, first, previous, days[0], days[1], cells
    ),
    st.sampled_from([0, 1]),
    st.integers(0, 2**32 - 1),
    U64,
    st.none() | U64,
    DAYS,
    CELLS,
)
ENTRIES: st.SearchStrategy[Entry] = st.one_of(
    st.builds(Counted, ORGS_BYTE, CLASS_BYTE, HASH),
    st.builds(Correction, ORGS_BYTE, CLASS_BYTE, st.sampled_from([1, 2]), U64, HASH),
    st.builds(Link, HASH, HASH),
    st.builds(OperatorNote, st.integers(1, 5), HASH),
    st.builds(Received, st.integers(1, 2**32 - 1), HASH),
    st.just(Received(0, EMPTY_ROOT)),
    SEALS,
)
D, C, LINK, NOTE, R, S = (
    next(e.encode() for e in sample_log().entries if isinstance(e, kind))
    for kind in (Counted, Correction, Link, OperatorNote, Received, Seal)
)


def test_the_entries_of_the_vectors() -> None:
    """The published batch is read, written again byte for byte, and has its root."""
    kinds = [Counted, Counted, Counted, Counted, Link, OperatorNote, Received, Seal]
    assert [type(decode(data)) for data in BATCH] == kinds
    assert [decode(data).encode() for data in BATCH] == BATCH
    expected = VECTORS["batch"]["root_base64"]
    assert to_base64(root([leaf_hash(e) for e in BATCH])) == expected
    assert leaf_hash(BATCH[0]).hex() == VECTORS["D"]["leaf_hash"]


@given(ENTRIES)
def test_entries_round_trip(entry: Entry) -> None:
    """Every entry that can be made is read back from its bytes."""
    assert decode(entry.encode()) == entry


@given(ENTRIES, st.data())
def test_a_flipped_bit_is_refused_or_another_entry(entry: Entry, data: st.DataObject) -> None:
    """No entry has a second spelling: changed bytes are refused or mean something else."""
    whole = entry.encode()
    changed = flip(whole, data.draw(st.integers(0, len(whole) * 8 - 1)))
    try:
        found = decode(changed)
    except EntryError:
        return
    assert found != entry
    assert found.encode() == changed


@given(st.integers(0, 7), st.binary(max_size=80))
def test_whatever_is_accepted_is_written_the_same(kind: int, rest: bytes) -> None:
    """Arbitrary bytes are refused, or are exactly the encoding of what was read."""
    data = bytes([kind]) + rest
    try:
        found = decode(data)
    except EntryError:
        return
    assert found.encode() == data


@pytest.mark.parametrize("data", [D, C, LINK, NOTE, R, S])
def test_entries_have_one_length(data: bytes) -> None:
    """An entry that is cut off or padded is refused."""
    for changed in (data[:-1], data + b"\0", data[:1]):
        with pytest.raises(EntryError) as caught:
            decode(changed)
        assert caught.value.code == "entry_length"


@pytest.mark.parametrize(
    ("data", "at", "value", "code"),
    [
        (D, 0, 0, "entry_type"),
        (D, 0, 7, "entry_type"),
        (D, 1, 8, "orgs_unknown"),
        (D, 1, 0xFE, "orgs_unknown"),
        (D, 2, 4, "class_unknown"),
        (D, 2, 0x84, "class_unknown"),
        (D, 2, 0x47, "class_unknown"),
        (D, 3, 1, "reserved_not_zero"),
        (C, 1, 9, "orgs_unknown"),
        (C, 2, 0xFF, "class_unknown"),
        (C, 3, 0, "reason_unknown"),
        (C, 3, 3, "reason_unknown"),
        (LINK, 1, 1, "reserved_not_zero"),
        (LINK, 2, 1, "reserved_not_zero"),
        (LINK, 3, 1, "reserved_not_zero"),
        (NOTE, 1, 0, "kind_unknown"),
        (NOTE, 1, 6, "kind_unknown"),
        (NOTE, 2, 1, "reserved_not_zero"),
        (NOTE, 3, 1, "reserved_not_zero"),
        (R, 1, 1, "reserved_not_zero"),
        (R, 2, 1, "reserved_not_zero"),
        (R, 3, 1, "reserved_not_zero"),
        (R, 7, 0, "empty_root_expected"),
        (S, 1, 2, "flags_unknown"),
        (S, 1, 0xFF, "flags_unknown"),
        (S, 24, 0xFF, "days_out_of_order"),
        (S, 32, 8, "orgs_unknown"),
        (S, 33, 5, "class_unknown"),
        (S, 41, 0, "cell_count"),
        (S, 32, 7, "cells_out_of_order"),
    ],
)
def test_each_byte_out_of_range_has_a_code(data: bytes, at: int, value: int, code: str) -> None:
    """A byte that the specification does not know is refused with its own code."""
    with pytest.raises(EntryError) as caught:
        decode(data[:at] + bytes([value]) + data[at + 1 :])
    assert caught.value.code == code


def test_nothing_is_no_entry() -> None:
    """The empty entry, which tiles could carry, means nothing here."""
    with pytest.raises(EntryError) as caught:
        decode(b"")
    assert caught.value.code == "entry_type"


@pytest.mark.parametrize(
    ("kind", "values", "code"),
    [
        (Counted, (7, 0, b"short"), "hash_length"),
        (Counted, (-1, 0, bytes(32)), "orgs_unknown"),
        (Correction, (7, 0, 1, 2**64 - 1, bytes(32)), "number_out_of_range"),
        (Link, (bytes(32), bytes(31)), "hash_length"),
        (Received, (2**32, bytes(32)), "number_out_of_range"),
        (Received, (0, bytes(32)), "empty_root_expected"),
        (Seal, (0, 2**32, 0, None, 0, 0, ()), "number_out_of_range"),
        (Seal, (0, 0, 0, 2**64 - 1, 0, 0, ()), "number_out_of_range"),
        (Seal, (0, 0, 0, None, 0, 2**32, ()), "days_out_of_order"),
        (Seal, (0, 0, 0, None, 0, 0, (Cell(1, 0, 2**64),)), "cell_count"),
        (Seal, (0, 0, 0, None, 0, 0, (Cell(1, 0, 1), Cell(1, 0, 2))), "cells_out_of_order"),
    ],
)
def test_what_has_no_encoding_cannot_be_made(
    kind: type[Entry], values: tuple[Any, ...], code: str
) -> None:
    """Values that would not survive encoding are refused when the entry is made."""
    with pytest.raises(EntryError) as caught:
        kind(*values)
    assert caught.value.code == code


def test_days_are_counted_from_1970() -> None:
    """Day numbers and dates lead to each other; days that no calendar has are refused."""
    assert day_number(date(2026, 11, 22)) == 0x512B
    assert day_date(0x512B) == date(2026, 11, 22)
    with pytest.raises(EntryError):
        day_number(date(1969, 12, 31))
    with pytest.raises(EntryError):
        day_date(2**32 - 1)
