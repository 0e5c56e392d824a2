# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever system call kills or fails the publisher, the next start proves that all is well.

On SQLite and real files, whatever database the other tests use: the program makes its own.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAM = "tests.registry.transparency.publisher"
SECONDS = 900

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get("TUIDANG_TEST_DATABASE")), reason="the same on every database"
    ),
]


def run(mode: str, folder: Path) -> str:
    """Run all cases of a mode; fail with the program's own words."""
    done = subprocess.run(
        [sys.executable, "-m", PROGRAM, mode, str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def test_a_kill_at_every_call_is_healed(tmp_path: Path) -> None:
    """SIGKILL at each system call that touches the log, its staging or the lock store."""
    assert cases(run("kill", tmp_path / "lab")) > 200


def test_an_error_of_a_call_is_healed(tmp_path: Path) -> None:
    """EIO or ENOSPC from system calls that touch the log, its staging or the lock store."""
    assert cases(run("error", tmp_path / "lab")) > 70


def test_500_kills_at_random_moments_are_healed(tmp_path: Path) -> None:
    """SIGKILL at any moment, ten in one history, so that recovery is killed too."""
    assert cases(run("random", tmp_path / "lab")) >= 500


def test_the_log_goes_on_after_an_older_database_was_restored(tmp_path: Path) -> None:
    """Publishing is refused, adopting takes over what is missing, and nothing is in twice."""
    assert cases(run("restore", tmp_path / "lab")) == 1


def cases(printed: str) -> int:
    """Return how many cases the program says it has run."""
    return int(printed.rpartition(": ")[2].split()[0])
