# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang review`: the queue, and one decision about all that no rule flags.

Both need a volunteer's login, which opens what is sealed for as long as the command runs. No
name is printed unless `--open` asks for it.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuidang.registry.accounts.models import Volunteer
    from tuidang.registry.review.actions import Item, Report, RuleRan
    from tuidang.registry.vault.unlocked import Unlocked

LEFT_WORDS = {
    "flagged": "flagged by a rule",
    "needs_two": "need two volunteers",
    "claimed": "open in front of another volunteer",
    "changed": "decided or withdrawn meanwhile",
    "closed": "sealed with a key that this login does not open",
}


def add_parser(subparsers: Any) -> None:
    """Add `tuidang review list` and `tuidang review accept`."""
    parser = subparsers.add_parser("review", help="the queue, and a batch decision")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="what waits")
    listing.add_argument("--open", action="store_true", help="print names and texts too")
    listing.set_defaults(deed=show_queue)
    accepting = verbs.add_parser("accept", help="accept many at once")
    accepting.add_argument(
        "--all-clean", action="store_true", required=True, help="all that no rule flags"
    )
    accepting.set_defaults(deed=accept_all_clean)
    for each in (listing, accepting):
        each.add_argument("--login", type=Path, metavar="FILE", help="a volunteer's login (JSON)")
        each.add_argument("--json", action="store_true", help="print JSON")
        each.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Sign in and do the deed: 0 done, 1 refused, 2 the login file cannot be read."""
    from tuidang.cli.login import sign_in
    from tuidang.registry.accounts.errors import SignInRefused

    try:
        volunteer, unlocked = sign_in(args.login)
    except SignInRefused:
        print("User name, passphrase or code is wrong.", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError):
        print("The login file cannot be read.", file=sys.stderr)
        return 2
    deed: Callable[[argparse.Namespace, Volunteer, Unlocked], int] = args.deed
    return deed(args, volunteer, unlocked)


def show_queue(args: argparse.Namespace, volunteer: "Volunteer", unlocked: "Unlocked") -> int:
    """Print a line for each declaration that waits: persons, day, flags, cluster."""
    from tuidang.registry.review.actions import closed_count, queue

    items, closed = queue(unlocked), closed_count(unlocked)
    if args.json:
        rows = [_row(item, opened=args.open) for item in items]
        print(json.dumps({"waiting": rows, "closed": closed}, ensure_ascii=False))
        return 0
    print(f"{len(items)} declarations wait.")
    for item in items:
        print(_line(item))
        if args.open:
            _print_opened(item)
    if closed:
        print(f"{closed} more are {LEFT_WORDS['closed']}.")
    return 0


def accept_all_clean(args: argparse.Namespace, volunteer: "Volunteer", unlocked: "Unlocked") -> int:
    """Accept what no rule flags, and say which rules ran and what is left."""
    from tuidang.registry.review.actions import accept_clean
    from tuidang.registry.review.errors import NoRuleRan

    try:
        report = accept_clean(unlocked, by=volunteer.doer(), now=datetime.now(UTC))
    except NoRuleRan:
        print("No rule ran, so nothing was accepted.", file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps(_report_object(report)))
    else:
        _print_report(report)
    return 0


def _row(item: "Item", *, opened: bool) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": str(item.id),
        "day": item.day.isoformat(),
        "persons": item.persons,
        "flags": sorted({flag.rule for flag in item.flags}),
        "cluster": str(item.cluster) if item.cluster else None,
        "needs_two": item.needs_two,
    }
    if opened:
        row["declaration"] = json.loads(item.opened.declaration.to_json())
        row["answers"] = list(item.opened.answers)
    return row


def _line(item: "Item") -> str:
    flags = ", ".join(sorted({flag.rule for flag in item.flags})) or "no flags"
    cluster = f", cluster {str(item.cluster)[:8]}" if item.cluster else ""
    return f"  {str(item.id)[:8]}  {item.day}  persons {item.persons:>3}  {flags}{cluster}"


def _print_opened(item: "Item") -> None:
    from tuidang.pure.intake.organizations import organization_words

    declaration = item.opened.declaration
    for head in declaration.people():
        words = ", ".join(organization_words(head.organizations))
        print(f"      {head.number:>3}  {head.name or '(unnamed)'}  {words}")
    for text in filter(None, (declaration.statement, *item.opened.answers)):
        print("      " + text.replace("\n", "\n      "))


def _report_object(report: "Report") -> dict[str, Any]:
    return {
        "rules": [
            {"name": rule.name, "sentence": rule.sentence, "flagged": rule.flagged}
            for rule in report.rules
        ],
        "accepted": report.accepted,
        "persons": report.persons,
        "left": dict(report.left),
    }


def _print_report(report: "Report") -> None:
    _print_rules(report.rules)
    declarations, persons = _many(report.accepted, "declaration"), _many(report.persons, "person")
    print(f"Accepted {declarations} with {persons};")
    print("they will be published as reviewed as a batch. Each can be undone for ten minutes.")
    left = sum(report.left.values())
    print(f"Left {left}." if not left else f"Left {left}:")
    for why, count in report.left.items():
        print(f"  {count} {LEFT_WORDS[why]}")


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _print_rules(rules: "Iterable[RuleRan]") -> None:
    print("Rules that ran, and how many declarations each flagged:")
    for rule in rules:
        print(f"  {rule.flagged:>4}  {rule.name}: {rule.sentence}")
