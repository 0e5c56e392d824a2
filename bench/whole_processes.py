# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person waits for: whole commands, from the key press to the prompt."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

NAMES = 53
RUNS = 5
COMMAND = [sys.executable, "-m", "tuidang.cli.main"]


def measure() -> str:
    """Return the section: 53 names by `tuidang declare`, beside Python and Django alone."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "TUIDANG_DATA": f"{folder}/var",
            "DJANGO_SETTINGS_MODULE": "tuidang.settings.office",
        }
        subprocess.run([*COMMAND, "install"], env=environment, check=True, capture_output=True)
        python = _median([sys.executable, "-c", "pass"], environment)
        django = _median([sys.executable, "-c", "import django; django.setup()"], environment)
        declare = _median([*COMMAND, "declare", "{list}"], environment, Path(folder))
    return "\n".join([
        "## Whole processes",
        "",
        "| what | seconds (median of 5) |",
        "|---|---|",
        f"| raw limit: starting Python | {python:.2f} |",
        f"| raw limit: starting Python and Django with our settings | {django:.2f} |",
        f"| `tuidang declare`, {NAMES} names | {declare:.2f} |",
        "",
        f"Goal: {NAMES} names in under 2 seconds.",
    ])  # fmt: skip


def _median(command: list[str], environment: dict[str, str], folder: Path | None = None) -> float:
    times = []
    for run in range(RUNS):
        words = [_list(folder, run) if word == "{list}" and folder else word for word in command]
        began = time.perf_counter()
        subprocess.run(words, env=environment, check=True, capture_output=True)
        times.append(time.perf_counter() - began)
    return sorted(times)[RUNS // 2]


def _list(folder: Path, run: int) -> str:
    """Write a list of 53 samples, another one for each run, since the same twice is refused."""
    path = folder / f"list-{run}.txt"
    path.write_text("\n".join(f"Sample {run} Number {chr(65 + n // 26)}{chr(65 + n % 26)}"
                              for n in range(NAMES)))  # fmt: skip
    return str(path)
