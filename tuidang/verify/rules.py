# SPDX-License-Identifier: Apache-2.0
"""The rules between entries, held bundle by bundle at the speed of the hashes.

Persons in order, nearly all there are, go through the kernel by the run; whatever else
comes goes entry by entry through `BatchAuditor`, which alone words what is wrong. It must
never let an entry pass neither way.

Source: `transparency-log.md` sections 1 to 3; the list of rules is in `ledger.auditing`.
"""

from pathlib import Path

from tuidang.pure.ledger.auditing import AuditError, BatchAuditor
from tuidang.pure.ledger.entries import Entry, EntryError, Seal, day_date
from tuidang.pure.merkle.kernel import PERSON
from tuidang.pure.merkle.tiles import TILE_WIDTH, BundleId
from tuidang.verify.cells import Cells
from tuidang.verify.errors import AuditFailed
from tuidang.verify.repeats import Repeats


class Rules:
    """What the entries so far add up to, and what the next ones must fit."""

    def __init__(self, temp: Path | None) -> None:
        self.first_seal: Seal | None = None
        self.below_minima = 0  # batches
        self.repeats = Repeats(temp)
        self.claimed = 0  # entries, from the first, among which repeats can be
        self._cells = Cells(temp)
        self._persons = self.repeats.persons
        self._auditor = BatchAuditor(self._cells.entry, self, self._persons.cells)

    @property
    def size(self) -> int:
        """How many entries have been taken."""
        return self._auditor.size

    @property
    def last_seal(self) -> Seal | None:
        """The seal of the last batch that has ended."""
        return self._auditor.seal

    def close(self) -> None:
        """Forget everything."""
        self.repeats.close()
        self._cells.close()

    def feed(self, bundle: BundleId, data: bytes) -> list[tuple[Seal, int]]:
        """Hold the rules over the entries of the next bundle; return the seals among them.

        The bundle is whole, and holds `width` entries; full ones may come joined, named by the
        first. With each seal comes how many entries there were with it since `bundle` began.
        What repeats only `repeats` will know.
        """
        at, seals = 0, []
        while at < len(data):
            at += PERSON * self._take_persons(data, at)
            if at < len(data):
                start, at = at + 2, at + 2 + int.from_bytes(data[at : at + 2], "big")
                entry = self._feed(bundle, data[start:at])
                if isinstance(entry, Seal):
                    seals.append((entry, self.size - bundle.n * TILE_WIDTH))
        return seals

    def finish(self, size: int) -> None:
        """Check that the log may end here, with this many entries."""
        try:
            self._auditor.finish()
        except AuditError as error:
            raise AuditFailed(bundle_of(error.index, size).path, str(error)) from error

    def add(self, key: bytes) -> bool:
        """Remember what must be unique, as the auditor's `Seen`; corrections are known at once."""
        kind, value = key[:1], key[1:]
        if kind == b"i":
            return self._cells.take_back(int.from_bytes(value, "big"))
        self.repeats.claim(kind, value)
        self.claimed = self.size + 1
        return True

    def _take_persons(self, data: bytes, at: int) -> int:
        """Take the persons that begin at a byte of a bundle and return how many they are."""
        last = self._auditor.last_commitment
        taken = 0 if last is None else self._persons.take(data, at, last)
        if taken:
            end = at + PERSON * taken
            self._auditor.skip(taken, data[end - 32 : end])
            self._cells.add_persons(data, at, taken)
            self.claimed = self.size
        return taken

    def _feed(self, bundle: BundleId, data: bytes) -> Entry:
        try:
            entry = self._auditor.feed(self.size, data)
            if isinstance(entry, Seal):
                day_date(entry.last_day)
                self.first_seal = self.first_seal or entry
                self.below_minima += entry.below_minima
        except (AuditError, EntryError) as error:
            n = self.size // TILE_WIDTH
            at_fault = bundle if n == bundle.n else BundleId(n, TILE_WIDTH)
            raise AuditFailed(at_fault.path, str(error)) from error
        self._cells.add(entry)
        return entry


def bundle_of(index: int, size: int) -> BundleId:
    """Return the bundle that holds an entry in a log of this size."""
    n = index // TILE_WIDTH
    return BundleId(n, min(size - n * TILE_WIDTH, TILE_WIDTH))
