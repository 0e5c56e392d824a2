# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang samples`: a few declarations that say of themselves that they are samples.

For looking around in a demonstration. A database constraint keeps them off every origin that
does not end in .invalid, so they can never stand among real ones.
"""

import argparse
import secrets
import sys
from datetime import UTC, datetime
from typing import Any

STATEMENT = "样本，不是真实声明。範例，不是真實聲明。A sample, not a real declaration."


def add_parser(subparsers: Any) -> None:
    """Add `tuidang samples`."""
    parser = subparsers.add_parser("samples", help="enter a few samples into a demonstration")
    parser.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Enter the samples; their receipt codes are thrown away."""
    from django.conf import settings

    from tuidang.pure.intake.rules import parse_declaration
    from tuidang.registry.declarations.actions import receive

    if ".invalid/" not in settings.ORIGIN:
        print("Samples are for a demonstration: the origin must end in .invalid.", file=sys.stderr)
        return 2
    today = datetime.now(UTC).date()
    for body in bodies():
        key = secrets.token_urlsafe(16)
        declaration = parse_declaration(body | {"idempotency_key": key}, today=today)
        receive(declaration, idempotency_key=key, channel="web", day=today, sample=True)
    print(f"{len(bodies())} samples wait in the office's queue.")
    return 0


def bodies() -> list[dict[str, Any]]:
    """Return the samples as the public interface takes them."""
    one = _body([_person("样本甲", "alias", ["league", "pioneers"])])
    family = _body([
        _person("样本乙", "real", ["party", "league", "pioneers"]),
        _person("样本丙", "real", ["league", "pioneers"], by="relative", consent="agreed"),
        _person("样本丁", "real", ["pioneers"], by="relative", consent="asked"),
        _person("样本戊", "alias", ["unspecified"], by="relative", consent="unasked"),
    ])  # fmt: skip
    names = ("样本己", "样本庚", "样本辛")
    group = _body(
        [_person(n, "real", ["unspecified"], by="friend", consent="agreed") for n in names]
    )
    group["unnamed"] = {
        "count": 17,
        "organizations": ["unspecified"],
        "declared_by": "friend",
        "consent": "agreed",
    }
    return [one, family, group]


def _body(persons: list[dict[str, Any]]) -> dict[str, Any]:
    return {"language": "zh-Hans", "show": "count", "persons": persons, "statement": STATEMENT}


def _person(
    name: str, kind: str, organizations: list[str], *, by: str = "self", consent: str = ""
) -> dict[str, Any]:
    person = {
        "name": name,
        "kind": kind,
        "organizations": organizations,
        "declared_by": by,
    }
    return {**person, "consent": consent} if consent else person
