# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate issue`: sign, as the second person, all that is ready.

Each certificate is a transaction of its own: interrupted at any moment and run again, it goes on
where it was. It prints counts, never a name or a number.
"""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tuidang.cli.certificate.entering import REFUSED, for_volunteers, say

if TYPE_CHECKING:
    from tuidang.registry.accounts.models import Volunteer
    from tuidang.registry.certificates.actions import SignReport
    from tuidang.registry.vault.unlocked import Unlocked

BAR = 40
LEFT_WORDS = {
    "signer_is_preparer": "were checked by this volunteer: somebody else has to sign",
    "not_dated_yet": "wait for the next publication of the log",
    "declaration_not_accepted": "belong to a declaration that is not accepted any more",
    "application_decided": "were decided or withdrawn meanwhile",
    "unopenable": "are sealed with a key that this login does not open",
    "mailbox_erased": "have no mailbox any more",
    "characters_missing": "have a character that no font has",
    "application_broken": "are not signed by the holder of the declaration",
    "own_check_failed": "did not pass the verifier's own check: tell the operator",
}


def add_part(parts: Any) -> None:
    """Add `tuidang certificate issue`."""
    part = parts.add_parser(
        "issue",
        help="sign, as the second person, all that is ready",
        description="Signs every application that another volunteer has checked and that the log "
        "proves. Run it again after an interruption: nothing is issued twice. Prints counts.",
    )
    part.add_argument("--limit", type=int, metavar="N", help="sign at most so many")
    part.add_argument("--json", action="store_true", help="print JSON")
    for_volunteers(part, issue)


def issue(args: argparse.Namespace, volunteer: "Volunteer", unlocked: "Unlocked") -> int:
    """Sign what is ready and say how many: 0, or 1 where the keys that issue cannot be used."""
    from tuidang.registry.certificates.actions import sign_many, to_sign
    from tuidang.registry.certificates.errors import IssuerKeysUnusable
    from tuidang.registry.certificates.paper.fonts import missing_fonts
    from tuidang.verify.errors import TrustError

    if missing := missing_fonts():
        return say(" ".join(missing), REFUSED)
    ready = to_sign()[: args.limit]
    day = datetime.now(UTC).date()
    progress = _bar(len(ready)) if sys.stderr.isatty() else None
    try:
        report = sign_many(ready, unlocked, by=volunteer.doer(), day=day, progress=progress)
    except (IssuerKeysUnusable, TrustError, OSError):
        return say("The keys or the trust bundle cannot be read. Run: tuidang doctor", REFUSED)
    _print(report, as_json=args.json)
    return 0


def _bar(total: int) -> Callable[[int], None]:
    """Return what draws a bar on standard error."""

    def draw(done: int) -> None:
        filled = BAR * done // total
        end = "\n" if done == total else ""
        bar = "#" * filled + "." * (BAR - filled)
        print(f"\r[{bar}] {done} of {total}", end=end, file=sys.stderr, flush=True)

    return draw


def _print(report: "SignReport", *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"signed": report.signed, "left": dict(report.left)}))
        return
    print(f"Signed {report.signed}.")
    for code, count in report.left.items():
        print(f"  {count} {LEFT_WORDS.get(code, f'could not be signed ({code})')}")
