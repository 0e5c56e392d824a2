# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate key`: which keys issue, and putting new ones in their place."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FAILED = 1


def add_part(parts: Any) -> None:
    """Add `tuidang certificate key`."""
    key = parts.add_parser("key", help="show the keys that issue certificates, or replace them")
    key.add_argument("--replace", action="store_true", help="retire both keys and make new ones")
    key.add_argument(
        "--stolen",
        action="store_true",
        help="with --replace: trust nothing any more that the old ones have signed",
    )
    key.set_defaults(run=run, needs_django=True)


def run(args: argparse.Namespace) -> int:
    """Replace if asked, then print every issuer key with its days and fingerprint."""
    from tuidang.registry.certificates.errors import IssuerKeysUnusable
    from tuidang.registry.transparency.errors import TransparencyError

    if args.stolen and not args.replace:
        print("--stolen goes with --replace.", file=sys.stderr)
        return 2
    try:
        if args.replace:
            _replace(stolen=args.stolen)
        _print_keys()
    except (IssuerKeysUnusable, TransparencyError) as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


def _replace(*, stolen: bool) -> None:
    from django.conf import settings

    from tuidang.registry.certificates.keys import replace_issuer_keys
    from tuidang.registry.certificates.trusted import hand_down
    from tuidang.registry.transparency.errors import PublisherBusy

    now = datetime.now(UTC)
    folder = Path(settings.KEYS_FOLDER)
    replace_issuer_keys(folder, issuer=settings.ISSUER, day=now.date(), stolen=stolen)
    try:
        hand_down(now=now)
    except PublisherBusy:  # the keys are replaced: asking again would replace the new ones
        print("A publication is under way. The timetable tells of the new keys right after it.")


def _print_keys() -> None:
    from django.conf import settings

    from tuidang.registry.certificates.keys import read_issuer_keys, read_known

    folder = Path(settings.KEYS_FOLDER)
    for each in read_known(folder).issuers:
        until = "stolen" if each.stolen else f"until {each.until}" if each.until else "signs now"
        print(f"{each.public.kid_text}  from {each.since}  {until}")
        print(f"    {each.public.fingerprint}")
    last = read_issuer_keys(folder).pades_certificate.not_valid_after_utc.date()
    print(f"The certificate of the key that signs papers ends on {last}.")
