# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang doctor`: look at an installation and say what to do."""

import argparse
from typing import Any

SIGNS = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}


def add_parser(subparsers: Any) -> None:
    """Add `tuidang doctor`."""
    parser = subparsers.add_parser("doctor", help="check this installation and say what to do")
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Print a line for each finding; exit status 1 if anything is wrong."""
    from django.db import DatabaseError

    from tuidang.cli.checks import CHECKS
    from tuidang.cli.findings import Finding

    findings: list[Finding] = []
    try:
        for check in CHECKS:
            findings.extend(check())
    except DatabaseError:  # before the first `tuidang install`; the first finding has said so
        findings.append(Finding("wrong", "The rest cannot be looked at without the tables."))
    for finding in findings:
        print(f"{SIGNS[finding.level]}  {finding.words}")
    return 1 if any(finding.level == "wrong" for finding in findings) else 0
