# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bundles that are taken several at a time are judged as if they came one by one."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pure.ledger.samples import counted, digest
from tests.verify.auditors import by_package, fault
from tests.verify.sample_logs import Written, log_files, write_files
from tuidang.pure.merkle.tiles import BundleId, Tile
from tuidang.verify import walk
from tuidang.verify.walk import AT_ONCE

# Two batches, of which each has more full bundles of persons than are taken at once.
ENDS = (256 * AT_ONCE + 900, 256 * 2 * AT_ONCE + 2100)
INSIDE = 256 * 3 + 77  # the index of a person in the middle of the first group
ENTRIES = Written().fill(ENDS[0]).fill(ENDS[1]).encoded()
Entries = list[bytes]


def swapped(entries: Entries) -> None:
    """Two neighbours out of order."""
    entries[INSIDE], entries[INSIDE + 1] = entries[INSIDE + 1], entries[INSIDE]


def unknown_class(entries: Entries) -> None:
    """A class that there is not."""
    entries[INSIDE] = entries[INSIDE][:2] + b"\x05" + entries[INSIDE][3:]


def not_reserved(entries: Entries) -> None:
    """A reserved byte that is not zero."""
    entries[INSIDE] = entries[INSIDE][:3] + b"\x01" + entries[INSIDE][4:]


def longer(entries: Entries) -> None:
    """An entry one byte longer, and the next one shorter, so that the bundle is as long."""
    entries[INSIDE] += b"\x00"
    entries[INSIDE + 1] = entries[INSIDE + 1][:-1]


def twice(entries: Entries) -> None:
    """The same commitment in a row."""
    entries[INSIDE] = entries[INSIDE - 1]


def another_cell(entries: Entries) -> None:
    """A person in another cell, so that the seal is wrong."""
    orgs = entries[INSIDE][1] ^ 1 if entries[INSIDE][1] < 8 else 1
    entries[INSIDE] = entries[INSIDE][:1] + bytes([orgs]) + entries[INSIDE][2:]


def bundle_at(index: int) -> str:
    """Return the path of the bundle that holds an entry."""
    n = index // 256
    return BundleId(n, min(256, len(ENTRIES) - 256 * n)).path


def test_a_log_that_holds_is_the_same_in_groups_and_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are taken at once, the report is the same."""
    log = write_files(tmp_path, log_files(ENTRIES))
    said = by_package(log)
    assert f"entries      {len(ENTRIES)}" in said
    for at_once in (1, 3, 64):
        monkeypatch.setattr(walk, "AT_ONCE", at_once)
        assert by_package(log) == said


@pytest.mark.parametrize(
    ("forge", "index"),
    [
        (swapped, INSIDE + 1),
        (unknown_class, INSIDE),
        (not_reserved, INSIDE),
        (longer, INSIDE),
        (twice, INSIDE),
        (another_cell, ENDS[0] - 1),
    ],
    ids=lambda each: each.__name__ if callable(each) else "",
)
def test_a_forged_entry_in_a_group_names_its_bundle(
    forge: Callable[[Entries], None], index: int, tmp_path: Path
) -> None:
    """Signed all the same, it is found where a walk entry by entry would find it."""
    entries = list(ENTRIES)
    forge(entries)
    assert fault(write_files(tmp_path, log_files(entries))) == bundle_at(index)


def test_a_person_who_comes_again_in_another_group_is_found(tmp_path: Path) -> None:
    """A commitment of the first batch stands in the second one too, in its right place."""
    again = ENTRIES[INSIDE]
    log = Written().fill(ENDS[0])
    label = next(n for n in range(10_000) if digest(f"person {n}") == again[4:])
    log.seal(*(counted(f"person {n}", 1, 0) for n in (*range(ENDS[0], ENDS[0] + 2300), label)))
    entries = log.encoded()
    index = next(n for n in range(ENDS[0], len(entries)) if entries[n][4:] == again[4:])
    found = fault(write_files(tmp_path, log_files(entries)))
    assert found == BundleId(index // 256, min(256, len(entries) - index // 256 * 256)).path


@pytest.mark.parametrize("kind", ["bundle", "tile"])
@pytest.mark.parametrize("how", ["flipped", "gone", "shorter"])
def test_a_wrong_file_in_a_group_is_named(kind: str, how: str, tmp_path: Path) -> None:
    """One file of those that are read together is at fault, and no other is named."""
    log = write_files(tmp_path, log_files(ENTRIES))
    path = BundleId(3, 256).path if kind == "bundle" else Tile(0, 3, 256).path
    data = (log / path).read_bytes()
    (log / path).unlink()
    if how != "gone":
        (log / path).write_bytes(data[:-1] + (bytes([data[-1] ^ 1]) if how == "flipped" else b""))
    assert fault(log) == path


@pytest.mark.parametrize("gone", ["bundle", "tile"])
def test_the_earlier_fault_of_a_group_is_named(gone: str, tmp_path: Path) -> None:
    """A file that is missing further on does not hide what is wrong before it."""
    entries = list(ENTRIES)
    swapped(entries)
    log = write_files(tmp_path, log_files(entries))
    (log / (BundleId(5, 256).path if gone == "bundle" else Tile(0, 5, 256).path)).unlink()
    assert fault(log) == bundle_at(INSIDE + 1)


def test_a_malformed_bundle_is_named_before_its_missing_tile(tmp_path: Path) -> None:
    """What the bundle itself shows counts, whatever became of the tile beside it."""
    log = write_files(tmp_path, log_files(ENTRIES))
    path = BundleId(3, 256).path
    (log / path).write_bytes((log / path).read_bytes()[:-1])
    (log / Tile(0, 3, 256).path).unlink()
    assert fault(log) == path
