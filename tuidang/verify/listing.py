# SPDX-License-Identifier: Apache-2.0
"""What may lie in a log's folder: the files that the log implies, and nothing else.

Compares one folder at a time, when all that belongs into it is known, so that a log with
millions of files takes no memory for them. It must never open a file.

Source: `transparency-log.md` section 5, and the strictness of section 3.
"""

from collections import defaultdict

from tuidang.pure.merkle.tiles import TILE_HEIGHT, TILE_WIDTH
from tuidang.verify.sources import FILE, FOLDER, Source

ENTRIES = "entries"
IN_FOLDER = 1000  # neighbouring tiles share a folder
_IN_ONE = IN_FOLDER * TILE_WIDTH  # entries or hashes in the tiles of one folder
_NAMES = [f"{n:03d}" for n in range(IN_FOLDER)]


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
            if self._hashes(kind) % _IN_ONE:
                self._compare(kind, self._hashes(kind) // _IN_ONE)
        self._look("tile", dict.fromkeys(kinds, FOLDER))
        self._look("", {"checkpoint": FILE} | ({"tile": FOLDER} if kinds else {}))

    def _compare(self, kind: str, folder: int) -> None:
        """Compare the folder with the tiles or bundles from `1000 * folder`."""
        partial = self._partial.pop(kind, {})
        hashes, first = self._hashes(kind), IN_FOLDER * folder
        deeper = -(-hashes // _IN_ONE) - first  # the folders with one number more in their names
        expected = dict.fromkeys(_NAMES[: max(hashes // TILE_WIDTH - first, 0)], FILE)
        expected |= {f"x{n}": FOLDER for n in _NAMES[folder == 0 : max(deeper, 0)]}
        expected |= {f"{n % IN_FOLDER:03d}.p": FOLDER for n in partial}
        path = f"tile/{kind}{_below(folder)}"
        self._look(path, expected)
        for n, widths in partial.items():
            names = dict.fromkeys(map(str, widths), FILE)
            self._look(f"{path}/{n % IN_FOLDER:03d}.p", names)

    def _look(self, folder: str, expected: dict[str, str]) -> None:
        for name, what in self._source.names(folder):
            if expected.get(name) != what:
                path = f"{folder}/{name}".lstrip("/")
                self.stray = path if self.stray is None else min(self.stray, path)

    def _hashes(self, kind: str) -> int:
        """Return how many entries or hashes the files of a kind hold together."""
        return self._size if kind == ENTRIES else self._size >> TILE_HEIGHT * int(kind)


def _below(folder: int) -> str:
    """Return such as `/x001/x234` for the folder of the tiles from 1,234,000."""
    path = ""
    while folder:
        path, folder = f"/x{folder % IN_FOLDER:03d}{path}", folder // IN_FOLDER
    return path
