# SPDX-License-Identifier: AGPL-3.0-or-later
"""A tree of a million leaves: the C loop alone, each of our kernels, and `hashlib`."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from hashlib import sha256

from bench.doors import ROOT
from bench.timing import best_cpu
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.bundles import encode_bundle

LEAVES = 1_000_000
WIDTH = 36


def rows() -> Iterator[tuple[str, float]]:
    """Yield what was done to the same million entries, and its CPU seconds."""
    yield "raw limit: the C loop alone, without Python", c_loop(LEAVES)
    noise = os.urandom(WIDTH * LEAVES)
    entries = [noise[at : at + WIDTH] for at in range(0, len(noise), WIDTH)]
    bundles = [encode_bundle(entries[at : at + 256]) for at in range(0, LEAVES, 256)]
    kernels = kernel.available()
    fastest = next(iter(kernels.values()))
    name = fastest.name

    def by_bundles() -> bytes:
        return fastest.root_of(
            b"".join(kernel.bundle_hashes(each, kernel=fastest) for each in bundles)
        )

    yield f"ours, out of the log's bundles ({name})", best_cpu(by_bundles)
    for each in kernels.values():
        runs = 5 if each is fastest else 1
        yield f"ours, from a list of entries ({each.name})", best_cpu(_tree(each, entries), runs)
    yield "`hashlib` in plain Python, hash by hash", best_cpu(lambda: _plain(entries), 1)


def c_loop(leaves: int) -> float:
    """Return the CPU seconds of the kernel's own loops in a program of their own."""
    with tempfile.TemporaryDirectory() as folder:
        program, include = f"{folder}/tree", str(ROOT / "tuidang" / "pure" / "merkle")
        source = str(ROOT / "bench" / "tree.c")
        build = ["cc", "-O3", "-std=gnu11", "-I", include, "-o", program, source]
        subprocess.run(build, check=True)
        ran = subprocess.run([program, str(leaves)], check=True, capture_output=True, text=True)
    return sum(map(float, ran.stdout.split()))


def _tree(each: kernel.Kernel, entries: list[bytes]) -> Callable[[], bytes]:
    return lambda: each.root_of(each.leaf_hashes(entries))


def _plain(entries: list[bytes]) -> bytes:
    row = [sha256(b"\x00" + entry).digest() for entry in entries]
    while len(row) > 1:
        pairs = zip(row[::2], row[1::2], strict=False)
        row = [sha256(b"\x01" + a + b).digest() for a, b in pairs] + row[len(row) & ~1 :]
    return row[0]
