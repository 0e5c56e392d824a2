# SPDX-License-Identifier: AGPL-3.0-or-later
"""Proofs for declarants: a commitment's path in R, and an entry's path in the log.

Paths are at the size of the batch's own checkpoint, under the cosignatures that are kept for it
today. They go to their declarant, sealed, and nowhere else: there is no "find my leaf". For many
proofs of one batch use one `BatchProofs`, which reads and hashes everything once.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from tuidang.pure.ledger.received import received_paths
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.proofs import inclusion_proof, inclusion_proofs
from tuidang.pure.merkle.tiles import TILE_WIDTH, Tile, inclusion_proof_from_tiles, tile_hashes
from tuidang.pure.merkle.tlog_proof import TlogProof
from tuidang.registry.transparency.errors import NotPublished
from tuidang.registry.transparency.files import bundle_of
from tuidang.registry.transparency.models import Batch, Leaf, Link, Received
from tuidang.registry.transparency.storage import LogStore
from tuidang.registry.transparency.stores import open_store


@dataclass(frozen=True, slots=True)
class ReceivedProof:
    """Index and path of a commitment among the `count` leaves of the batch's R tree."""

    batch: Batch
    index: int
    path: list[bytes]
    count: int


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Index and path of an entry in the log of `size` entries."""

    index: int
    path: list[bytes]
    size: int


class BatchProofs:
    """All proofs of one batch; about a hash a leaf, however many are asked for."""

    def __init__(self, batch: Batch, store: LogStore | None = None) -> None:
        self.batch = batch
        self._store = store or open_store()
        self._tiles: dict[Tile, bytes] = {}
        self._paths: dict[int, list[list[bytes]]] = {}

    def received(self, commitment: bytes) -> ReceivedProof:
        """Return the path in this batch's R; NotPublished if R does not cover the commitment."""
        if commitment not in self._received:
            raise NotPublished
        index, path = self._received[commitment]
        return ReceivedProof(self.batch, index, path, len(self._received))

    def entry(self, index: int) -> EntryProof:
        """Return the path of an entry at this batch's size; NotPublished beyond it."""
        if not 0 <= index < self.batch.size:
            raise NotPublished
        n, place = divmod(index, TILE_WIDTH)
        if n not in self._paths:
            self._paths[n] = self._tile_paths(n)
        return EntryProof(index, self._paths[n][place], self.batch.size)

    def tlog_proof(self, index: int, extra: bytes | None = None) -> TlogProof:
        """Return an entry's c2sp.org/tlog-proof under this batch's checkpoint; NotPublished."""
        path = tuple(self.entry(index).path)
        return TlogProof(index, path, self.batch.checkpoint.encode(), extra)

    @cached_property
    def _received(self) -> dict[bytes, tuple[int, list[bytes]]]:
        rows = Received.objects.filter(batch=self.batch).values_list("commitment", flat=True)
        return received_paths(bytes(row) for row in rows)

    def _tile_paths(self, n: int) -> list[list[bytes]]:
        """A path is one inside the tile, then one that all leaves of the tile share."""
        size, start = self.batch.size, n * TILE_WIDTH
        tile = Tile(0, n, bundle_of(start, size).width)
        inside = list(inclusion_proofs(tile_hashes(tile, self._read(tile))))
        shared = inclusion_proof_from_tiles(self._read, start, size)[len(inside[0]) :]
        return [path + shared for path in inside]

    def _read(self, tile: Tile) -> bytes:
        if tile not in self._tiles:
            self._tiles[tile] = self._store.read(tile.path)
        return self._tiles[tile]


def received_proof(commitment: bytes) -> ReceivedProof:
    """Return the path of one commitment in its R; NotPublished while no R covers it.

    For one of a batch of 40,000 in some milliseconds, where `BatchProofs` makes all their paths.
    """
    row = Received.objects.select_related("batch").filter(commitment=commitment).first()
    if row is None or row.batch is None or not row.batch.is_published:
        raise NotPublished
    index, hashes = _received_tree(row.batch.pk).get(commitment), _received_hashes(row.batch.pk)
    if index is None:
        raise NotPublished
    return ReceivedProof(row.batch, index, inclusion_proof(index, hashes), len(hashes))


def leaf_proof(leaf: Leaf) -> EntryProof:
    """Return the path of a leaf at the size of its batch; NotPublished while it waits."""
    if leaf.index is None or leaf.batch is None or not leaf.batch.is_published:
        raise NotPublished
    return BatchProofs(leaf.batch).entry(leaf.index)


def link_proof(link: Link) -> TlogProof:
    """Return the proof of an L entry under its batch's checkpoint; NotPublished while it waits."""
    row = Link.objects.select_related("batch").get(pk=link.pk)
    if row.index is None or row.batch is None or not row.batch.is_published:
        raise NotPublished
    return BatchProofs(row.batch).tlog_proof(row.index)


def r_index(batch: Batch) -> int:
    """Return the index of the batch's R entry, which stands right before its seal."""
    return batch.size - 2


# What a published R covers never changes, so a few are kept: certificates are signed in runs.
@lru_cache(maxsize=4)
def _received_tree(batch: UUID) -> dict[bytes, int]:
    rows = Received.objects.filter(batch=batch).values_list("commitment", flat=True)
    return {each: index for index, each in enumerate(sorted(bytes(row) for row in rows))}


@lru_cache(maxsize=4)
def _received_hashes(batch: UUID) -> list[bytes]:
    return [leaf_hash(each) for each in _received_tree(batch)]
