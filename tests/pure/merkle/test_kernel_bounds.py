# SPDX-License-Identifier: AGPL-3.0-or-later
"""The hash kernel reads and writes nothing that it was not given."""

import subprocess
from pathlib import Path

import pytest

from tests.architecture.house import ROOT

FLAGS = ("-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror")
SANITIZERS = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")


@pytest.mark.unmeasured
def test_no_byte_out_of_place_is_read_or_written(tmp_path: Path) -> None:
    """Under the sanitizers of address and undefined behaviour all functions run clean."""
    source = Path(__file__).with_name("kernel_bounds.c")
    include = ROOT / "tuidang" / "pure" / "merkle"
    program = str(tmp_path / "bounds")
    command = ["cc", *FLAGS, *SANITIZERS, "-I", str(include), "-o", program, str(source)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    ran = subprocess.run([program], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "held\n", "")
