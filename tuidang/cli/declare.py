# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang declare FILE`: enter a list of names as one declaration.

The list is taken as a whole or refused as a whole. Nothing that stands in it is ever printed,
only line numbers and counts; what is imported late is imported late for speed.
"""

import argparse
import json
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuidang.pure.intake.declaration import Declaration
    from tuidang.pure.intake.lists import ListDefaults
    from tuidang.pure.intake.problems import LineProblem
    from tuidang.pure.receipt import Code

CHANNELS = ("list", "desk", "hotline", "letter", "import")
CONSENT_WORDS = {
    "asked": "asked for it",
    "agreed": "know of it and agreed",
    "unasked": "could not be asked, so are recorded and not counted",
}


def add_parser(subparsers: Any) -> None:
    """Add `tuidang declare`."""
    parser = subparsers.add_parser("declare", help="enter a list of names (.txt, .csv, .xlsx)")
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--channel", choices=CHANNELS, default="list", help="how the list came")
    parser.add_argument(
        "--consent",
        choices=list(CONSENT_WORDS),
        default="agreed",
        help="of all of whom the list says nothing else (default: agreed)",
    )
    parser.add_argument(
        "--organizations",
        default="unspecified",
        metavar="WORDS",
        help="where the list names none: party, league, pioneers (default: unspecified)",
    )
    parser.add_argument(
        "--declared-by", choices=("relative", "friend", "collector"), default="collector"
    )
    parser.add_argument("--language", choices=("zh-Hans", "zh-Hant", "en"), default="zh-Hans")
    parser.add_argument("--again", action="store_true", help="enter a list that waits already")
    parser.add_argument("--sample", action="store_true", help="say that it is a sample")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Enter the list: 0 with a receipt, 2 where it is refused and nothing was stored."""
    from tuidang.pure.intake.problems import ListError
    from tuidang.registry.declarations.errors import ListRepeated
    from tuidang.registry.vault.errors import NoRecipient

    if args.sample and not _samples_allowed():
        return _say("Samples are for a demonstration: the origin must end in .invalid.", 2)
    today = datetime.now(UTC).date()
    try:
        declaration, code = enter(args, today)
    except ListError as refused:
        return refuse(refused.problems, as_json=args.json)
    except OSError:
        return _say("The file cannot be read.", 2)
    except ListRepeated:
        words = "The same list waits for review already; nothing was stored."
        return _say(f"{words} If it is meant twice, add --again.", 2)
    except NoRecipient:
        return _say("There is no key to seal to; nothing was stored. Run `tuidang doctor`.", 1)
    print_receipt(declaration, code, args)
    return 0


def enter(args: argparse.Namespace, today: date) -> "tuple[Declaration, Code]":
    """Read, check, seal and store the list; return it with its receipt code."""
    from tuidang.cli.list_files import read_list_file
    from tuidang.pure.intake.lists import declaration_from_rows
    from tuidang.registry.declarations.actions import receive
    from tuidang.registry.declarations.keyed_hashes import list_fingerprint

    key = secrets.token_urlsafe(16)
    declaration = declaration_from_rows(
        read_list_file(args.file.name, _read(args.file)),
        today=today,
        language=args.language,
        idempotency_key=key,
        defaults=_defaults(args),
    )
    code = receive(
        declaration,
        idempotency_key=key,
        channel=args.channel,
        day=today,
        fingerprint=None if args.again else list_fingerprint(declaration),
        sample=args.sample,
    )
    return declaration, code


def refuse(problems: "Iterable[LineProblem]", *, as_json: bool) -> int:
    """Name every wrong line, without a word of what stands in it."""
    from tuidang.pure.intake.problems import PROBLEM_CODES

    found = [
        {"line": each.line, "code": each.code, "message": PROBLEM_CODES[each.code], **each.facts}
        for each in problems
    ]
    if as_json:
        print(json.dumps({"problems": found}, ensure_ascii=False))
        return 2
    for problem, each in zip(found, problems, strict=True):
        place = f"line {each.line}" if each.line else "the file"
        print(f"{place}: {problem['message']}{_facts(each.facts)}", file=sys.stderr)
    return _say("The list was refused as a whole; nothing was stored.", 2)


def print_receipt(declaration: "Declaration", code: "Code", args: argparse.Namespace) -> None:
    """Print what was recorded and, this once, the receipt code in its three spellings."""
    receipt = {
        "digits": code.digits(),
        "chinese": code.chinese(traditional=args.language == "zh-Hant"),
        "english": code.english(),
    }
    named, consents = len(declaration.persons), _consents(declaration)
    unnamed = declaration.size - named
    if args.json:
        persons = {"named": named, "unnamed": unnamed}
        print(json.dumps({"receipt": receipt, "persons": persons, "consent": consents}))
        return
    print(f"Recorded: {declaration.size} persons, {named} named and {unnamed} unnamed.")
    for consent, count in consents.items():
        print(f"Consent recorded for {count}: they {CONSENT_WORDS[consent]}.")
    print("\nReceipt code, shown this once: three spellings of the same code.\n")
    for spelling, text in receipt.items():
        print(f"    {spelling:<8} {text}")


def _defaults(args: argparse.Namespace) -> "ListDefaults":
    from tuidang.pure.intake.lists import ListDefaults
    from tuidang.pure.intake.organizations import parse_organizations
    from tuidang.pure.intake.problems import LineProblem, ListError

    organizations = parse_organizations(args.organizations)
    if organizations is None:
        raise ListError([LineProblem(0, "organizations_unclear")])
    return ListDefaults(
        organizations=organizations, declared_by=args.declared_by, consent=args.consent
    )


def _samples_allowed() -> bool:
    """Check early what the database would refuse with less clear words."""
    from django.conf import settings

    return ".invalid/" in settings.ORIGIN


def _read(path: Path) -> bytes:
    """Read no more of the file than makes it too large."""
    from tuidang.cli.workbooks import MAX_WORKBOOK

    with path.open("rb") as stream:
        return stream.read(MAX_WORKBOOK + 1)


def _consents(declaration: "Declaration") -> dict[str, int]:
    counted: Counter[str] = Counter(p.consent for p in declaration.persons if p.consent)
    if declaration.unnamed:
        counted[declaration.unnamed.consent] += declaration.unnamed.count
    return {consent: counted[consent] for consent in CONSENT_WORDS if consent in counted}


def _facts(facts: Mapping[str, int | str]) -> str:
    told = ", ".join(f"{name} {value}" for name, value in facts.items())
    return f" ({told})" if told else ""


def _say(words: str, status: int) -> int:
    print(words, file=sys.stderr)
    return status
