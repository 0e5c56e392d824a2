# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who believes nothing but the files, and remembers what they said before."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from tuidang.pure.ledger.batches import BatchAuditor
from tuidang.pure.ledger.entries import Cell, Entry, Seal
from tuidang.pure.merkle.bundles import decode_bundle
from tuidang.pure.merkle.checkpoints import Checkpoint, parse_checkpoint
from tuidang.pure.merkle.hashes import EMPTY_ROOT, leaf_hash
from tuidang.pure.merkle.notes import Signer, open_note
from tuidang.pure.merkle.proofs import consistency_proof, verify_consistency
from tuidang.pure.merkle.tiles import (
    BundleId,
    Tile,
    bundles_for_size,
    root_from_tiles,
    tiles_for_size,
)
from tuidang.pure.merkle.tree import root


@dataclass
class Stranger:
    """Audits the whole folder, and compares it with all that it saw earlier."""

    folder: Path
    seen: Checkpoint = field(default_factory=lambda: Checkpoint("unseen", 0, EMPTY_ROOT))
    sizes: list[int] = field(default_factory=list)

    def look(self) -> list[Entry]:
        """Return all entries of the log after checking every file of it."""
        checkpoint = self._checkpoint()
        auditor = BatchAuditor(read_entry=lambda index: raw[index])
        raw = self._raw_entries(checkpoint.size)
        entries = [auditor.feed(index, data) for index, data in enumerate(raw)]
        auditor.finish()
        self._check_tree(checkpoint, [leaf_hash(data) for data in raw])
        self.sizes = [i for i, entry in enumerate(entries, 1) if isinstance(entry, Seal)]
        self._check_no_other_files()
        self.cells: tuple[Cell, ...] = auditor.cells
        self.seen = checkpoint
        return entries

    def _checkpoint(self) -> Checkpoint:
        keys = Path(settings.KEYS_FOLDER)
        log, clock = (
            Signer.parse((keys / name).read_text().strip()) for name in ("log.key", "clock.key")
        )
        verifiers = [log.verifier, clock.cosignature_verifier]
        opened = open_note((self.folder / "checkpoint").read_bytes(), verifiers)
        assert len(opened.verified) == 2
        return parse_checkpoint(opened.text)

    def _raw_entries(self, size: int) -> list[bytes]:
        return [
            entry
            for bundle in bundles_for_size(size)
            for entry in decode_bundle(self._file(bundle), bundle.width)
        ]

    def _check_tree(self, checkpoint: Checkpoint, hashes: list[bytes]) -> None:
        assert root(hashes) == checkpoint.root
        assert root_from_tiles(self._file, checkpoint.size) == checkpoint.root
        for tile in tiles_for_size(checkpoint.size):
            if tile.level == 0:
                start = tile.n * 256
                assert self._file(tile) == b"".join(hashes[start : start + tile.width])
        proof = consistency_proof(self.seen.size, hashes)
        verify_consistency(self.seen.size, checkpoint.size, proof, self.seen.root, checkpoint.root)

    def _check_no_other_files(self) -> None:
        """The tiles of every checkpoint stay; nothing else lies in the folder."""
        expected = {"checkpoint"}
        for size in self.sizes:
            expected |= {tile.path for tile in tiles_for_size(size)}
            expected |= {bundle.path for bundle in bundles_for_size(size)}
        files = {str(p.relative_to(self.folder)) for p in self.folder.rglob("*") if p.is_file()}
        assert files == expected

    def _file(self, name: Tile | BundleId) -> bytes:
        return (self.folder / name.path).read_bytes()
