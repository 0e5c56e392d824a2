# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may lie in a folder is known for logs of any size, one folder at a time."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.pure.merkle.tiles import bundles_for_size, tiles_for_size
from tuidang.verify.listing import ENTRIES, Listing
from tuidang.verify.sources import FILE, FOLDER, OTHER

SIZES = st.lists(st.integers(1, 300_000), min_size=1, max_size=4)


class Names:
    """A folder that has nothing but names."""

    strict = True

    def __init__(self, files: set[str]) -> None:
        self.folders: dict[str, dict[str, str]] = {}
        for path in files:
            self.add(path, FILE)

    def add(self, path: str, kind: str) -> None:
        """Add a file, or something else, and the folders that it lies in."""
        folder, _, name = path.rpartition("/")
        self.folders.setdefault(folder, {})[name] = kind
        if folder:
            self.add(folder, FOLDER)

    def names(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield what lies in a folder."""
        yield from self.folders.get(folder, {}).items()

    def read(self, path: str) -> bytes:
        """Fail: a listing opens no file."""
        raise NotImplementedError(path)

    find = read
    stream = read


def files_of(ends: list[int]) -> set[str]:
    """Return the files of a log that grew to these sizes, one after another."""
    tiles = {each.path for end in ends for each in tiles_for_size(end)}
    return tiles | {each.path for end in ends for each in bundles_for_size(end)} | {"checkpoint"}


def stray_in(names: Names, ends: list[int]) -> str | None:
    """Return the stray that is found in a folder, told of its files as a walk tells them."""
    size = max(ends)
    listing = Listing(names, size)  # type: ignore[arg-type]  # it asks for names alone
    for level in range(4):
        for kind in (ENTRIES, "0") if level == 0 else (str(level),):
            counts = sorted({end >> 8 * level for end in ends} - {0})
            for n in range(-(-(size >> 8 * level) // 256)):
                for count in [each for each in counts if each // 256 == n and each % 256]:
                    listing.partial(kind, n, count % 256)
                if (size >> 8 * level) // 256 > n:
                    listing.passed(kind, n)
    listing.finish()
    return listing.stray


@given(SIZES)
def test_what_a_log_implies_is_no_stray(ends: list[int]) -> None:
    """Every file of every size that the log had may lie there."""
    assert stray_in(Names(files_of(ends)), ends) is None


@given(SIZES, SIZES)
def test_files_of_other_sizes_are_strays(ends: list[int], others: list[int]) -> None:
    """Of files that the log never had, the first by its path is named, or its folder."""
    unknown = files_of(others) - files_of(ends)
    names = Names(files_of(ends))
    for path in unknown:
        names.add(path, FILE)
    known = {"/".join(p.split("/")[:n]) for p in files_of(ends) for n in range(1, 9)}
    tops = {
        next(top for n in range(1, 9) if (top := "/".join(p.split("/")[:n])) not in known)
        for p in unknown
    }
    assert stray_in(names, ends) == min(tops, default=None)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("tile/0/000", FOLDER),
        ("tile/0/000", OTHER),
        ("tile/0/x001", FILE),
        ("tile/0/x001/000", OTHER),
        ("tile/0/x001/004", FILE),
        ("tile/0/x001/1000", FILE),
        ("tile/0/x000", FOLDER),
        ("tile/0/0000", FILE),
        ("tile/0/٠٠٠", FILE),
        ("tile/1/003.p/235/1", FILE),
        ("tile/1/003.p", OTHER),
        ("tile/entries", OTHER),
        ("tile/3", FOLDER),
        ("tile", FILE),
        ("checkpoint", FOLDER),
        ("checkpoint.tmp", FILE),
    ],
)
def test_strays_are_named(path: str, kind: str) -> None:
    """What has no place there is named, also under a name that has one."""
    ends = [256_000 + 768 + 5]
    names = Names(files_of(ends))
    folder, _, name = path.rpartition("/")
    names.folders.setdefault(folder, {})[name] = kind
    if path == "tile/1/003.p/235/1":
        names.add(path, FILE)
        path = "tile/1/003.p/235"
    assert stray_in(names, ends) == path
