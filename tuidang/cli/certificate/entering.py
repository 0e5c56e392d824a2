# SPDX-License-Identifier: AGPL-3.0-or-later
"""A volunteer enters the certificate office from a command: login, then the deed."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuidang.registry.accounts.models import Volunteer
    from tuidang.registry.vault.unlocked import Unlocked

REFUSED, UNREADABLE = 1, 2


def for_volunteers(part: Any, deed: "Deed") -> None:
    """Let a part ask for a volunteer's login and then do its deed."""
    part.add_argument("--login", type=Path, metavar="FILE", help="a volunteer's login (JSON)")
    part.set_defaults(run=enter, deed=deed, needs_django=True)


def enter(args: argparse.Namespace) -> int:
    """Sign in and do the deed: 0 done, 1 refused, 2 the login file cannot be read."""
    from tuidang.cli.login import sign_in
    from tuidang.registry.accounts.errors import SignInRefused

    try:
        volunteer, unlocked = sign_in(args.login)
    except SignInRefused:
        return say("User name, passphrase or code is wrong.", REFUSED)
    except (OSError, ValueError, KeyError, TypeError):
        return say("The login file cannot be read.", UNREADABLE)
    deed: Deed = args.deed
    return deed(args, volunteer, unlocked)


def say(words: str, status: int) -> int:
    """Say on standard error why nothing was done, and return the exit status."""
    print(words, file=sys.stderr)
    return status


Deed = Callable[[argparse.Namespace, "Volunteer", "Unlocked"], int]
