# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command `tuidang`: one parser, and a module for each subcommand.

A subcommand that needs no database must run where Django is not installed: strangers audit a
log with the base wheel alone. So Django is set up only for those that ask for it, and only
after the words of the command have been read.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

# Each offers add_parser(subparsers); a parser sets `run` and may set needs_django=True.
SUBCOMMANDS = (
    "run",
    "install",
    "volunteer",
    "jobs",
    "declare",
    "review",
    "certificate",
    "log",
    "samples",
    "doctor",
)
UNREAD = 141  # exit status: whoever read the output went away, as a shell says it of SIGPIPE
WITHOUT_REGISTRY = 3  # exit status: this command needs the extra `registry`


def build_parser() -> argparse.ArgumentParser:
    """Return the whole parser; the help is in plain English."""
    parser = argparse.ArgumentParser(
        prog="tuidang", description="A registry that anyone can audit and nobody can mine."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in SUBCOMMANDS:
        importlib.import_module(f"tuidang.cli.{name}").add_parser(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 it failed, 2 the words were wrong,
    141 not all that it printed was read.
    """
    args = build_parser().parse_args(argv)
    if getattr(args, "needs_django", False) and not set_up_django():
        return WITHOUT_REGISTRY
    try:
        status: int = args.run(args)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    return status


def set_up_django() -> bool:
    """Set Django up with the office's settings; False, with words, where it is not installed."""
    try:
        import django
    except ModuleNotFoundError:
        print(
            "This command needs an installation: pip install 'tuidang[registry]'", file=sys.stderr
        )
        return False
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuidang.settings.office")
    django.setup()
    return True


if __name__ == "__main__":
    sys.exit(main())
