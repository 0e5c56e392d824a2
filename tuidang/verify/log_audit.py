# SPDX-License-Identifier: Apache-2.0
"""The audit of a whole log: order, seals, totals, uniqueness, root and signatures.

Returns a report or raises `AuditFailed`, which names the file at fault; there is no third
answer. It must never go on after a doubt, and never use anything but the files and the keys
that it was given. `audit_log.py` beside it does the same without this package; tests hold
both to the same verdicts.

Source: `transparency-log.md` sections 2 to 8. What must be unique is held in memory.
"""

from tuidang.pure.ledger.auditing import AuditError, BatchAuditor
from tuidang.pure.ledger.entries import EntryError, Seal, day_date
from tuidang.pure.merkle.bundles import BundleError, decode_bundle, encode_bundle
from tuidang.pure.merkle.checkpoints import Checkpoint, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import OpenedNote, open_note
from tuidang.pure.merkle.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    BundleId,
    Tile,
    bundles_for_size,
    root_from_tiles,
)
from tuidang.pure.merkle.tree import root
from tuidang.pure.tally import cells_of
from tuidang.verify.errors import AuditFailed
from tuidang.verify.report import Report
from tuidang.verify.sources import Source
from tuidang.verify.trust import Trust

CHECKPOINT = "checkpoint"
YEAR_10000 = 253_402_300_800
_LEVELS = 9  # 256**8 is 2**64, and one more for its root


def audit(source: Source, trust: Trust) -> Report:
    """Return what the log says if everything about it holds; raises AuditFailed otherwise."""
    note, checkpoint = open_trusted(source.read(CHECKPOINT), trust)
    walk = _Walk(source, checkpoint)
    for bundle in bundles_for_size(checkpoint.size):
        walk.take(bundle)
    walk.check_root()
    walk.check_end()
    walk.check_upper_tiles()
    for path in sorted(source.unread):
        raise AuditFailed(path, "nothing in the log implies this")
    return walk.report(note)


def open_trusted(data: bytes, trust: Trust) -> tuple[OpenedNote, Checkpoint]:
    """Return a checkpoint that the trusted keys have signed.

    Raises AuditFailed unless the log and, where it is trusted, its clock have signed exactly
    once, and for extension lines, which cosigners do not all sign.
    """
    try:
        note = open_note(data, (trust.log, *trust.cosigners))
        checkpoint = parse_checkpoint(note.text)
    except FormatError as error:
        raise AuditFailed(CHECKPOINT, f"not a valid checkpoint: {error}") from error
    if checkpoint.origin != trust.log.name or checkpoint.extensions:
        raise AuditFailed(CHECKPOINT, "another origin, or extension lines")
    signers = {line.verifier for line in note.verified}
    if any(len(note.by(each)) != 1 for each in {*trust.needed, *signers}):
        raise AuditFailed(CHECKPOINT, "not signed, once each, by the log and its clock")
    if any(line.time is not None and line.time >= YEAR_10000 for line in note.verified):
        raise AuditFailed(CHECKPOINT, "the time of a cosignature is not plausible")
    return note, checkpoint


class _Walk:
    """One walk through a log, from its first entry to its last."""

    def __init__(self, source: Source, checkpoint: Checkpoint) -> None:
        self._source = source
        self._checkpoint = checkpoint
        self._auditor = BatchAuditor(self._entry)
        self._seals: list[Seal] = []
        self._ends: list[int] = []  # the size of the log after each batch
        # The hashes of each level of tiles; of level 0 only those of the last tile.
        self._rows: list[list[bytes]] = [[] for _ in range(_LEVELS)]
        self._doubt: tuple[Tile, BundleId] | None = None
        self._known: tuple[int, list[bytes]] = (-1, [])

    def take(self, bundle: BundleId) -> None:
        """Put the entries of a bundle into the tree and hold the rules between them."""
        try:
            entries = decode_bundle(self._source.read(bundle.path), bundle.width)
        except BundleError as error:
            raise AuditFailed(bundle.path, str(error)) from error
        self._grow([leaf_hash(each) for each in entries])
        tile = Tile(0, bundle.n, bundle.width)
        if self._source.read(tile.path) != self._tile(tile) and self._doubt is None:
            self._doubt = (tile, bundle)
        if self._doubt is None:  # otherwise the root will tell which of the two is wrong
            older = self._feed(bundle, entries) - {bundle.width}
            for width in sorted(older):
                self._compare(BundleId(bundle.n, width), encode_bundle(entries[:width]))
            for width in sorted(older):
                self._compare(Tile(0, bundle.n, width), self._tile(Tile(0, bundle.n, width)))

    def check_root(self) -> None:
        """Hold that the entries give the signed root."""
        holds = root_from_tiles(self._tile, self._checkpoint.size) == self._checkpoint.root
        if self._doubt:
            path = self._doubt[0 if holds else 1].path
            raise AuditFailed(path, "is not what the log has signed")
        if not holds:
            raise AuditFailed(CHECKPOINT, "the entries give another root")

    def check_end(self) -> None:
        """Hold that a checkpoint is signed only where the last entry is a seal."""
        try:
            self._auditor.finish()
        except AuditError as error:
            raise AuditFailed(self._bundle_of(error.index).path, str(error)) from error

    def check_upper_tiles(self) -> None:
        """Compare the tiles above the leaf hashes, as of every batch end."""
        for level, row in enumerate(self._rows[1:], 1):
            counts = {end >> TILE_HEIGHT * level for end in self._ends}
            tiles = {Tile(level, *divmod(count, TILE_WIDTH)) for count in counts}
            tiles |= {Tile(level, n) for n in range(len(row) // TILE_WIDTH)}
            for tile in sorted(each for each in tiles if each.width):
                self._compare(tile, self._tile(tile))

    def report(self, note: OpenedNote) -> Report:
        """Return what the log says."""
        first, last = (self._seals[0], self._seals[-1]) if self._seals else (None, None)
        signers = sorted((line.name, line.key_id, line.time) for line in note.verified)
        return Report(
            origin=self._checkpoint.origin,
            size=self._checkpoint.size,
            root=self._checkpoint.root,
            signatures=tuple((name, time) for name, _, time in signers),
            batches=len(self._seals),
            below_minima=sum(seal.below_minima for seal in self._seals),
            first_day=day_date(first.first_day) if first else None,
            last_day=day_date(last.last_day) if last else None,
            cells=cells_of(last),
        )

    def _grow(self, hashes: list[bytes]) -> None:
        self._rows[0] = hashes
        for level in range(_LEVELS - 1):
            row = self._rows[level]
            if not row or len(row) % TILE_WIDTH:
                break
            self._rows[level + 1].append(root(row[-TILE_WIDTH:]))

    def _feed(self, bundle: BundleId, entries: list[bytes]) -> set[int]:
        """Hold the rules; return how many entries of this bundle each batch end leaves."""
        start = bundle.n * TILE_WIDTH
        self._known = (bundle.n, entries)
        ends = set()
        for index, data in enumerate(entries, start):
            try:
                entry = self._auditor.feed(index, data)
                if isinstance(entry, Seal):
                    day_date(entry.last_day)
                    self._seals.append(entry)
                    self._ends.append(index + 1)
                    ends.add(index + 1 - start)
            except (AuditError, EntryError) as error:
                raise AuditFailed(bundle.path, str(error)) from error
        return ends

    def _compare(self, file: Tile | BundleId, expected: bytes) -> None:
        """Compare a file, if it must be there or is, with what the entries give."""
        level = file.level if isinstance(file, Tile) else 0
        now = (self._checkpoint.size >> TILE_HEIGHT * level) - file.n * TILE_WIDTH
        needed = file.width == min(now, TILE_WIDTH) or (self._source.strict and now < TILE_WIDTH)
        if not needed and file.path not in self._source.unread:
            return
        if self._source.read(file.path) != expected:
            raise AuditFailed(file.path, "is not what the entries give")

    def _tile(self, tile: Tile) -> bytes:
        start = tile.n * TILE_WIDTH if tile.level else 0
        return b"".join(self._rows[tile.level][start : start + tile.width])

    def _bundle_of(self, index: int) -> BundleId:
        n = index // TILE_WIDTH
        return BundleId(n, min(self._checkpoint.size - n * TILE_WIDTH, TILE_WIDTH))

    def _entry(self, index: int) -> bytes:
        """Return an earlier entry, for corrections; they ascend, so one bundle is kept."""
        bundle = self._bundle_of(index)
        if self._known[0] != bundle.n:
            self._known = (bundle.n, self._read_again(bundle))
        return self._known[1][index % TILE_WIDTH]

    def _read_again(self, bundle: BundleId) -> list[bytes]:
        """Return the entries of a bundle that was taken before, and is still the same."""
        full = bundle.n < len(self._rows[1])
        expected = self._rows[1][bundle.n] if full else root(self._rows[0])
        try:
            entries = decode_bundle(self._source.read(bundle.path), bundle.width)
        except BundleError as error:
            raise AuditFailed(bundle.path, str(error)) from error
        if root([leaf_hash(each) for each in entries]) != expected:
            raise AuditFailed(bundle.path, "has changed while the log was read")
        return entries
