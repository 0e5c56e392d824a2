# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate`: what waits, signing, revoking, fetching, the keys.

Each part is a module that offers `add_part(parts)`. Nothing here prints a name or a number.
"""

import importlib
from typing import Any

PARTS = ("list", "issue", "revoke", "fetch", "key")


def add_parser(subparsers: Any) -> None:
    """Add `tuidang certificate` with its parts."""
    parser = subparsers.add_parser("certificate", help="the certificate office, and fetching")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name in PARTS:
        importlib.import_module(f"tuidang.cli.certificate.{name}").add_part(parts)
