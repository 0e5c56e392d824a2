# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate list`: what waits in the certificate office, without opening any of it."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from tuidang.cli.certificate.entering import for_volunteers

if TYPE_CHECKING:
    from tuidang.registry.accounts.models import Volunteer
    from tuidang.registry.certificates.actions import QueueItem
    from tuidang.registry.vault.unlocked import Unlocked

URGENCY = {1: "this week", 2: "this month", 3: "later"}
NEXT = {
    "waiting": "to be checked",
    "acceptance": "checked; the declaration is not accepted yet",
    "log": "checked; waits for the next publication",
    "": "ready to be signed",
}


def add_part(parts: Any) -> None:
    """Add `tuidang certificate list`."""
    part = parts.add_parser("list", help="what waits, the most urgent first; opens nothing")
    part.add_argument("--json", action="store_true", help="print JSON")
    for_volunteers(part, show)


def show(args: argparse.Namespace, _volunteer: "Volunteer", unlocked: "Unlocked") -> int:
    """Print a line for each application, and how many certificates need another look."""
    from tuidang.registry.certificates.actions import flagged, queue

    items, again = queue(unlocked), flagged()
    if args.json:
        print(json.dumps({"waiting": [_row(item) for item in items], "flagged": len(again)}))
        return 0
    print(f"Applications that wait: {len(items)}.")
    for item in items:
        print(_line(item))
    if again:
        print(f"Certificates that are valid although their declaration is undone: {len(again)}.")
    return 0


def _next(item: "QueueItem") -> str:
    return NEXT["waiting" if item.state == "waiting" else item.waits_for]


def _line(item: "QueueItem") -> str:
    replies = f", {item.replies} replies" if item.replies else ""
    closed = ", sealed with a key that this login does not open" if item.closed else ""
    when = URGENCY[item.urgency]
    return f"  {str(item.id)[:8]}  {item.day}  {when:<10}  {_next(item)}{replies}{closed}"


def _row(item: "QueueItem") -> dict[str, Any]:
    return {
        "id": str(item.id),
        "day": item.day.isoformat(),
        "urgency": item.urgency,
        "state": item.state,
        "waits_for": item.waits_for,
        "replies": item.replies,
        "closed": item.closed,
    }
