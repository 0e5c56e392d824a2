# SPDX-License-Identifier: Apache-2.0
"""The rules that hold between entries, checked one entry after another.

Keeps running sums and what must be unique, never the entries; it cannot see a signature or
a root, which the caller checks. Nearly all entries are persons in their order: whoever can
tell those at a glance (`merkle.kernel.Persons`) hands them over by the run, with `skip`.
Every auditor of this log follows the same list:

 1. Indexes run from 0 without gaps, and each entry decodes (`entries`): exact length, orgs
    in 0..7 or 0xFF, class in {0,1,2,3,7} optionally with 0x80, reserved bytes zero, reason
    in {1,2}, kind in 1..5, flags in {0,1}, R's count 0 only with the empty root, cells with
    a count above zero and ascending by (orgs, class), first day not after last day.
 2. The entries of a batch come in the order D, C, L, N, then one R, then one S.
 3. D, C, L and N ascend strictly, each among their kind, by the bytes after the first four.
 4. No commitment (of D, C and L together) and no nullifier repeats in the whole log.
 5. C names an earlier index that holds a D with the same orgs and class bytes, and no D is
    named twice.
 6. S counts batches from 0 without gaps, and names the first index of its batch and the
    index of the previous S (2^64-1 for none).
 7. S's first day is not before the last day of the previous S.
 8. S's cells are the cumulative net counts (D minus C) over the whole log: exactly the
    cells whose count is above zero.
 9. The log ends on an S, or is empty.

Source: `transparency-log.md` sections 1 to 3.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NoReturn, Protocol

from tuidang.pure.ledger.entries import (
    Cell,
    Correction,
    Counted,
    Entry,
    EntryError,
    Link,
    OperatorNote,
    Received,
    Seal,
    decode,
)

RANK: dict[type[Entry], int] = {
    Counted: 0,
    Correction: 1,
    Link: 2,
    OperatorNote: 3,
    Received: 4,
    Seal: 5,
}
ReadEntry = Callable[[int], bytes]
CountPersons = Callable[[], Mapping[tuple[int, int], int]]


class AuditError(ValueError):
    """A rule is broken at `index`; `code` is stable, the message is plain English."""

    def __init__(self, code: str, index: int, message: str) -> None:
        super().__init__(code, index, message)
        self.code = code
        self.index = index
        self.message = message

    def __str__(self) -> str:
        return f"entry {self.index}: {self.message}"


class Seen(Protocol):
    """Remembers keys; for logs that outgrow memory this may lie on a disk."""

    def add(self, key: bytes) -> bool:
        """Remember a key and return whether it is new."""


class MemorySeen:
    """A `Seen` in memory, about 100 bytes a key."""

    def __init__(self) -> None:
        self._keys: set[bytes] = set()

    def add(self, key: bytes) -> bool:
        """Remember a key and return whether it is new."""
        before = len(self._keys)
        self._keys.add(key)
        return len(self._keys) > before


class BatchAuditor:
    """Takes the entries of a log in order and raises AuditError at the first broken rule.

    `read_entry` gives the bytes of an earlier entry, for corrections; of a D entry the
    commitment does not matter to it. `count_skipped` gives the persons of all runs that were
    skipped, by (orgs, class). After an error the auditor is of no further use.
    """

    def __init__(
        self,
        read_entry: ReadEntry,
        seen: Seen | None = None,
        count_skipped: CountPersons = dict,
    ) -> None:
        self.size = 0
        self.seal: Seal | None = None
        self.seal_index: int | None = None
        self._read_entry = read_entry
        self._seen = seen if seen is not None else MemorySeen()
        self._count_skipped = count_skipped
        self._counts: Counter[tuple[int, int]] = Counter()
        self._first_index = 0
        self._last: tuple[int, bytes] = (-1, b"")

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The net counts so far, as the next seal must state them."""
        counts = self._counts.copy()
        counts.update(self._count_skipped())
        return tuple(Cell(*key, count) for key, count in sorted(counts.items()) if count)

    @property
    def last_commitment(self) -> bytes | None:
        """What the next entry must be above to be a D entry; None if it must not be one."""
        rank, body = self._last
        return body if rank <= RANK[Counted] else None

    def skip(self, number: int, last_commitment: bytes) -> None:
        """Pass over the next `number` entries.

        The caller has seen that they are D entries in order above `last_commitment`, counts
        them itself, and looks itself whether their commitments repeat.
        """
        self.size += number
        self._last = (RANK[Counted], last_commitment)

    def feed(self, index: int, data: bytes) -> Entry:
        """Check the next entry and return it; raises AuditError."""
        if index != self.size:
            self._refuse("index_gap", "not the next entry of the log")
        try:
            entry = decode(data)
        except EntryError as error:
            raise AuditError(error.code, index, error.message) from error
        self._check_place(entry, data)
        self._check_content(entry)
        self.size += 1
        return entry

    def finish(self) -> None:
        """Check that the log may end here; raises AuditError."""
        if self._last[0] >= 0:
            raise AuditError("seal_missing", self.size - 1, "the log does not end on a seal")

    def _check_content(self, entry: Entry) -> None:
        match entry:
            case Counted():
                self._claim(b"commitment", entry.commitment)
                self._counts[entry.orgs, entry.class_] += 1
            case Correction():
                self._claim(b"commitment", entry.commitment)
                self._take_back(entry)
            case Link():
                self._claim(b"commitment", entry.commitment)
                self._claim(b"nullifier", entry.nullifier)
            case Seal():
                self._close(entry)
            case OperatorNote() | Received():
                pass

    def _check_place(self, entry: Entry, data: bytes) -> None:
        """Hold rules 2 and 3: an R stands directly before each S, and nowhere else."""
        place = (RANK[type(entry)], data[4:])
        if isinstance(entry, Seal) and self._last[0] != RANK[Received]:
            self._refuse("received_missing", "a seal without an R entry before it")
        if place[0] == self._last[0] == RANK[Received]:
            self._refuse("received_repeats", "two R entries in one batch")
        if place <= self._last:
            self._refuse("out_of_order", "the entries of the batch are not in order")
        self._last = place

    def _claim(self, what: bytes, value: bytes) -> None:
        if not self._seen.add(what[:1] + value):
            word = what.decode()
            self._refuse(f"{word}_repeats", f"this {word} stands in the log already")

    def _take_back(self, entry: Correction) -> None:
        if entry.corrects >= self.size:
            self._refuse("correction_ahead", "corrects an entry that is not earlier")
        try:
            corrected: Entry | None = decode(self._read_entry(entry.corrects))
        except EntryError:  # it was an entry when it was fed: the source has changed
            corrected = None
        if not isinstance(corrected, Counted):
            self._refuse("correction_target", "corrects an entry that counts nobody")
        if (corrected.orgs, corrected.class_) != (entry.orgs, entry.class_):
            self._refuse("correction_cell", "corrects an entry with other orgs or class")
        self._claim(b"index", entry.corrects.to_bytes(8, "big"))
        self._counts[entry.orgs, entry.class_] -= 1

    def _close(self, seal: Seal) -> None:
        expected_batch = self.seal.batch + 1 if self.seal else 0
        if seal.batch != expected_batch:
            self._refuse("seal_batch", "the seal has the wrong batch number")
        if seal.first_index != self._first_index:
            self._refuse("seal_first_index", "the seal names another start of its batch")
        if seal.previous_seal != self.seal_index:
            self._refuse("seal_previous", "the seal names another seal before it")
        if self.seal and seal.first_day < self.seal.last_day:
            self._refuse("seal_days", "the seal goes back to days that are sealed")
        if seal.cells != self.cells:
            self._refuse("seal_cells", "the seal states other totals than the entries give")
        self.seal, self.seal_index = seal, self.size
        self._first_index = self.size + 1
        self._last = (-1, b"")

    def _refuse(self, code: str, message: str) -> NoReturn:
        raise AuditError(code, self.size, message)
