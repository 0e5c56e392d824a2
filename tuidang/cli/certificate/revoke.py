# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate revoke`: revoke one by its number, for a reason of a closed list.

The number is asked for, since what stands in a command stays in its history.
"""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tuidang.cli.certificate.entering import REFUSED, for_volunteers, say

if TYPE_CHECKING:
    from tuidang.registry.accounts.models import Volunteer
    from tuidang.registry.vault.unlocked import Unlocked

REASONS = (
    "holder_asked",
    "identity_wrong",
    "not_voluntary",
    "declaration_withdrawn",
    "issued_in_error",
    "key_compromised",
)


def add_part(parts: Any) -> None:
    """Add `tuidang certificate revoke`."""
    part = parts.add_parser(
        "revoke",
        help="revoke a certificate; asks for its number",
        description="Revokes a certificate for good. The number is read from standard input. "
        "Verifiers learn of it from the next trust bundle, within a minute or two.",
    )
    part.add_argument("--reason", choices=REASONS, required=True)
    for_volunteers(part, revoke)


def revoke(args: argparse.Namespace, volunteer: "Volunteer", _unlocked: "Unlocked") -> int:
    """Ask for the number and revoke: 0 done, 1 refused."""
    from tuidang.registry.certificates import actions
    from tuidang.registry.certificates.errors import NotValidAnyMore, NumberUnknown

    day = datetime.now(UTC).date()
    try:
        actions.revoke(input("Number: "), args.reason, by=volunteer.doer(), day=day)
    except (NumberUnknown, EOFError):
        return say("No certificate has this number.", REFUSED)
    except NotValidAnyMore:
        return say("The certificate is revoked or superseded already.", REFUSED)
    print("Revoked.")
    return 0
