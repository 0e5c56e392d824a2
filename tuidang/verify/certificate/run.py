# SPDX-License-Identifier: Apache-2.0
"""What `tuidang-verify` does with its files: reads the bundle, judges, prints.

It opens no connection, and remembers nothing but the bundle, where it is asked to.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tuidang.pure.credential.face import Script
from tuidang.verify.certificate.check import MAX_FILE_SIZE, check_bytes
from tuidang.verify.certificate.said import as_json, details, headline
from tuidang.verify.certificate.seen_bundle import hold_against_seen
from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.certificate.verdict import VALID, Verdict
from tuidang.verify.errors import TrustError
from tuidang.verify.trust import parse_trust

OK, NOT_VALID, UNUSABLE, AS_OF = 0, 1, 2, 3
_CONFIG = Path(".config") / "tuidang" / "trust.note"
_NO_BUNDLE = (
    "no trust bundle: give one with --bundle FILE, or keep it as ~/.config/tuidang/trust.note."
    " Each registry publishes its own as /.well-known/tuidang/trust.note; get it from a source of"
    " your own (your agency, counsel), not from the person whose certificate you check."
)


def run(args: argparse.Namespace) -> int:
    """Judge the files and return the exit status."""
    _say_anything()
    try:
        bundle = _bundle(args)
    except (TrustError, OSError, RuntimeError) as error:  # the last: there is no home
        print(f"tuidang-verify: {error}", file=sys.stderr)
        return UNUSABLE
    today = datetime.now(UTC).date()
    verdicts: list[tuple[str, Verdict]] = []
    unread = False
    for name in args.file:
        try:
            data = _read(name)
        except OSError as error:
            print(f"tuidang-verify: {visible(name)}: {error.strerror}", file=sys.stderr)
            unread = True
            continue
        verdicts.append((name, check_bytes(data, bundle, today=today)))
    try:
        _print(verdicts, bundle, args)
        sys.stdout.flush()
    except BrokenPipeError:  # `| head -1` has read enough; the status is the verdict all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return UNUSABLE if unread else exit_status([verdict for _, verdict in verdicts])


def exit_status(verdicts: Sequence[Verdict]) -> int:
    """Return the status for all files together: the worst counts."""
    if any(each.outcome != VALID for each in verdicts):
        return NOT_VALID
    return OK if all(each.fresh for each in verdicts) else AS_OF


def _bundle(args: argparse.Namespace) -> Bundle:
    path = Path(args.bundle) if args.bundle else _found()
    data = path.read_bytes()
    vkey = parse_trust(Path(args.vkey).read_bytes()).log.vkey if args.vkey else None
    bundle = read_bundle(data, vkey=vkey)
    if args.seen:
        hold_against_seen(data, bundle, Path(args.seen))
    return bundle


def _found() -> Path:
    """Return the bundle that the user keeps, or that of the installation the user names.

    Never one in the folder where the command happens to run: certificates are unpacked there, and
    who forges one forges a bundle beside it.
    """
    places = [Path.home() / _CONFIG]
    if data := os.environ.get("TUIDANG_DATA"):
        places.insert(0, Path(data) / "trust" / "trust.note")
    for path in places:
        if path.is_file():
            return path
    raise TrustError(_NO_BUNDLE)


def _say_anything() -> None:
    """Let no character end the command before its verdict: not all terminals know all."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def visible(name: str) -> str:
    """Return the name of a file on one line, as nothing but characters that are seen.

    Whoever sends a file chooses its name, which could otherwise write a verdict of its own.
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def _read(name: str) -> bytes:
    with Path(name).open("rb") as file:
        return file.read(MAX_FILE_SIZE + 1)


def _print(verdicts: list[tuple[str, Verdict]], bundle: Bundle, args: argparse.Namespace) -> None:
    if args.json:
        rows = [as_json(verdict) | {"file": name} for name, verdict in verdicts]
        print(json.dumps(rows, indent=2))
        return
    script: Script = "Hant" if args.traditional else "Hans"
    for name, verdict in verdicts:
        print(f"{visible(name)}: {headline(verdict, script)}")
        for line in details(verdict, bundle, script):
            print(f"    {line}".rstrip())
