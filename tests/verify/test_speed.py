# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit stays close to the price of the hashes that it cannot do without."""

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.verify.auditors import by_package, by_single_file
from tests.verify.sample_logs import Written, log_files, write_files
from tuidang.pure.merkle import kernel

LEAVES = 40_000
BATCH = 10_000


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds that something takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


@pytest.mark.slow
def test_an_audit_costs_a_few_times_its_hashes(tmp_path: Path) -> None:
    """Per leaf, the single file takes a few times two bare hashes, the kernel less than those."""
    log = Written()
    for size in range(BATCH, LEAVES + 1, BATCH):
        log.fill(size)
    write_files(tmp_path, log_files(log.encoded()))
    hashes = cpu(lambda: [sha256(b"%037d" % n).digest() for n in range(2 * LEAVES)])
    compiled = kernel.implementation() != "hashlib"
    bounds = (("single file", by_single_file, 4), ("package", by_package, 1 if compiled else 8))
    for name, audit, bound in bounds:
        taken = min(cpu(lambda audit=audit: audit(tmp_path)) for _ in range(2))  # type: ignore[misc]
        print(f"{name}: {LEAVES / taken:,.0f} leaves a CPU second, {taken / hashes:.1f} x hashes")
        assert taken < bound * hashes
