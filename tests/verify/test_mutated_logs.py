# SPDX-License-Identifier: AGPL-3.0-or-later
"""A log in which any byte of any file was changed is refused, and the file is named."""

import os
import random
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.auditors import by_package, by_single_file, fault
from tests.verify.sample_logs import log_files, sample_log

pytestmark = pytest.mark.unmeasured

FILES = log_files(sample_log())
PATHS = sorted(FILES)
OUTGROWN = re.compile("/00[01].p/(5|40|44)$")  # the full file is there
# In every file, besides its first, middle and last byte; the nightly run looks more often.
POSITIONS = 200 if os.environ.get("TUIDANG_HYPOTHESIS") == "nightly" else 12

WHOLE_FILE_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "one byte shorter": lambda data: data[:-1],
    "cut in the middle": lambda data: data[: len(data) // 2],
    "one byte longer": lambda data: data + b"\x00",
    "one newline longer": lambda data: data + b"\n",
    "emptied": lambda _: b"",
    "doubled": lambda data: data + data,
}


@contextmanager
def changed(log: Path, path: str, data: bytes) -> Iterator[None]:
    """Change a file for a while."""
    (log / path).write_bytes(data)
    try:
        yield
    finally:
        (log / path).write_bytes(FILES[path])


def flipped(data: bytes, bit: int) -> bytes:
    """Return the data with one bit flipped."""
    at = bit // 8
    return data[:at] + bytes([data[at] ^ 1 << bit % 8]) + data[at + 1 :]


def test_both_auditors_say_the_same_of_a_whole_log(whole_log: Path) -> None:
    """On a log that holds, both auditors print the same lines, to the letter."""
    lines = by_package(whole_log)
    assert lines == by_single_file(whole_log)
    assert "495  persons" in lines
    assert "batches      6, 1 below the minima" in lines
    assert "days         2026-11-22 to 2026-11-27" in lines


@pytest.mark.parametrize("path", PATHS)
def test_flipped_bits_are_named(path: str, whole_log: Path) -> None:
    """A bit flipped at the first, the middle, the last or some other byte names that file."""
    size = len(FILES[path])
    others = random.Random(path).sample(range(size), min(POSITIONS, size))
    places = [0, size // 2, size - 1, *others]
    for place in places:
        with changed(whole_log, path, flipped(FILES[path], 8 * place + place % 8)):
            assert fault(whole_log) == path


@pytest.mark.parametrize("change", WHOLE_FILE_CHANGES)
@pytest.mark.parametrize("path", PATHS)
def test_changed_files_are_named(path: str, change: str, whole_log: Path) -> None:
    """A file that was cut, lengthened or emptied is named."""
    with changed(whole_log, path, WHOLE_FILE_CHANGES[change](FILES[path])):
        assert fault(whole_log) == path


@pytest.mark.parametrize("path", PATHS[:-1])
def test_swapped_files_are_named(path: str, whole_log: Path) -> None:
    """Where two files changed places, both auditors name the same one of the two."""
    for other in [each for each in PATHS if each > path and FILES[each] != FILES[path]]:
        with changed(whole_log, path, FILES[other]), changed(whole_log, other, FILES[path]):
            assert fault(whole_log) in {path, other}


@pytest.mark.parametrize("path", [each for each in PATHS if not OUTGROWN.search(each)])
def test_deleted_files_are_named(path: str, log: Path) -> None:
    """A file that the present or an earlier checkpoint needs is named if it is gone."""
    (log / path).unlink()
    assert fault(log) == path


@pytest.mark.parametrize("path", ["tile/entries/000.p", "tile/0/000.p", "tile/0/001.p"])
def test_partial_files_may_go_when_the_full_one_is_there(path: str, log: Path) -> None:
    """Files of earlier sizes are no longer needed once the full one exists."""
    shutil.rmtree(log / path)
    assert fault(log) is None


@given(data=st.data())
def test_any_flipped_bit_is_refused(data: st.DataObject, whole_log: Path) -> None:
    """Whatever bit of whatever file is flipped, both auditors refuse and name that file."""
    path = data.draw(st.sampled_from(PATHS))
    bit = data.draw(st.integers(0, 8 * len(FILES[path]) - 1))
    with changed(whole_log, path, flipped(FILES[path], bit)):
        assert fault(whole_log) == path
