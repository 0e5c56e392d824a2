# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proofs that go to declarants."""

from pathlib import Path

import pytest

from tests.registry.transparency.samples import arrive, commitment, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.ledger.entries import Received
from tuidang.pure.ledger.received import verify_received
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.proofs import ProofError, verify_inclusion
from tuidang.registry.transparency.errors import NotPublished
from tuidang.registry.transparency.models import Batch, Leaf
from tuidang.registry.transparency.proofs import (
    BatchProofs,
    leaf_proof,
    r_index,
    received_proof,
)
from tuidang.registry.transparency.storage import PosixStore
from tuidang.registry.transparency.stores import open_store

pytestmark = pytest.mark.django_db


def test_every_leaf_and_every_arrival_can_be_proven(stranger: Stranger) -> None:
    """All proofs of batches that begin, cross and end inside tiles verify against their roots."""
    for number, (start, end) in enumerate([(0, 1), (1, 258), (258, 600), (600, 601)]):
        arrive(range(start, end), on=number)
        publish_on(number)
    entries = stranger.look()
    for batch in Batch.objects.all():
        proofs = BatchProofs(batch)
        r_entry = entries[r_index(batch)]
        assert isinstance(r_entry, Received)
        for index in range(batch.first_index, batch.size):
            proof = proofs.entry(index)
            hashed = leaf_hash(entries[index].encode())
            verify_inclusion(hashed, index, proof.size, proof.path, bytes(batch.root))
        for leaf in batch.leaves.all():
            found = proofs.received(bytes(leaf.commitment))
            assert found.count == r_entry.count
            verify_received(r_entry, bytes(leaf.commitment), found.index, found.path)


def test_single_proofs_are_the_same(stranger: Stranger) -> None:
    """Asking for one proof gives what asking for all gives, and proves nobody else."""
    leaves = arrive(range(20))
    batch = publish_on(0)
    assert batch is not None
    entries = stranger.look()
    proofs = BatchProofs(batch)
    leaf = Leaf.objects.select_related("batch").get(pk=leaves[3].pk)
    assert leaf.index is not None
    assert leaf_proof(leaf) == proofs.entry(leaf.index)
    one = received_proof(commitment(3))
    assert one == proofs.received(commitment(3))
    r_entry = entries[r_index(batch)]
    assert isinstance(r_entry, Received)
    with pytest.raises(ProofError):
        verify_received(r_entry, commitment(4), one.index, one.path)


def test_there_is_no_proof_before_publication(log_folder: Path) -> None:
    """What waits, what nobody knows, and what lies beyond the batch has no proof."""
    (leaf,) = arrive(range(1))
    with pytest.raises(NotPublished):
        leaf_proof(leaf)
    with pytest.raises(NotPublished):
        received_proof(commitment(0))
    with pytest.raises(NotPublished):
        received_proof(commitment(99))
    batch = publish_on(0)
    assert batch is not None
    for index in (-1, batch.size):
        with pytest.raises(NotPublished):
            BatchProofs(batch).entry(index)
    with pytest.raises(NotPublished):
        BatchProofs(batch).received(commitment(99))
    assert log_folder.exists()


def test_many_proofs_read_each_tile_once(log_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proofs of a list of 500 persons cost no more reading than its tiles."""
    arrive(range(500))
    batch = publish_on(0)
    assert batch is not None
    read: list[str] = []
    original = PosixStore.read

    def counting(store: PosixStore, path: str) -> bytes:
        read.append(path)
        return original(store, path)

    monkeypatch.setattr(PosixStore, "read", counting)
    proofs = BatchProofs(batch, open_store())
    for leaf in Leaf.objects.all():
        assert leaf.index is not None
        proofs.entry(leaf.index)
    assert sorted(read) == ["tile/0/000", "tile/0/001.p/247", "tile/1/000.p/1"]
    assert log_folder.exists()
