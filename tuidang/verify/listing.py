# SPDX-License-Identifier: Apache-2.0
"""What may lie in a log's folder: the files that the log implies, and nothing else.

Compares one folder at a time, when all that belongs into it is known, so that a log with
millions of files takes no memory for them. It must never open a file.

Source: `transparency-log.md` section 5, and the strictness of section 3.
"""

import re
from collections import defaultdict

from tuidang.pure.merkle.tiles import TILE_HEIGHT, TILE_WIDTH
from tuidang.verify.sources import FILE, FOLDER, Source

ENTRIES = "entries"
IN_FOLDER = 1000  # neighbouring tiles share a folder
_NAME = re.compile(r"(x?)([0-9]{3})(\.p)?\Z")


class Listing:
    """Finds strays: paths that lie in a log of this size without being implied by it.

    Told of every file of earlier sizes that the log implies (`partial`), and of every tile
    and bundle when there are no more of those (`passed`); both from the left.
    """

    def __init__(self, source: Source, size: int) -> None:
        self.stray: str | None = None  # the first of all that were found, by its name
        self._source = source
        self._size = size
        self._partial: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))

    def partial(self, kind: str, n: int, width: int) -> None:
        """Note that `width` entries or hashes of this file once were all there were."""
        self._partial[kind][n].add(width)

    def passed(self, kind: str, n: int) -> None:
        """Compare a folder, if this was the last that belongs into it."""
        if n % IN_FOLDER == IN_FOLDER - 1:
            self._compare(kind, n // IN_FOLDER)

    def finish(self) -> None:
        """Compare the folders that are not full, and those above them."""
        kinds = [ENTRIES, *map(str, range(self._size.bit_length() // TILE_HEIGHT + 1))]
        kinds = [kind for kind in kinds if self._hashes(kind)]
        for kind in kinds:
            number = self._files(kind)
            if number % IN_FOLDER:
                self._compare(kind, number // IN_FOLDER)
        for name, what in self._source.names("tile"):
            if name not in kinds or what != FOLDER:
                self._found(f"tile/{name}")
        expected = {("checkpoint", FILE)} | ({("tile", FOLDER)} if kinds else set())
        for name, what in self._source.names(""):
            if (name, what) not in expected:
                self._found(name)

    def _compare(self, kind: str, folder: int) -> None:
        """Compare the folder with the tiles or bundles from `1000 * folder`."""
        partial = self._partial.pop(kind, {})
        path = f"tile/{kind}{_below(folder)}"
        for name, what in self._source.names(path):
            match = _NAME.match(name)
            x, digits, p = match.groups() if match else ("", "", "")
            n = IN_FOLDER * folder + int(digits or 0)
            if x:
                belongs = not p and n > 0 and IN_FOLDER * n < self._files(kind)
                implied = belongs and what == FOLDER
            elif p:
                implied = n in partial and what == FOLDER
                self._compare_partial(f"{path}/{name}", partial[n] if implied else None)
            else:
                belongs = bool(match) and n < self._hashes(kind) // TILE_WIDTH
                implied = belongs and what == FILE
            if not implied:
                self._found(f"{path}/{name}")

    def _compare_partial(self, path: str, widths: set[int] | None) -> None:
        for name, what in self._source.names(path) if widths else ():
            if name not in map(str, widths or ()) or what != FILE:
                self._found(f"{path}/{name}")

    def _hashes(self, kind: str) -> int:
        """Return how many entries or hashes the files of a kind hold together."""
        return self._size if kind == ENTRIES else self._size >> TILE_HEIGHT * int(kind)

    def _files(self, kind: str) -> int:
        """Return how many files of a kind there are, the unfinished last one included."""
        return -(-self._hashes(kind) // TILE_WIDTH)

    def _found(self, path: str) -> None:
        self.stray = path if self.stray is None else min(self.stray, path)


def _below(folder: int) -> str:
    """Return such as `/x001/x234` for the folder of the tiles from 1,234,000."""
    path = ""
    while folder:
        path, folder = f"/x{folder % IN_FOLDER:03d}{path}", folder // IN_FOLDER
    return path
