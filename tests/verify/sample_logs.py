# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed logs made of numbers, with every kind of entry, and ways to write false ones."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from tests.pure.ledger.samples import DAY, counted, digest, link, note
from tuidang.pure.ledger.batches import Previous, seal_batch
from tuidang.pure.ledger.entries import Correction, Counted, Entry, Seal
from tuidang.pure.ledger.received import receive
from tuidang.pure.merkle.bundles import encode_bundle
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import assemble_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.pure.merkle.tiles import Tile, bundles_for_size, tiles_for_size
from tuidang.pure.merkle.tree import root

ORIGIN = "log.invalid/sample"
LOG = Signer(ORIGIN, bytes(range(32)))
CLOCK = Signer(f"{ORIGIN}/clock", bytes(range(32, 64)))
STRANGER = Signer(ORIGIN, bytes(range(64, 96)))
TRUST = f"{LOG.vkey}\n{CLOCK.cosignature_vkey}\n".encode()
TIME = 1_795_305_600


class Written:
    """The entries of a log as they are written, batch after batch, one day each."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def seal(self, *entries: Entry, flags: int = 0) -> "Written":
        """Add a batch of these entries, with R and seal; any content goes."""
        seals = [at for at, each in enumerate(self.entries) if isinstance(each, Seal)]
        last = self.entries[-1] if self.entries else None
        previous = Previous(last, seals[-1]) if isinstance(last, Seal) else None
        day = DAY + timedelta(days=len(seals))
        received = receive([digest(f"received {len(seals)}")])
        self.entries += seal_batch(
            entries, received, previous, first_day=day, last_day=day, flags=flags
        )
        return self

    def fill(self, size: int, *entries: Entry, flags: int = 0) -> "Written":
        """Add a batch of these entries and so many persons that the log has this size."""
        start, orgs = len(self.entries), (*range(8), 0xFF)
        places = range(start, size - 2 - len(entries))
        persons = [counted(f"person {n}", orgs[n % 9], (0, 1, 2, 3, 7)[n % 5]) for n in places]
        return self.seal(*persons, *entries, flags=flags)

    def correction(self, nth: int, label: str, reason: int = 1) -> Correction:
        """Return a C entry for the nth D entry."""
        index = [at for at, each in enumerate(self.entries) if isinstance(each, Counted)][nth]
        target = self.entries[index]
        assert isinstance(target, Counted)
        return Correction(target.orgs, target.class_, reason, index, digest(label))

    def encoded(self) -> list[bytes]:
        """Return the bytes of the entries."""
        return [entry.encode() for entry in self.entries]


def sample_log() -> list[bytes]:
    """Return six batches over three bundles, with corrections, links, notes and a flag."""
    log = Written().seal(counted("first", 1, 0), counted("second", 6, 1), note("head"))
    log.fill(40, note("page", 2), counted("old", 3, 0x82))
    log.fill(256, log.correction(0, "c1"), log.correction(7, "c2", 2), link("1"), flags=1)
    log.fill(300, link("2"), link("3"), note("trust", 3), note("other", 5))
    log.fill(515, log.correction(280, "c3"), log.correction(30, "c4"))
    return log.fill(525, log.correction(299, "c5"), note("head again")).encoded()


def ends_of(entries: Sequence[bytes]) -> list[int]:
    """Return the size of the log after each seal."""
    return [at for at, entry in enumerate(entries, 1) if entry[:1] == b"\x03"]


def files_of(entries: Sequence[bytes], ends: Iterable[int]) -> dict[str, bytes]:
    """Return all bundles and tiles that a log has which grew in these steps."""
    rows = [[leaf_hash(entry) for entry in entries]]
    while len(rows[-1]) >= 256:
        full = range(0, len(rows[-1]) // 256 * 256, 256)
        rows.append([root(rows[-1][at : at + 256]) for at in full])
    files = {}
    for end in ends:
        for bundle in bundles_for_size(end):
            start = 256 * bundle.n
            files[bundle.path] = encode_bundle(entries[start : start + bundle.width])
        for tile in tiles_for_size(end):
            files[tile.path] = _tile(rows, tile)
    return files


def _tile(rows: list[list[bytes]], tile: Tile) -> bytes:
    return b"".join(rows[tile.level][256 * tile.n : 256 * tile.n + tile.width])


def checkpoint_of(entries: Sequence[bytes], time: int = TIME) -> bytes:
    """Return the checkpoint of these entries, signed by the log and its clock."""
    text = Checkpoint(ORIGIN, len(entries), root([leaf_hash(each) for each in entries])).text
    return signed(text, cosign(text, CLOCK, time))


def signed(text: str, *lines: str, signer: Signer = LOG) -> bytes:
    """Return a note with the log's own line and others."""
    return assemble_note(text, [signer.sign_text(text), *lines])


def log_files(entries: Sequence[bytes]) -> dict[str, bytes]:
    """Return every file of a signed log; a last batch without a seal is signed all the same."""
    ends = [*ends_of(entries), len(entries)]
    return {"checkpoint": checkpoint_of(entries), **files_of(entries, ends)}


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files below a folder and return the folder."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def bundle_at(index: int, size: int) -> str:
    """Return the path of the bundle that holds this entry."""
    n = index // 256
    width = min(256, size - 256 * n)
    return f"tile/entries/{n:03d}" + (f".p/{width}" if width < 256 else "")
