# SPDX-License-Identifier: AGPL-3.0-or-later
"""Thousands of certificates in one run, killed in between: memory, rate, nothing issued twice.

The program that the tests run, with more of them. What must hold is looked at by it: numbers and
places in the status list, mail and audit rows, and whether the holders' codes open what is valid.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.doors import ROOT

CERTIFICATES = 1_000  # ten times as many by `--certificates`
DEATHS = 3
FEW = 100  # certificates of which the memory is compared, at the beginning and at the end


def measure(count: int = CERTIFICATES) -> str:
    """Return the section about signing many."""
    turns = _run(count)
    signed, seconds = sum(t["signed"] for t in turns), sum(t["seconds"] for t in turns)
    longest = max((t["memory"] for t in turns), key=len)
    few = min(FEW, len(longest) // 3)
    first, last = (median(part) / 1024 for part in (longest[few : 2 * few], longest[-few:]))
    deaths = sum(not t["ended"] for t in turns)
    return "\n".join([
        "## Many certificates",
        "",
        "Proof, claims, COSE, signed PDF, picture, plain paper, the verifier's own check of them,",
        "sealing, SQLite with `synchronous=FULL`; one process, one transaction a certificate.",
        "",
        "| what | figure |",
        "|---|---|",
        f"| certificates in one run | {signed:,} |",
        f"| killed by SIGKILL and resumed | {deaths} times; nothing issued twice, none lost |",
        f"| a second | {signed / seconds:.1f} |",
        f"| memory after {2 * few:,} | {first:.0f} MiB |",
        f"| memory after {len(longest):,} | {last:.0f} MiB ({last / first:.2f} of it) |",
        "",
        "Goal: flat memory, no number used twice.",
    ])  # fmt: skip


def _run(count: int) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tuidang.settings.test",
            "TUIDANG_DATA": f"{folder}/data",
            "TUIDANG_MEMORY": f"{folder}/memory",
            "TUIDANG_TEST_DATABASE": "",
        }
        Path(folder, "data").mkdir()
        module = "tests.registry.certificates.signer"
        program = [sys.executable, "-m", module, str(count), str(DEATHS)]
        ran = subprocess.run(program, env=environment, cwd=ROOT, check=True, capture_output=True)
    return [json.loads(line) for line in ran.stdout.splitlines()]
