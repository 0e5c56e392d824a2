# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public log: its tree, its durable append, what it costs to recount, and a proof."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import append, recount, tree
from bench.recount import Audited
from bench.sample_log import BATCH, write_log

LEAVES = 10_000_000
FEW = 2_000_000  # for what is slow, and to show that the cost of a leaf does not grow
ALL = 365_000_000  # every person that is counted today


def measure(leaves: int = LEAVES) -> str:
    """Return the section; `leaves` is the size of the log that is audited."""
    return "\n".join([*_tree(), "", *_append(), "", *_recount(leaves)])


def _tree() -> Iterator[str]:
    rows = list(tree.rows())
    limit, slow = rows[0][1], rows[-1][1]
    yield f"## The tree of {tree.LEAVES:,} leaves of {tree.WIDTH} bytes"
    yield ""
    yield "| what | CPU ms | times the C loop | times faster than `hashlib` |"
    yield "|---|---|---|---|"
    for name, taken in rows:
        yield f"| {name} | {1000 * taken:.0f} | {taken / limit:.1f} | {slow / taken:.1f} |"
    yield ""
    yield "Goals: within twice the C loop, and five times as fast as `hashlib`."


def _append() -> Iterator[str]:
    rows = list(append.rows())
    limit = rows[0][1]
    yield "## Durable append"
    yield ""
    yield "| what | leaves a second | share of the raw limit |"
    yield "|---|---|---|"
    for name, rate in rows:
        yield f"| {name} | {rate:,.0f} | {rate / limit:.1%} |"
    yield ""
    yield f"By the clock, median of {append.BATCHES} batches. Ours writes the files that strangers"
    yield "read, reads them again from the disk and hashes them before the checkpoint is swapped."
    yield "Goal: 300,000 leaves a second."


def _recount(leaves: int) -> Iterator[str]:
    yield f"## Recounting a log in daily batches of {BATCH:,}"
    yield ""
    yield "| what | leaves | leaves a CPU second | times two bare `hashlib` hashes a leaf | MB |"
    yield "|---|---|---|---|---|"
    few = min(FEW, leaves)
    with tempfile.TemporaryDirectory(prefix="tuidang-bench-") as folder:
        log = Path(folder) / "few"
        write_log(log, few)
        slow, small = recount.by_single_file(log, few), recount.by_package(log, few)
        yield _row(slow)
        yield _row(recount.by_package(log, few, "hashlib"), ", without the compiled kernel")
    yield _row(small)
    with tempfile.TemporaryDirectory(prefix="tuidang-bench-") as folder:
        log = Path(folder) / "log"
        write_log(log, leaves)
        large, proof = recount.by_package(log, leaves), recount.proof_seconds(log)
    yield _row(large)
    yield ""
    yield f"At these rates {ALL:,} leaves take {_minutes(large)} of CPU, and {_minutes(slow)} with"
    yield f"the single file. An inclusion proof from the files at {leaves:,} leaves: "
    yield f"{1000 * proof:.2f} ms by the clock, the files in the system's memory."
    yield ""
    yield "Goals: 3 million leaves a CPU second, 0.3 million with the standard library alone, under"
    yield "150 MB at any size, a proof under 1 ms."


def _row(audited: Audited, more: str = "") -> str:
    ratio = audited.used.cpu / audited.leaves / audited.bare
    return (
        f"| {audited.name}{more} | {audited.leaves:,} | {audited.rate:,.0f} | {ratio:.2f} "
        f"| {audited.used.megabytes:.0f} |"
    )


def _minutes(audited: Audited) -> str:
    return f"{ALL / audited.rate / 60:.1f} minutes"
