# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever signs may die at any moment: nothing is issued twice, and nothing is lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

COUNT, KILLS = 24, 5


@pytest.mark.slow
def test_signing_goes_on_after_sudden_deaths(tmp_path: Path) -> None:
    """Killed again and again, and resumed, each application has one certificate with a number and
    a place of its own, one piece of mail and one audit row; the program looks itself.
    """
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tuidang.settings.test",
        "TUIDANG_DATA": str(tmp_path / "data"),
        "TUIDANG_MEMORY": str(tmp_path / "memory"),
        "TUIDANG_TEST_DATABASE": "",
    }
    (tmp_path / "data").mkdir()
    program = [sys.executable, "-m", "tests.registry.certificates.signer", str(COUNT), str(KILLS)]
    ran = subprocess.run(
        program, capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )
    assert ran.returncode == 0, ran.stderr
    turns = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [turn["ended"] for turn in turns] == [False] * (len(turns) - 1) + [True]
    assert sum(turn["signed"] for turn in turns) == COUNT
    assert len(turns) > 2
