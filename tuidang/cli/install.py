# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang install`: make or update an installation, and say what was made."""

import argparse
import sys
from typing import Any


def add_parser(subparsers: Any) -> None:
    """Add `tuidang install`."""
    parser = subparsers.add_parser("install", help="make or update an installation")
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Install, then print the recovery secret if it is new: it is shown this once."""
    from tuidang.cli.installation import install

    made = install()
    if made.recovery_secret:
        print_recovery(made.recovery_secret)
    return 0


def print_recovery(secret: str) -> None:
    """Print the offline recovery key; nothing on the machine keeps it."""
    print("Recovery key, shown once. It opens everything that is sealed to the office;", flush=True)
    print("write it on paper and keep it away from this machine:\n")
    print(f"    {secret}\n", flush=True)
    sys.stdout.flush()
