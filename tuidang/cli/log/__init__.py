# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log`: publish the public log, audit one, witness one, mirror one.

Each part is a module that offers `add_part(parts)`. Parts for strangers (audit, witness, mirror,
cosign, key) must run where Django is not installed.
"""

import importlib
from typing import Any

PARTS = (
    "audit",
    "publish",
    "adopt",
    "collect",
    "carry_over",
    "import_legacy",
    "key",
    "witness",
    "mirror",
    "cosign",
)


def add_parser(subparsers: Any) -> None:
    """Add `tuidang log` with its parts."""
    parser = subparsers.add_parser("log", help="publish the public log, audit or mirror one")
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name in PARTS:
        importlib.import_module(f"tuidang.cli.log.{name}").add_part(parts)
