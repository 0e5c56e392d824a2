# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules that every auditor of the log holds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.ledger.samples import (
    BATCH,
    DAY,
    SampleLog,
    audit,
    counted,
    digest,
    link,
    sample_log,
)
from tests.pure.merkle.samples import flip
from tuidang.pure.ledger.batches import (
    AuditError,
    BatchAuditor,
    net_cells,
    order,
    seal_batch,
)
from tuidang.pure.ledger.entries import (
    Cell,
    Correction,
    Counted,
    Entry,
    Link,
    OperatorNote,
    Received,
    Seal,
)
from tuidang.pure.ledger.received import receive
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.tree import root
from tuidang.pure.tally import cells_of, count

Change = Callable[[list[Entry]], None]
SAMPLE = sample_log().entries
ENCODED = sample_log().encoded()
SEALS = [at for at, each in enumerate(SAMPLE) if isinstance(each, Seal)]


def places(kind: type[Entry]) -> list[int]:
    """Return where entries of a kind stand in the sample log."""
    return [at for at, each in enumerate(SAMPLE) if isinstance(each, kind)]


def refused(entries: list[Entry]) -> AuditError:
    """Return why a log is refused."""
    with pytest.raises(AuditError) as caught:
        audit([entry.encode() for entry in entries])
    return caught.value


def reseal(at: int, **changes: object) -> Change:
    """Return a change to the seal at this place."""

    def change(entries: list[Entry]) -> None:
        entries[at] = replace(entries[at], **changes)  # type: ignore[arg-type]

    return change


def swap(one: int, other: int) -> Change:
    """Return a change that exchanges two entries."""

    def change(entries: list[Entry]) -> None:
        entries[one], entries[other] = entries[other], entries[one]

    return change


def put(at: int, entry: Entry) -> Change:
    """Return a change that replaces an entry."""

    def change(entries: list[Entry]) -> None:
        entries[at] = entry

    return change


def test_the_batch_of_the_vectors_holds() -> None:
    """The published batch passes, and its last seal is remembered."""
    auditor = audit(BATCH)
    assert (auditor.size, auditor.seal_index) == (8, 7)
    assert auditor.cells == (Cell(5, 1, 1), Cell(7, 0, 3))


def test_a_log_of_several_batches_holds() -> None:
    """A log with every kind of entry passes, and its seals equal a recount."""
    auditor = audit(ENCODED)
    assert cells_of(auditor.seal) == count(SAMPLE)
    assert {type(entry) for entry in SAMPLE} == {
        Counted,
        Correction,
        Link,
        OperatorNote,
        Received,
        Seal,
    }


def test_an_empty_log_holds() -> None:
    """A log without entries breaks no rule."""
    assert audit([]).seal is None


FIRST, SECOND, THIRD = SEALS
D2 = places(Counted)[3]
C1, C2 = places(Correction)
L1, L2, L3 = places(Link)
N1, N2 = places(OperatorNote)
R1, R2, R3 = places(Received)
CORRECTION = SAMPLE[C1]
LINK = SAMPLE[L2]
assert isinstance(CORRECTION, Correction)
assert isinstance(LINK, Link)
WRONG_CELLS = (Cell(7, 0, 1),)


@pytest.mark.parametrize(
    ("change", "index", "code"),
    [
        (swap(D2, D2 + 1), D2 + 1, "out_of_order"),
        (swap(L2, L3), L3, "out_of_order"),
        (swap(N1, N2), N2, "out_of_order"),
        (swap(C1, L1), L1, "out_of_order"),
        (swap(0, N1), 1, "out_of_order"),
        (swap(N2, R1), R1, "out_of_order"),
        (put(R1, OperatorNote(5, b"\xff" * 32)), R1 + 1, "received_missing"),
        (put(N2, SAMPLE[R1]), R1, "received_repeats"),
        (reseal(FIRST, batch=1), FIRST, "seal_batch"),
        (reseal(SECOND, batch=0), SECOND, "seal_batch"),
        (reseal(FIRST, first_index=1), FIRST, "seal_first_index"),
        (reseal(SECOND, first_index=0), SECOND, "seal_first_index"),
        (reseal(FIRST, previous_seal=0), FIRST, "seal_previous"),
        (reseal(SECOND, previous_seal=None), SECOND, "seal_previous"),
        (reseal(THIRD, previous_seal=FIRST), THIRD, "seal_previous"),
        (reseal(SECOND, first_day=0), SECOND, "seal_days"),
        (reseal(SECOND, cells=WRONG_CELLS), SECOND, "seal_cells"),
        (reseal(THIRD, cells=()), THIRD, "seal_cells"),
        (put(C1, replace(CORRECTION, corrects=C1)), C1, "correction_ahead"),
        (put(C1, replace(CORRECTION, corrects=2**64 - 2)), C1, "correction_ahead"),
        (put(C1, replace(CORRECTION, corrects=N1)), C1, "correction_target"),
        (put(C1, replace(CORRECTION, corrects=FIRST)), C1, "correction_target"),
        (put(C1, replace(CORRECTION, orgs=1)), C1, "correction_cell"),
        (put(C1, replace(CORRECTION, class_=0x80)), C1, "correction_cell"),
        (put(C1, replace(CORRECTION, commitment=digest("1"))), C1, "commitment_repeats"),
        (put(L1, replace(LINK, commitment=digest("2"))), L1, "commitment_repeats"),
        (put(L1, LINK), L2, "commitment_repeats"),
        (put(L1, Link(digest("new"), LINK.nullifier)), L2, "nullifier_repeats"),
    ],
)
def test_each_rule_names_where_it_is_broken(change: Change, index: int, code: str) -> None:
    """A log that breaks one rule is refused with that rule's code, at the first bad entry."""
    entries = list(SAMPLE)
    change(entries)
    error = refused(entries)
    assert (error.code, error.index) == (code, index)
    assert str(error).startswith(f"entry {index}: ")


def test_a_person_is_not_counted_twice() -> None:
    """The same commitment in a later batch is refused, although the order allows it."""
    log = SampleLog().seal(counted("1")).seal(counted("1"))
    error = refused(log.entries)
    assert (error.code, error.index) == ("commitment_repeats", 3)


def test_a_person_is_not_corrected_twice() -> None:
    """A second correction of the same entry is refused, even with another reason."""
    log = SampleLog().seal(counted("1"), counted("2"))
    log.seal(log.correct(0))
    log.seal(replace(log.correct(0, reason=2), commitment=digest("again")))
    error = refused(log.entries)
    assert (error.code, error.index) == ("index_repeats", 7)


def test_a_correction_may_follow_in_the_same_batch() -> None:
    """An entry can be taken back in the batch that counts it, and its cell disappears."""
    log = SampleLog()
    first = counted("1")
    back = Correction(first.orgs, first.class_, 1, 0, digest("back"))
    assert audit(log.seal(first, back).encoded()).cells == ()


def test_a_source_that_changes_is_noticed() -> None:
    """A corrected entry that can no longer be read as it was is refused."""
    auditor = BatchAuditor(lambda _: b"")
    for index, each in enumerate(ENCODED[:C1]):
        auditor.feed(index, each)
    with pytest.raises(AuditError) as caught:
        auditor.feed(C1, ENCODED[C1])
    assert (caught.value.code, caught.value.index) == ("correction_target", C1)


@pytest.mark.parametrize("size", [size for size in range(1, len(SAMPLE)) if size - 1 not in SEALS])
def test_a_log_ends_on_a_seal(size: int) -> None:
    """A log that is cut off within a batch is refused at its last entry."""
    error = refused(SAMPLE[:size])
    assert (error.code, error.index) == ("seal_missing", size - 1)


@pytest.mark.parametrize("seal", SEALS)
def test_a_log_may_end_on_any_seal(seal: int) -> None:
    """Every seal is a place where the log could have been signed."""
    assert audit(ENCODED[: seal + 1]).seal_index == seal


def test_entries_are_fed_without_gaps() -> None:
    """An entry that is left out or fed twice is refused."""
    for index in (1, -1):
        with pytest.raises(AuditError) as caught:
            BatchAuditor(ENCODED.__getitem__).feed(index, ENCODED[0])
        assert (caught.value.code, caught.value.index) == ("index_gap", 0)


def test_bytes_that_are_no_entry_keep_their_code() -> None:
    """What the decoder refuses is reported with its code and the index."""
    error_at = 2
    data = [*ENCODED[:error_at], b"\x09", *ENCODED[error_at + 1 :]]
    with pytest.raises(AuditError) as caught:
        audit(data)
    assert (caught.value.code, caught.value.index) == ("entry_type", error_at)


@given(st.integers(0, len(ENCODED) - 1), st.data())
def test_every_flipped_bit_breaks_a_rule_or_the_root(index: int, data: st.DataObject) -> None:
    """A bit changed in any entry is refused here, or gives the tree another root."""
    bit = data.draw(st.integers(0, len(ENCODED[index]) * 8 - 1))
    changed = [*ENCODED[:index], flip(ENCODED[index], bit), *ENCODED[index + 1 :]]
    try:
        audit(changed)
    except AuditError:
        return
    assert root([leaf_hash(e) for e in changed]) != root([leaf_hash(e) for e in ENCODED])


@given(st.permutations(SAMPLE[: FIRST - 1]))
def test_the_order_does_not_depend_on_arrival(entries: list[Entry]) -> None:
    """Entries in any order become the same batch."""
    assert order(entries) == SAMPLE[: FIRST - 1]


def test_another_order_of_corrections_is_refused() -> None:
    """Corrections ascend by the index they name, since that follows their first bytes."""
    log = SampleLog().seal(counted("1"), counted("2"))
    log.seal(log.correct(1), log.correct(0), link("1"))
    assert [e.corrects for e in log.entries if isinstance(e, Correction)] == [0, 1]
    audit(log.encoded())
    entries = list(log.entries)
    entries[4], entries[5] = entries[5], entries[4]
    assert refused(entries).code == "out_of_order"


def test_a_batch_is_not_sealed_over_an_impossible_sum() -> None:
    """Taking back more than was counted is refused before anything is signed."""
    back = Correction(1, 0, 1, 0, digest("back"))
    with pytest.raises(ValueError, match="more corrections"):
        seal_batch([back], receive([]), None, first_day=DAY, last_day=DAY + timedelta(days=1))
    assert net_cells([Cell(1, 0, 1)], [back]) == ()
