# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every parser of our entries and openings, on anything: refused by name, or one spelling."""

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.ledger.samples import BATCH, ORIGIN, VECTORS, audit, digest, sample_log
from tests.pure.merkle.samples import leaves
from tests.pure.mutations import mutated
from tuidang.pure.ledger.auditing import AuditError
from tuidang.pure.ledger.entries import EntryError, Received, decode
from tuidang.pure.ledger.openings import Opening, OpeningError
from tuidang.pure.ledger.received import receive, received_paths, verify_received
from tuidang.pure.merkle.proofs import ProofError

ENTRIES = [*{entry[0]: entry for entry in [*BATCH, *sample_log().encoded()]}.values()]
SALTS = [bytes([j]) * 16 for j in range(6)]
OPENING = Opening.of(bytes(32), SALTS, [b"2026-11-22", b"\7", b"\1", "样本".encode(), b"", b""])
SHOWN = OPENING.only([1, 4])
ARRIVED = [digest(f"arrived {n}") for n in range(11)]
PATHS = received_paths(ARRIVED)
HASHES = st.sampled_from([*PATHS[ARRIVED[0]][1], *leaves(3)]) | st.binary(max_size=33)


@fuzzed
@given(mutated(*ENTRIES))
def test_entries(data: bytes) -> None:
    """Bytes that are an entry are exactly the bytes of that entry."""
    try:
        entry = decode(data)
    except EntryError:
        return
    assert entry.encode() == data


@fuzzed
@given(mutated(OPENING.to_json(), SHOWN.to_json(), b"[]", b"null", b"1e999", b"[" * 2000))
def test_openings(data: bytes) -> None:
    """An opening that is read has one spelling; one that was changed opens nothing else."""
    try:
        found = Opening.from_json(data)
    except OpeningError:
        return
    assert found.to_json() == data
    try:
        found.verify(ORIGIN, OPENING.commitment(ORIGIN))
    except OpeningError:
        return
    assert set(found.shown) <= set(OPENING.shown)
    assert (found.salt, found.digests) == (OPENING.salt, OPENING.digests)


@fuzzed
@given(
    st.sampled_from(ARRIVED) | st.binary(max_size=40),
    st.integers(-2, 14) | st.sampled_from([2**53, 2**63, 2**64]),
    st.lists(HASHES, max_size=6) | st.sampled_from([path for _, path in PATHS.values()]),
)
def test_received(commitment: bytes, index: int, path: list[bytes]) -> None:
    """A path in R holds for the commitment that it was made for, at its place, and no other."""
    try:
        verify_received(receive(ARRIVED), commitment, index, path)
    except ProofError:
        assert PATHS.get(commitment) != (index, path)
        return
    assert PATHS[commitment] == (index, path)


LOG = sample_log().encoded()


@given(st.integers(0, len(LOG) - 1), st.data())
def test_logs(place: int, data: st.DataObject) -> None:
    """A log with one entry exchanged for anything is refused by name, or counts the same."""
    entries = LOG.copy()
    entries[place] = data.draw(mutated(LOG[place], *ENTRIES))
    try:
        auditor = audit(entries)
    except (AuditError, EntryError):
        return
    assert auditor.cells == audit(LOG).cells


def test_what_was_received_is_told_apart_by_place() -> None:
    """The samples hold, so that the fuzzing begins with something right."""
    entry = receive(ARRIVED)
    assert isinstance(entry, Received)
    for commitment, (index, path) in PATHS.items():
        verify_received(entry, commitment, index, path)
    assert [decode(each).encode() for each in ENTRIES] == ENTRIES
    assert {each[0] for each in ENTRIES} == {1, 2, 3, 4, 5, 6}
    OPENING.verify(ORIGIN, OPENING.commitment(ORIGIN))
    assert VECTORS["origin"] == ORIGIN
