# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records from before the log as entries."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.pure.ledger.coarsening import Minima
from tuidang.pure.ledger.commitments import CommitmentError, commitment, field_digest
from tuidang.pure.ledger.entries import CARRIED_OVER, FLAG_BELOW_MINIMA, WITHHELD, Counted
from tuidang.pure.ledger.legacy import RANDOMNESS, LegacyRecord, legacy_entries, tell

ORIGIN = "example.org/registry"
DAY = date(2026, 11, 22)
CELLS = st.tuples(st.integers(0, 7) | st.just(WITHHELD), st.sampled_from([0, 1, 2, 3, 7]))
SIZES = st.dictionaries(CELLS, st.integers(1, 60), min_size=1, max_size=12)
MINIMA = st.builds(Minima, st.integers(0, 200), st.integers(0, 30))


@given(
    st.lists(st.builds(LegacyRecord, st.integers(0, 7), st.integers(0, 3), st.text())), st.data()
)
def test_commitments_are_those_of_the_specification(
    records: list[LegacyRecord], data: st.DataObject
) -> None:
    """Each commitment holds day, orgs, class with 0x80 and name, salted with its own bytes."""
    size = RANDOMNESS * len(records)
    randomness = data.draw(st.binary(min_size=size, max_size=size))
    cells = {(each.orgs, each.class_): (each.orgs, each.class_ | 0x80) for each in records}
    found = legacy_entries(records, cells, origin=ORIGIN, day=DAY, randomness=randomness)
    count = len(records)
    for at, (record, entry) in enumerate(zip(records, found, strict=True)):
        salts = [randomness[32 * count + 16 * (j * count + at) :][:16] for j in range(6)]
        values = [
            DAY.isoformat().encode(),
            bytes([record.orgs]),
            bytes([record.class_ | CARRIED_OVER]),
            record.name.encode(),
            b"",
            b"",
        ]
        fields = enumerate(zip(salts, values, strict=True), 1)
        digests = [field_digest(j, *each) for j, each in fields]
        label = commitment(ORIGIN, randomness[32 * at : 32 * at + 32], digests)
        assert entry == Counted(record.orgs, record.class_ | CARRIED_OVER, label)


def test_no_byte_of_randomness_serves_two_salts() -> None:
    """Changing any one byte of the randomness changes the commitment of one record alone."""
    records = [LegacyRecord(1, 0, "")] * 3
    cells = {(1, 0): (1, 0x80)}

    def made(randomness: bytes) -> list[Counted]:
        return legacy_entries(records, cells, origin=ORIGIN, day=DAY, randomness=randomness)

    plain = made(bytes(3 * RANDOMNESS))
    for at in range(3 * RANDOMNESS):
        changed = made(bytes(at) + b"\1" + bytes(3 * RANDOMNESS - at - 1))
        assert sum(one != other for one, other in zip(plain, changed, strict=True)) == 1


@pytest.mark.parametrize("size", [0, RANDOMNESS - 1, RANDOMNESS + 1, 2 * RANDOMNESS])
def test_randomness_has_its_length(size: int) -> None:
    """Too little randomness would use a salt twice, so any other length is refused."""
    with pytest.raises(ValueError, match="128 bytes"):
        legacy_entries(
            [LegacyRecord(1, 0, "")],
            {(1, 0): (1, 0x80)},
            origin=ORIGIN,
            day=DAY,
            randomness=bytes(size),
        )


@pytest.mark.parametrize("origin", ["", "o" * 256])
def test_an_origin_has_its_length(origin: str) -> None:
    """A commitment is bound to an origin of 1 to 255 bytes, also of no record at all."""
    with pytest.raises(CommitmentError):
        legacy_entries([], {}, origin=origin, day=DAY, randomness=b"")


@given(SIZES, MINIMA)
def test_small_cells_say_less_at_once(sizes: dict[tuple[int, int], int], minima: Minima) -> None:
    """A cell goes out as it is if it is full; else without class, else without both; and a seal
    is flagged exactly if a published cell or the batch is below the minima."""
    told = tell(sizes, minima)
    published: Counter[tuple[int, int]] = Counter()
    for cell, size in sizes.items():
        published[told.cells[cell]] += size
    for (orgs, class_), size in sizes.items():
        said = told.cells[orgs, class_]
        whole, classless = (orgs, class_ | 0x80), (orgs, 0x87)
        assert said in (whole, classless, (WITHHELD, 0x87))
        if size >= minima.cell:
            assert said == whole
    below = any(size < minima.cell for size in published.values())
    too_few = sum(sizes.values()) < minima.batch
    assert told.flags == (FLAG_BELOW_MINIMA if below or too_few else 0)


def test_a_full_batch_of_millions_is_asked_about_by_few() -> None:
    """The rule is asked about as many leaves as the minimum, however many there are."""
    told = tell({(1, 0): 10**9, (2, 3): 19, (2, 2): 1, (7, 1): 5}, Minima())
    assert told.cells == {(1, 0): (1, 0x80), (2, 3): (2, 0x87), (2, 2): (2, 0x87),
                          (7, 1): (WITHHELD, 0x87)}  # fmt: skip
    assert told.flags == FLAG_BELOW_MINIMA
