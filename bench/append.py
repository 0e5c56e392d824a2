# SPDX-License-Identifier: AGPL-3.0-or-later
"""Durable append: daily batches into the files of the log, beside pymerkle's own database."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from pymerkle import SqliteTree

from tests.verify.sample_logs import CLOCK, ORIGIN, TIME, signed
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.registry.transparency.files import check_batch, lay_out
from tuidang.registry.transparency.lock import SqliteLock
from tuidang.registry.transparency.storage import PosixStore

BATCH = 44_000
BATCHES = 9
ONE_BY_ONE = 1_000


def rows() -> Iterator[tuple[str, float]]:
    """Yield how it was appended, and how many leaves a second of the clock."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        yield "raw limit: a batch's bytes in one file, one sync", BATCH / _one_file(place)
        yield f"ours, batches of {BATCH:,}: files, checked, signed, public", BATCH / _ours(place)
        bulk, single = _pymerkle(place)
        yield f"pymerkle, batches of {BATCH:,}", BATCH / bulk
        yield "pymerkle, one by one", ONE_BY_ONE / single


def _entries(count: int) -> list[bytes]:
    noise = os.urandom(36 * count)
    return [noise[at : at + 36] for at in range(0, len(noise), 36)]


def _ours(place: Path) -> float:
    """Return the median time of a batch: laid out, staged, read again, swapped, released."""
    store, lock = PosixStore(place / "log"), SqliteLock(place / "lock")
    size, taken = 0, []
    for _ in range(BATCHES):
        entries = _entries(BATCH)
        began = time.perf_counter()
        with store.alone():
            _publish(store, lock, size, entries)
        taken.append(time.perf_counter() - began)
        store.discard_staged()  # as the publisher does, when all is public
        size += BATCH
    return median(taken)


def _publish(store: PosixStore, lock: SqliteLock, size: int, entries: list[bytes]) -> None:
    """Do what `publication` does to the files, in its order, without the tables."""
    layout = lay_out(store.read, size, entries)
    store.stage(layout.files)
    root = check_batch(store.read, store.read_staged, size, size + len(entries))
    text = Checkpoint(ORIGIN, size + len(entries), root).text
    note = signed(text, cosign(text, CLOCK, TIME))
    lock.swap(lock.read(), note.decode())
    store.release()
    store.replace_checkpoint(note)


def _one_file(place: Path) -> float:
    taken = []
    for run in range(BATCHES):
        data = os.urandom((38 + 32) * BATCH)
        began = time.perf_counter()
        with (place / f"raw {run}").open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        taken.append(time.perf_counter() - began)
    return median(taken)


def _pymerkle(place: Path) -> tuple[float, float]:
    """Return the median time of a batch, and the time of a thousand entries one by one."""
    with SqliteTree(str(place / "pymerkle.sqlite")) as tree:
        taken = []
        for _ in range(BATCHES):
            entries = _entries(BATCH)
            began = time.perf_counter()
            tree.append_entries(entries)
            taken.append(time.perf_counter() - began)
        began = time.perf_counter()
        for entry in _entries(ONE_BY_ONE):
            tree.append_entry(entry)
        return median(taken), time.perf_counter() - began
