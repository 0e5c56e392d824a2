# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make bench`: run every measurement once and write docs/benchmarks.md.

`python -m bench log --leaves 50000000` measures one section, with a larger log;
`python -m bench issuing --certificates 10000` signs more than all of it together.
"""

import argparse
import os
import platform
from datetime import UTC, datetime

from bench import certificates, declare, issuing, log, papers, verifying_page, whole_processes
from bench.doors import ROOT

SECTIONS = {
    "certificates": certificates.measure,
    "declare": declare.measure,
    "issuing": issuing.measure,
    "log": log.measure,
    "papers": papers.measure,
    "page": verifying_page.measure,
    "processes": whole_processes.measure,
}


def main() -> None:
    """Measure the named sections, or all of them and then write the report."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], metavar="SECTION")
    parser.add_argument("--leaves", type=int, default=log.LEAVES, help="of the audited log")
    parser.add_argument("--certificates", type=int, default=issuing.CERTIFICATES)
    arguments = parser.parse_args()
    sections_of = SECTIONS | {
        "issuing": lambda: issuing.measure(arguments.certificates),
        "log": lambda: log.measure(arguments.leaves),
    }
    names: list[str] = arguments.sections
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
        sections.append(sections_of[name]())
        print(sections[-1], flush=True)
    if not names:
        report = "\n".join(head) + "\n" + "\n\n".join(sections) + "\n"
        (ROOT / "docs" / "benchmarks.md").write_text(report)


if __name__ == "__main__":
    main()
