# SPDX-License-Identifier: AGPL-3.0-or-later
"""What it costs a stranger to recount, beside the hashes that nobody can do without."""

import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from tests.verify.auditors import by_package, by_single_file
from tests.verify.sample_logs import Written, log_files, write_files

LEAVES = 200_000
BATCH = 44_000
RUNS = 3


def measure() -> str:
    """Audit a log of daily batches with both auditors; CPU seconds, best of three."""
    log = Written()
    for size in [*range(BATCH, LEAVES, BATCH), LEAVES]:
        log.fill(size)
    bare = _cpu(lambda: [sha256(b"%037d" % n).digest() for n in range(2 * LEAVES)])
    with tempfile.TemporaryDirectory() as folder:
        where = write_files(Path(folder), log_files(log.encoded()))
        package = _cpu(lambda: by_package(where))
        single = _cpu(lambda: by_single_file(where))
    return "\n".join([
        f"## Recounting a log of {LEAVES:,} leaves",
        "",
        "| what | leaves a CPU second | times the bare hashes |",
        "|---|---|---|",
        _row("raw limit: two bare hashes a leaf (`hashlib`)", bare, bare),
        _row("single file, standard library alone", single, bare),
        _row("`tuidang log audit`", package, bare),
        "",
        "Goals: 0.3 million leaves a CPU second with the standard library alone, 3 million with",
        "the extension that is not built yet.",
    ])  # fmt: skip


def _row(name: str, seconds: float, bare: float) -> str:
    return f"| {name} | {LEAVES / seconds:,.0f} | {seconds / bare:.1f} |"


def _cpu(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)
