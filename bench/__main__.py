# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make bench`: run every measurement once and write docs/benchmarks.md."""

import os
import platform
import sys
from datetime import UTC, datetime

from bench import audit, declare, whole_processes
from bench.doors import ROOT

SECTIONS = {
    "declare": declare.measure,
    "audit": audit.measure,
    "processes": whole_processes.measure,
}


def main(names: list[str]) -> None:
    """Measure the named sections, or all of them and then write the report."""
    chosen = names or list(SECTIONS)
    head = [
        "# Benchmarks",
        "",
        "Written by `make bench`; one run, so read ratios rather than figures.",
        f"{datetime.now(UTC).date()}, Python {platform.python_version()},",
        f"{os.cpu_count()} cores, load before the run {os.getloadavg()[0]:.1f}.",
        "",
    ]
    sections = []
    for name in chosen:
        sections.append(SECTIONS[name]())
        print(sections[-1], flush=True)
    if not names:
        report = "\n".join(head) + "\n" + "\n\n".join(sections) + "\n"
        (ROOT / "docs" / "benchmarks.md").write_text(report)


if __name__ == "__main__":
    main(sys.argv[1:])
