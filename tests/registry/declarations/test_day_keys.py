# SPDX-License-Identifier: AGPL-3.0-or-later
"""Day keys: shared while they live, gone without a trace afterwards."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from tests.registry.declarations.desk import DAY
from tuidang.registry.declarations import day_keys
from tuidang.registry.declarations.errors import DayKeyLost

YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)
LATER = DAY + timedelta(days=2)


@pytest.fixture
def memory(installation: Path) -> Path:
    """Give the folder of the day keys."""
    return installation / "memory"


def path_of(memory: Path, day: object) -> Path:
    """Name the file of a day."""
    return memory / f"day-{day}.key"


def test_a_day_has_one_key_that_only_we_may_read(memory: Path) -> None:
    """A key has 32 bytes, differs from day to day, and lies in a file of mode 600."""
    key = day_keys.key_of(DAY)
    assert len(key) == 32
    assert day_keys.key_of(DAY) == key != day_keys.key_of(TOMORROW)
    assert stat.S_IMODE(path_of(memory, DAY).stat().st_mode) == 0o600
    assert stat.S_IMODE(memory.stat().st_mode) == 0o700


def test_workers_that_start_together_agree(memory: Path) -> None:
    """Of many makers one wins, and all use its key; no draft stays behind."""

    def read(_: int) -> bytes:
        day_keys._known.clear()
        return day_keys.key_of(DAY)

    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(read, range(64)))
    assert len(keys) == 1
    assert [path.name for path in memory.iterdir()] == [f"day-{DAY}.key"]


def test_asking_for_a_key_that_is_gone_makes_none(memory: Path) -> None:
    """A kept key is given again; one that was destroyed, lost or never made is not made now."""
    assert day_keys.kept(DAY) is None
    assert day_keys.kept(DAY) is None
    assert day_keys.key_of(DAY) == day_keys.kept(DAY)


def test_a_new_day_destroys_what_48_hours_no_longer_need(memory: Path) -> None:
    """The first use of a day's key overwrites and unlinks that of three days before."""
    for day in (YESTERDAY, DAY):
        day_keys.key_of(day)
    held = memory / "held"
    held.hardlink_to(path_of(memory, YESTERDAY))
    day_keys.key_of(LATER)
    assert not path_of(memory, YESTERDAY).exists()
    assert held.read_bytes() == bytes(32)
    assert path_of(memory, DAY).read_bytes() == day_keys.key_of(DAY)


def test_the_timetable_destroys_keys_that_nobody_followed(memory: Path) -> None:
    """Where no declaration comes in for days, the old key goes all the same."""
    day_keys.key_of(YESTERDAY)
    day_keys.destroy_old(TOMORROW)
    assert path_of(memory, YESTERDAY).exists()
    day_keys.destroy_old(LATER)
    assert not path_of(memory, YESTERDAY).exists()


def test_a_process_forgets_a_destroyed_key(memory: Path) -> None:
    """A worker that read a key keeps it no longer than the file may live."""
    old = day_keys.key_of(YESTERDAY)
    day_keys.key_of(LATER)
    assert old not in day_keys._known.values()


def test_a_damaged_key_is_refused(memory: Path) -> None:
    """A file of another length gives no key."""
    memory.mkdir()
    path_of(memory, DAY).write_bytes(b"short")
    with pytest.raises(DayKeyLost):
        day_keys.key_of(DAY)
