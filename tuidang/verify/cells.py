# SPDX-License-Identifier: Apache-2.0
"""What a correction asks about an earlier entry: whom it counted, and whether it still does.

Two bytes an entry, in a file once they are many, so that no server can answer another way
when it is asked again. It must never hold a commitment.

Source: rule 5 of `ledger.auditing`.
"""

from pathlib import Path

from tuidang.pure.ledger.entries import Counted, Entry
from tuidang.pure.merkle.kernel import PERSON
from tuidang.verify.scratch import Scratch

_NOBODY = b"\x00\x0f"  # a class that there is not: the entry is not a D entry
_TAKEN_BACK = 0x40  # a bit that no class has


class Cells:
    """The orgs and class bytes of every D entry so far, by index."""

    def __init__(self, folder: Path | None) -> None:
        self._codes = Scratch(folder)

    def add_persons(self, bundle: bytes, start: int, number: int) -> None:
        """Add so many D entries, which begin at byte `start` of a bundle."""
        codes, end = bytearray(2 * number), start + PERSON * number
        codes[::2] = bundle[start + 3 : end : PERSON]
        codes[1::2] = bundle[start + 4 : end : PERSON]
        self._codes.append(codes)

    def add(self, entry: Entry) -> None:
        """Add the next entry."""
        if isinstance(entry, Counted):
            self._codes.append(bytes((entry.orgs, entry.class_)))
        else:
            self._codes.append(_NOBODY)

    def entry(self, index: int) -> bytes:
        """Return the D entry at an index without its commitment; nothing if it is another."""
        codes = self._codes.read(2 * index, 2)
        if codes == _NOBODY:
            return b""
        return Counted(codes[0], codes[1] & ~_TAKEN_BACK, bytes(32)).encode()

    def take_back(self, index: int) -> bool:
        """Note that a D entry no longer counts, and return whether it did."""
        class_ = self._codes.read(2 * index + 1, 1)[0]
        self._codes.overwrite(2 * index + 1, class_ | _TAKEN_BACK)
        return not class_ & _TAKEN_BACK

    def close(self) -> None:
        """Forget everything."""
        self._codes.close()
