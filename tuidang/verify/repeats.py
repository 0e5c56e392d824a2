# SPDX-License-Identifier: Apache-2.0
"""Which commitments and nullifiers may stand in a log twice.

Keeps a fingerprint of each, eight bytes, in a file once they are many, and looks for equal
ones at the end, part by part. The fingerprints depend on a secret that is new in every run,
so that no log can be made whose parts do not fit into memory. What it names is a suspicion:
two that differ can have one fingerprint, so whoever asked must read those again. It must
never miss a repeat.

Source: rule 4 of `ledger.auditing`.
"""

import os
from array import array
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from tuidang.pure.merkle import kernel
from tuidang.verify.scratch import Scratch

RUN = 1 << 22  # bytes of fingerprints that are sorted into buckets at a time
AT_ONCE = 100_000  # suspects that are looked into at a time, so that no log fills the memory
_BUCKETS = 256
# Where an entry says what must be unique, by its type: kind, from, to.
_PLACES = {
    1: ((b"c", 4, 36),),
    2: ((b"c", 12, 44),),
    5: ((b"c", 4, 36), (b"n", 36, 68)),
}
WORDS = {b"c": "commitment", b"n": "nullifier"}


class Repeats:
    """The fingerprints of everything that must be unique."""

    def __init__(self, folder: Path | None) -> None:
        self.secret = array("Q", os.urandom(8 * kernel.SECRET))
        self.persons = kernel.Persons(self._keep, self.secret)
        self._waiting = bytearray()
        self._sorted = Scratch(folder)
        self._starts = array("Q")  # of each bucket of each run, in the file

    def claim(self, kind: bytes, value: bytes) -> None:
        """Take one commitment or nullifier."""
        self._keep(fingerprint(kind, value, self.secret))

    def suspects(self) -> Iterator[frozenset[bytes]]:
        """Yield the fingerprints that came more than once, some at a time."""
        self.persons.flush()
        repeated = self._repeated()
        while some := frozenset(islice(repeated, AT_ONCE)):
            yield some

    def close(self) -> None:
        """Forget everything."""
        self._sorted.close()

    def _keep(self, fingerprints: bytes) -> None:
        self._waiting += fingerprints
        if len(self._waiting) >= RUN:
            self._sort_run()

    def _sort_run(self) -> None:
        for group in kernel.buckets(bytes(self._waiting)):
            self._starts.append(len(self._sorted))
            self._sorted.append(group)
        self._waiting.clear()

    def _repeated(self) -> Iterator[bytes]:
        if not self._starts:
            yield from kernel.fingerprint_repeats(bytes(self._waiting))
            return
        self._sort_run()
        starts = [*self._starts, len(self._sorted)]
        together = max(1, min(_BUCKETS, _BUCKETS * RUN // len(self._sorted)))
        for bucket in range(0, _BUCKETS, together):
            runs = range(0, len(starts) - 1, _BUCKETS)
            ends = min(bucket + together, _BUCKETS)
            parts = [
                self._sorted.read(starts[run + bucket], starts[run + ends] - starts[run + bucket])
                for run in runs
            ]
            yield from kernel.fingerprint_repeats(b"".join(parts))


def fingerprint(kind: bytes, value: bytes, secret: "array[int]") -> bytes:
    """Return the eight bytes by which a commitment, or another kind of value, is found."""
    return kernel.fingerprint(value if kind == b"c" else sha256(kind + value).digest(), secret)


class Search:
    """Looks for the first repeat among suspects, in entries that have been read before."""

    def __init__(self, suspects: frozenset[bytes], secret: "array[int]") -> None:
        self._suspects, self._secret = suspects, secret
        self._seen: set[bytes] = set()

    @property
    def complete(self) -> bool:
        """Whether every suspect has been met twice, as it must be if nothing has changed."""
        return len(self._seen) >= 2 * len(self._suspects)

    def repeats(self, entry: bytes) -> str | None:
        """Take the next entry; return the word for what it repeats, None if nothing."""
        for kind, start, end in _PLACES.get(entry[0] if entry else 0, ()):
            value = entry[start:end]
            if fingerprint(kind, value, self._secret) in self._suspects:
                if kind + value in self._seen:
                    return WORDS[kind]
                self._seen.add(kind + value)
        return None
