# SPDX-License-Identifier: AGPL-3.0-or-later
"""What it costs a stranger to recount, beside the hashes that nobody can do without."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bench.doors import ROOT
from bench.timing import Program, best_cpu, program
from tuidang.pure.merkle.checkpoints import parse_checkpoint
from tuidang.pure.merkle.notes import split_note
from tuidang.pure.merkle.proofs import verify_inclusion
from tuidang.pure.merkle.tiles import TILE_WIDTH, Tile, inclusion_proof_from_tiles

BARE = 500_000
PROOFS = 2_000


@dataclass(frozen=True)
class Audited:
    """Who audited how many leaves, what it took, and the bare hashes of as many."""

    name: str
    leaves: int
    used: Program
    bare: float

    @property
    def rate(self) -> float:
        """Leaves a CPU second."""
        return self.leaves / self.used.cpu


def bare_hashes() -> float:
    """Return the CPU seconds of two bare `hashlib` hashes a leaf, for one leaf."""
    loop = best_cpu(lambda: [sha256(b"%037d" % n).digest() for n in range(2 * BARE)], 3)
    return loop / BARE


def by_package(log: Path, leaves: int, kernel: str = "") -> Audited:
    """Run `tuidang log audit` on a log."""
    trust = str(log.with_name("trust"))
    words = ("-m", "tuidang.cli.main", "log", "audit", str(log), "--vkey", trust)
    used = program(*words, TUIDANG_KERNEL=kernel)
    return Audited("`tuidang log audit`", leaves, used, bare_hashes())


def by_single_file(log: Path, leaves: int) -> Audited:
    """Run the single file on a log."""
    file = str(ROOT / "tuidang" / "verify" / "audit_log.py")
    used = program(file, str(log), "--vkey", str(log.with_name("trust")))
    return Audited("single file, standard library alone", leaves, used, bare_hashes())


def proof_seconds(log: Path) -> float:
    """Return what an inclusion proof from the files takes by the clock; each one is verified."""
    text = split_note((log / "checkpoint").read_bytes())[0]
    checkpoint, chance, taken = parse_checkpoint(text), random.Random(1), 0.0  # noqa: S311 -- no secret
    for _ in range(PROOFS):
        index = chance.randrange(checkpoint.size)
        began = time.perf_counter()
        proof = inclusion_proof_from_tiles(_reader(log), index, checkpoint.size)
        taken += time.perf_counter() - began
        n, place = divmod(index, TILE_WIDTH)
        tile = _reader(log)(Tile(0, n, min(TILE_WIDTH, checkpoint.size - n * TILE_WIDTH)))
        leaf = tile[32 * place : 32 * place + 32]
        verify_inclusion(leaf, index, checkpoint.size, proof, checkpoint.root)
    return taken / PROOFS


def _reader(log: Path) -> Callable[[Tile], bytes]:
    return lambda tile: (log / tile.path).read_bytes()
