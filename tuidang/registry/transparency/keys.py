# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log's two keys, as files outside the database: one signs checkpoints, one tells the time.

They are made once, before the log begins, as Go `PRIVATE+KEY` text with mode 600. A key must
never be made anew for a log that has begun: checkpoints by another key are another log.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from tuidang.pure.merkle.notes import NoteError, Signer
from tuidang.registry.transparency.errors import KeyFilesUnusable

LOG_KEY, CLOCK_KEY = "log.key", "clock.key"


@dataclass(frozen=True, slots=True)
class LogKeys:
    """The signer of checkpoints and the clock that cosigns them."""

    log: Signer
    clock: Signer


def make_keys(folder: Path, origin: str) -> None:
    """Make the key files that are not there; two processes that start together agree."""
    for name, signer_name in _names(origin):
        if not (folder / name).exists():
            _make_key(folder / name, signer_name)


def read_keys(folder: Path, origin: str) -> LogKeys:
    """Return both keys; raises KeyFilesUnusable unless they are there and belong to `origin`."""
    log, clock = (_read_key(folder / name, signer) for name, signer in _names(origin))
    return LogKeys(log, clock)


def _names(origin: str) -> list[tuple[str, str]]:
    return [(LOG_KEY, origin), (CLOCK_KEY, f"{origin}/clock")]


def _read_key(path: Path, name: str) -> Signer:
    try:
        signer = Signer.parse(path.read_text("ascii").rstrip("\n"))
    except (FileNotFoundError, UnicodeDecodeError, NoteError) as error:
        raise KeyFilesUnusable(path=path.name) from error
    if signer.name != name:
        raise KeyFilesUnusable(path=path.name)
    return signer


def _make_key(path: Path, name: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(Signer(name, secrets.token_bytes(32)).private_text + "\n")
        file.flush()
        os.fsync(descriptor)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        draft.unlink()
