# SPDX-License-Identifier: AGPL-3.0-or-later
"""CPU seconds and memory, of work in this process and of whole programs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

# Run in between, so that the memory of this process is not taken for the program's own.
_MEASURE = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(status)
"""


@dataclass(frozen=True)
class Program:
    """What a program took: CPU seconds (its own and the system's for it), megabytes at most."""

    cpu: float
    megabytes: float


def best_cpu(work: Callable[[], object], runs: int = 5) -> float:
    """Return the CPU seconds of the fastest run."""
    taken = []
    for _ in range(runs):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    return min(taken)


def program(*words: str, **environment: str) -> Program:
    """Run a Python program to its end, which must be a good one."""
    command = [sys.executable, "-c", _MEASURE, sys.executable, *words]
    done = subprocess.run(
        command, env=os.environ | environment, check=True, stdout=subprocess.PIPE, text=True
    )
    cpu, kilobytes = done.stdout.split()
    return Program(float(cpu), int(kilobytes) / 1000)
