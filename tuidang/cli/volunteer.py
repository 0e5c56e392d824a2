# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang volunteer enrol`: make a login, and show it once.

The office's own pages for this come with roles and branches; until then the operator does it.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuidang.registry.accounts.credentials import Credentials


def add_parser(subparsers: Any) -> None:
    """Add `tuidang volunteer enrol`."""
    volunteer = subparsers.add_parser("volunteer", help="who may sign in to the office")
    verbs = volunteer.add_subparsers(dest="verb", required=True, metavar="VERB")
    enrol = verbs.add_parser("enrol", help="make a login and show it once")
    enrol.add_argument("username")
    enrol.add_argument("--alias", default="", help="what other volunteers see")
    enrol.add_argument(
        "--login",
        metavar="FILE",
        type=Path,
        help="login of a volunteer who hands on what they can open; without it the new one "
        "opens what comes in next month",
    )
    enrol.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Enrol one volunteer and print the login."""
    from tuidang.cli.login import sign_in
    from tuidang.registry.accounts.actions import enrol
    from tuidang.registry.accounts.errors import AccountError
    from tuidang.registry.audit.doers import REGISTRY

    by, unlocked = REGISTRY, None
    try:
        if args.login:
            volunteer, unlocked = sign_in(args.login)
            by = volunteer.doer()
        login = enrol(
            args.username,
            alias=args.alias or args.username,
            by=by,
            day=datetime.now(UTC).date(),
            unlocked=unlocked,
        )
    except AccountError as error:
        print(error, file=sys.stderr)
        return 2
    print_login(login)
    return 0


def print_login(login: "Credentials") -> None:
    """Show a login; nothing on this machine keeps it."""
    print("Shown once. Hand it over in person or through a channel that forgets:\n")
    print(f"    user name    {login.username}")
    print(f"    passphrase   {login.passphrase}")
    print(f"    TOTP secret  {login.totp_secret}   (for an authenticator app)\n", flush=True)
