# SPDX-License-Identifier: Apache-2.0
"""The largest checkpoint that was seen, and what it rules out.

A log that shows two clients different trees is caught when either sees the other's checkpoint,
or the log's earlier one. Any checkpoint that the log has signed will do, from whomever it came:
only the log's own line is asked for. It must never replace what was seen by anything that does
not extend it.

Source: `transparency-log.md` sections 3 to 5.
"""

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tuidang.pure.merkle.checkpoints import Checkpoint, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.notes import open_note
from tuidang.pure.merkle.proofs import ProofError, verify_consistency
from tuidang.pure.merkle.tiles import (
    TILE_HEIGHT,
    TILE_WIDTH,
    ReadTile,
    Tile,
    consistency_proof_from_tiles,
    root_from_tiles,
)
from tuidang.verify.errors import AuditFailed, TrustError
from tuidang.verify.log_audit import audit
from tuidang.verify.report import Report
from tuidang.verify.sources import open_source
from tuidang.verify.trust import Trust

CHECKPOINT = "checkpoint"
EVIDENCE = ".evidence"
TRIES = 3  # a log may be published anew while it is read
ReadFile = Callable[[str], bytes]


class Contradiction(AuditFailed):
    """What is shown is not what was seen, only longer.

    `evidence` holds both signed notes and the tiles that tie them together, by file name.
    """

    def __init__(self, words: str, evidence: Mapping[str, bytes]) -> None:
        super().__init__(CHECKPOINT, words)
        self.evidence = evidence


class Shorter(Contradiction):
    """The log shows fewer entries than it has signed: old files, or a view of its own."""


class Forked(Contradiction):
    """The log has signed two trees, of which neither begins the other."""


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint that the log has signed, and the note as it came."""

    checkpoint: Checkpoint
    note: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.checkpoint.size


def signed_head(note: bytes, trust: Trust) -> SignedHead:
    """Return what the log has signed, whoever else has not; AuditFailed if it did not sign."""
    try:
        checkpoint = parse_checkpoint(open_note(note, [trust.log]).text)
    except FormatError as error:
        raise AuditFailed(CHECKPOINT, f"not a valid checkpoint: {error}") from error
    if checkpoint.origin != trust.log.name or checkpoint.extensions:
        raise AuditFailed(CHECKPOINT, "another origin, or extension lines")
    return SignedHead(checkpoint, note)


def check_extends(seen: SignedHead, shown: SignedHead, read: ReadFile) -> None:
    """Check that what is shown begins with what was seen, by tiles of the log that is shown.

    Raises Shorter for fewer entries, Forked for another history, and AuditFailed where the
    tiles are not those of the checkpoint that came with them: then nothing is known of the log.
    """
    evidence = {"seen.note": seen.note, "shown.note": shown.note}
    if shown.size < seen.size:
        words = f"{shown.size} entries are shown, but {seen.size} were signed"
        raise Shorter(f"{words}: an old copy, or a view of its own", evidence)
    tiles = _Tiles(read, shown.size)
    if shown.size > seen.size > 0:
        began = _root_at(seen.size, shown.checkpoint, tiles)
    else:
        began = shown.checkpoint.root if seen.size else seen.checkpoint.root
    if began != seen.checkpoint.root:
        words = f"the log has signed two histories, which differ before entry {seen.size}"
        raise Forked(words, evidence | tiles.files)


def _root_at(size: int, shown: Checkpoint, tiles: "_Tiles") -> bytes:
    """Return the root that the shown log had at an earlier size, proven by its own root."""
    try:
        root = root_from_tiles(tiles.earlier, size)
        proof = consistency_proof_from_tiles(tiles.read, size, shown.size)
        verify_consistency(size, shown.size, proof, root, shown.root)
    except ProofError as error:
        raise AuditFailed(CHECKPOINT, "the tiles beside it belong to another one") from error
    return root


class _Tiles:
    """The tiles of one log that are needed for a proof, each read once."""

    def __init__(self, read: ReadFile, size: int) -> None:
        self._read = read
        self._size = size
        self.files: dict[str, bytes] = {}

    def read(self, tile: Tile) -> bytes:
        """Return a tile of the log as it is shown; AuditFailed unless it has its length."""
        if tile.path not in self.files:
            data = self._read(tile.path)
            if len(data) != tile.width * HASH_SIZE:
                raise AuditFailed(tile.path, "has the wrong length")
            self.files[tile.path] = data
        return self.files[tile.path]

    @property
    def earlier(self) -> ReadTile:
        """Tiles as of a smaller size: the beginnings of those that are there now."""

        def read(tile: Tile) -> bytes:
            now = (self._size >> TILE_HEIGHT * tile.level) - tile.n * TILE_WIDTH
            whole = Tile(tile.level, tile.n, min(now, TILE_WIDTH))
            return self.read(whole)[: tile.width * HASH_SIZE]

        return read


class SeenFile:
    """A file with the largest checkpoint that was seen; it need not be there yet."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def last(self, trust: Trust) -> SignedHead | None:
        """Return what was seen last; TrustError if the file is not signed by the trusted log."""
        if not self.path.exists():
            return None
        try:
            return signed_head(self.path.read_bytes(), trust)
        except AuditFailed as error:
            raise TrustError(f"{self.path}: {error.words}") from error

    def remember(self, head: SignedHead) -> None:
        """Keep a checkpoint, on the disk before this returns."""
        write_durably(self.path, head.note)


def audit_remembering(
    where: str, trust: Trust, file: SeenFile, *, temp: Path | None = None
) -> tuple[Report, SignedHead]:
    """Audit the log at a URL or in a folder, which must extend what was seen; remember it.

    Returns the report and the checkpoint it is about. Raises what `audit` and `check_extends`
    raise, and keeps the evidence of a contradiction beside the file; TrustError for a file that the
    trusted log has not signed.
    """
    for _ in range(TRIES):
        source, seen = open_source(where), file.last(trust)
        head = signed_head(source.read(CHECKPOINT), trust)
        try:
            if seen:
                check_extends(seen, head, source.read)
        except Contradiction as found:
            keep_evidence(file.path.with_name(file.path.name + EVIDENCE), found)
            raise
        report = audit(source, trust, temp=temp)
        if (report.size, report.root) == (head.size, head.checkpoint.root):
            file.remember(head)
            return report, head
    raise AuditFailed(CHECKPOINT, "changed each time while the log was read")


def keep_evidence(folder: Path, found: Contradiction) -> Path:
    """Write the evidence into a folder of its own below this one, and return that."""
    notes = hashlib.sha256(found.evidence["seen.note"] + found.evidence["shown.note"])
    place = folder / notes.hexdigest()[:16]
    for name, data in found.evidence.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        write_durably(place / name, data)
    return place


def write_durably(path: Path, data: bytes, *, beside: Path | None = None) -> None:
    """Replace a file at once, on the disk before this returns.

    It is written as a new file first, in the folder `beside` if that is given.
    """
    fresh = (beside or path.parent) / f".{path.name}.new"
    with fresh.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
    if os.name == "posix":  # elsewhere folders cannot be synced
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
