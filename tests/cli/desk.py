# SPDX-License-Identifier: AGPL-3.0-or-later
"""Running one subcommand as the dispatcher does, and volunteers with login files."""

import argparse
import importlib
import json
from datetime import UTC, datetime
from pathlib import Path

from tuidang.registry.accounts.actions import enrol
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.vault.actions import renew_ring
from tuidang.registry.vault.months import month_of


def run_command(*words: str) -> int:
    """Run `tuidang WORDS` in this process and return its exit status."""
    parser = argparse.ArgumentParser(prog="tuidang")
    subparsers = parser.add_subparsers(required=True)
    importlib.import_module(f"tuidang.cli.{words[0]}").add_parser(subparsers)
    args = parser.parse_args(words)
    assert args.needs_django
    status: int = args.run(args)
    return status


def make_volunteers(folder: Path) -> tuple[Path, Path]:
    """Enrol two volunteers, make this month's ring, and write their login files."""
    today = datetime.now(UTC).date()
    logins = [enrol(f"sample-{n}", f"Sample {n}", by=REGISTRY, day=today) for n in (1, 2)]
    renew_ring("review", month_of(today), by=REGISTRY, day=today)
    paths = []
    for login in logins:
        path = folder / f"{login.username}.json"
        fields = ("username", "passphrase", "totp_secret")
        path.write_text(json.dumps({name: getattr(login, name) for name in fields}))
        paths.append(path)
    return paths[0], paths[1]
