# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vectors of the entries, and small logs made of nothing but numbers."""

import hashlib
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tuidang.pure.ledger.batches import BatchAuditor, Previous, seal_batch
from tuidang.pure.ledger.entries import (
    Correction,
    Counted,
    Entry,
    Link,
    OperatorNote,
    Seal,
)
from tuidang.pure.ledger.received import receive

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "leaf.json").read_text(encoding="utf-8")
)
ORIGIN: str = VECTORS["origin"]
DAY = date(2026, 11, 22)
BATCH = [bytes.fromhex(each) for each in VECTORS["batch"]["entries"]]


def digest(label: str) -> bytes:
    """Return 32 bytes that look like a hash, the same for the same label."""
    return hashlib.sha256(f"sample {label}".encode()).digest()


def counted(label: str, orgs: int = 7, class_: int = 0) -> Counted:
    """Return a D entry."""
    return Counted(orgs, class_, digest(label))


def link(label: str) -> Link:
    """Return an L entry."""
    return Link(digest(f"link {label}"), digest(f"nullifier {label}"))


def note(label: str, kind: int = 1) -> OperatorNote:
    """Return an N entry."""
    return OperatorNote(kind, digest(f"note {label}"))


class SampleLog:
    """The entries of a log, batch after batch, one day each."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def seal(self, *entries: Entry) -> "SampleLog":
        """Add a batch of these entries, with R and seal."""
        seals = [at for at, each in enumerate(self.entries) if isinstance(each, Seal)]
        last = self.entries[-1] if self.entries else None
        previous = Previous(last, seals[-1]) if isinstance(last, Seal) else None
        day = DAY + timedelta(days=len(seals))
        received = receive([digest(f"received {len(seals)}")])
        self.entries += seal_batch(entries, received, previous, first_day=day, last_day=day)
        return self

    def correct(self, index: int, reason: int = 1) -> Correction:
        """Return a C entry for the D entry at this index."""
        target = self.entries[index]
        assert isinstance(target, Counted)
        label = digest(f"correction {index}")
        return Correction(target.orgs, target.class_, reason, index, label)

    def encoded(self) -> list[bytes]:
        """Return the bytes of the entries."""
        return [entry.encode() for entry in self.entries]


def sample_log() -> SampleLog:
    """Return a log of three batches in which every kind of entry occurs."""
    log = SampleLog()
    log.seal(counted("1"), counted("2"), counted("3", 1, 1), note("1"), note("2", 4))
    log.seal(*(counted(str(n), n % 8, n % 4) for n in range(4, 9)), log.correct(0), link("1"))
    return log.seal(counted("9", 0xFF, 0x87), log.correct(2), link("2"), link("3"))


def audit(data: list[bytes]) -> BatchAuditor:
    """Return the auditor that has accepted these entries as a whole log."""
    auditor = BatchAuditor(data.__getitem__)
    for index, each in enumerate(data):
        auditor.feed(index, each)
    auditor.finish()
    return auditor
