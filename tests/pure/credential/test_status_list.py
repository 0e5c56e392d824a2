# SPDX-License-Identifier: AGPL-3.0-or-later
"""Status lists: whole, small, and never larger unpacked than they may be."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing import NIGHTLY
from tests.pure.credential.refused import REFUSED_LISTS, packed
from tests.pure.credential.vectors import STATUSES
from tuidang.pure.credential.status_list import (
    ENTRIES,
    StatusListError,
    encode_list,
    read_status,
    unpack_list,
)

# Token Status List (draft-ietf-oauth-status-list), test vectors, list of 2 bits.
PUBLISHED = (
    "eNrt2zENACEQAEEuoaBABP5VIO01fCjIHTMStt9ovGVIAAAAAABAbiEBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAEB5WwIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAID0ugQAAAAAAAAAAAAAAAAAQG12SgAAAAAAAAAAAAAAAAAAAAAAAAAAAOCSIQ"
    "EAAAAAAAAAAAAAAAAAAAAAAAD8ExIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAwJEuAQAAAAAAAAAAAAAA"
    "AAAAAAAAAMB9SwIAAAAAAAAAAAAAAAAAAACoYUoAAAAAAAAAAAAAAEBqH81gAQw"
)
PUBLISHED_VALUES = {
    0: 1,
    1993: 2,
    25_460: 1,
    159_495: 3,
    495_669: 1,
    554_353: 1,
    645_645: 2,
    723_232: 1,
    854_545: 1,
    934_534: 2,
    1_000_345: 3,
}
FEW = settings(max_examples=1000 if NIGHTLY else 20)


def values_of(data: str) -> dict[int, int]:
    """Return all entries of a list that are not 0, found without our own arithmetic."""
    found = {}
    bits = int.from_bytes(unpack_list(data), "little")
    while bits:
        index = (bits & -bits).bit_length() - 1 >> 1
        found[index] = bits >> 2 * index & 3
        bits &= ~(3 << 2 * index)
    return found


def test_the_published_list() -> None:
    """The draft's list of two bits is read and written, with the draft's values and no others."""
    assert values_of(PUBLISHED) == PUBLISHED_VALUES
    for index, value in PUBLISHED_VALUES.items():
        assert read_status(PUBLISHED, index) == value
    assert encode_list(PUBLISHED_VALUES) == PUBLISHED


@FEW
@given(st.dictionaries(st.integers(0, ENTRIES - 1), st.integers(0, 3), max_size=20))
def test_lists_round_trip(statuses: dict[int, int]) -> None:
    """Each index has its own value, and its neighbours have theirs."""
    data = encode_list(statuses)
    assert values_of(data) == {index: value for index, value in statuses.items() if value}
    for index, value in statuses.items():
        assert read_status(data, index) == value


def test_a_thousandth_of_a_list_is_small() -> None:
    """With 0.1 % of the certificates revoked a list is a few kilobytes."""
    spread = {index * 1009 % ENTRIES: 1 for index in range(1, ENTRIES // 1000)}
    assert len(encode_list(spread)) < 4000


@pytest.mark.parametrize(("name", "data", "code"), REFUSED_LISTS, ids=lambda each: each[:30])
def test_other_texts_are_refused(name: str, data: str, code: str) -> None:
    """What is no list is refused by name."""
    with pytest.raises(StatusListError) as refusal:
        read_status(data, 0)
    assert refusal.value.code == code, name


def test_a_bomb_takes_no_more_than_a_list() -> None:
    """Twenty megabytes in twenty kilobytes are never unpacked."""
    bomb = packed(bytes(20_000_000))
    tracemalloc.start()
    with pytest.raises(StatusListError):
        unpack_list(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


@pytest.mark.parametrize("index", [-1, ENTRIES])
def test_no_entry_beyond_the_list(index: int) -> None:
    """An index outside the list is an error, never the status of somebody else."""
    for ask in (lambda: read_status(PUBLISHED, index), lambda: encode_list({index: 1})):
        with pytest.raises(StatusListError) as refusal:
            ask()
        assert refusal.value.code == "list_index"


def test_no_status_of_three_bits() -> None:
    """A value that would run into its neighbour is refused."""
    with pytest.raises(StatusListError) as refusal:
        encode_list({5: 4})
    assert refusal.value.code == "list_value"


@settings(max_examples=10_000 if NIGHTLY else 100)
@given(st.integers(0, len(PUBLISHED) - 1), st.sampled_from("AZaz09-_=+/ \n"))
def test_one_wrong_character(at: int, char: str) -> None:
    """With one character changed a list is refused, or says the same: it has a checksum."""
    changed = PUBLISHED[:at] + char + PUBLISHED[at + 1 :]
    try:
        found = unpack_list(changed)
    except StatusListError:
        return
    assert found == unpack_list(PUBLISHED)


def test_the_sample_list() -> None:
    """The list that other programs are tested with holds what its table says."""
    assert values_of(encode_list(STATUSES)) == {i: value for i, value in STATUSES.items() if value}
