# SPDX-License-Identifier: AGPL-3.0-or-later
"""Day keys: 32 bytes for each UTC day, in memory that all workers share (intake spec, section 2).

A receipt code is derived from the key of its day, so for 48 hours a double click gives the
same code although no code is stored. After that the key is destroyed, and with it the way
from a body to its code. A key must never reach a disk: the folder lies on a tmpfs.
"""

import os
import re
import secrets
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from tuidang.registry.declarations.errors import DayKeyLost

KEY_BYTES = 32
# The same form gives the same code for 48 hours, also one that came in just before midnight.
KEPT_FOR = timedelta(days=2)
# What this process has read; a key leaves here when a later day begins.
_known: dict[tuple[Path, date], bytes] = {}
_NAME = re.compile(r"day-([0-9]{4}-[0-9]{2}-[0-9]{2})\.key")


def key_of(day: date) -> bytes:
    """Return the 32-byte key of `day`, made now if this is its first use.

    Making a new one destroys those that have had their time. Raises DayKeyLost.
    """
    key = _known.get((settings.MEMORY_FOLDER, day))
    return key if key is not None else _read(settings.MEMORY_FOLDER, day)


def kept(day: date) -> bytes | None:
    """Return the key of a day if it is still here; None once it was destroyed or lost."""
    return key_of(day) if _path(settings.MEMORY_FOLDER, day).exists() else None


def destroy_old(day: date) -> None:
    """Overwrite and unlink the keys of all days that `day` no longer needs."""
    oldest = day - KEPT_FOR
    _forget_before(oldest)
    for path in settings.MEMORY_FOLDER.glob("day-*.key"):
        named = _NAME.fullmatch(path.name)
        if named and date.fromisoformat(named[1]) < oldest:
            _destroy(path)


def _read(folder: Path, day: date) -> bytes:
    path = _path(folder, day)
    if not path.exists():
        _make(path)
        destroy_old(day)
    try:
        key = path.read_bytes()
    except OSError as error:
        raise DayKeyLost from error
    if len(key) != KEY_BYTES:
        raise DayKeyLost
    _forget_before(day - KEPT_FOR)
    _known[folder, day] = key
    return key


def _forget_before(oldest: date) -> None:
    for kept in [each for each in _known if each[1] < oldest]:
        _known.pop(kept, None)  # another thread may be doing the same


def _path(folder: Path, day: date) -> Path:
    return folder / f"day-{day.isoformat()}.key"


def _make(path: Path) -> None:
    """Write a key beside its place and link it there, so that of two makers one wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        _overwrite(draft)  # another worker was first; its key is the key
    finally:
        draft.unlink()


def _destroy(path: Path) -> None:
    try:
        _overwrite(path)
        path.unlink()
    except FileNotFoundError:
        pass  # another worker was first


def _overwrite(path: Path) -> None:
    """Put zeros over a key in place, since unlinking alone leaves its bytes in memory."""
    with path.open("r+b") as stream:
        stream.write(bytes(KEY_BYTES))
