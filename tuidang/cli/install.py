# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang install`: make or update an installation, and say what was made."""

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuidang.registry.accounts.credentials import Credentials


def add_parser(subparsers: Any) -> None:
    """Add `tuidang install`."""
    parser = subparsers.add_parser("install", help="make or update an installation")
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Install, then print what is shown this once: the recovery secret, the first logins."""
    from tuidang.cli.installation import install, nobody_can_sign_in
    from tuidang.cli.volunteer import print_login

    made = install()
    if made.recovery_secret:
        print_recovery(made.recovery_secret)
    if nobody_can_sign_in() and not sys.stdin.isatty():
        print("Nobody can sign in yet. Run `tuidang install` in a terminal: it asks for the first "
              "two volunteers.", file=sys.stderr)  # fmt: skip
        return 1
    if nobody_can_sign_in():
        for login in ask_first_volunteers():
            print_login(login)
    return 0


def ask_first_volunteers() -> "list[Credentials]":
    """Ask for two user names, since much here needs two people, and enrol them."""
    from tuidang.cli.installation import enrol_first

    names = [input(f"User name of the {which} volunteer: ") for which in ("first", "second")]
    return enrol_first(names)


def print_recovery(secret: str) -> None:
    """Print the offline recovery key; nothing on the machine keeps it."""
    print("Recovery key, shown once. It opens everything that is sealed to the office;", flush=True)
    print("write it on paper and keep it away from this machine:\n")
    print(f"    {secret}\n", flush=True)
    sys.stdout.flush()
