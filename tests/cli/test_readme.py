# SPDX-License-Identifier: AGPL-3.0-or-later
"""The README tells the truth: its transcript is executed, and what it says is what happens."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"


def transcript() -> list[tuple[str, list[str]]]:
    """Return the commands of the README, each with the lines that it prints there."""
    found: list[tuple[str, list[str]]] = []
    (block,) = BLOCK.findall((ROOT / "README.md").read_text())
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


def matches(printed: str, told: list[str]) -> bool:
    """Say whether a command printed what is told; … stands for anything."""
    pattern = "\n".join(re.escape(line) for line in told).replace(re.escape(ANYTHING), ".*?")
    return re.fullmatch(pattern, printed.rstrip("\n"), re.DOTALL) is not None


@pytest.mark.slow
def test_the_transcript_of_the_readme_is_true(tmp_path: Path) -> None:
    """A newcomer who types the README's commands sees what the README shows."""
    environment = os.environ | {
        "TUIDANG_DATA": str(tmp_path / "var"),
        "TUIDANG_MEMORY": str(tmp_path / "memory"),
        "TUIDANG_ORIGIN": "demo.invalid/registry",
        "TUIDANG_DATABASE": "",
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    (tmp_path / "tuidang").symlink_to(ROOT / "tuidang")
    subprocess.run(
        ["tuidang", "install"], env=environment, cwd=tmp_path, check=True, capture_output=True
    )
    for command, told in transcript():
        done = subprocess.run(
            ["bash", "-c", command], env=environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert matches(done.stdout, told), f"{command}\n{done.stdout}"


def test_a_transcript_that_lies_is_noticed() -> None:
    """The comparison itself refuses another figure, a missing line, and a line too many."""
    assert matches("one\ntwo\n13 persons\n", ["one", "…", "13 persons"])
    assert not matches("one\ntwo\n14 persons\n", ["one", "…", "13 persons"])
    assert not matches("one\n", ["one", "two"])
    assert not matches("one\ntwo\n", ["one"])
