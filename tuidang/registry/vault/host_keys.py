# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of the host: files in the keys folder, outside the database and its backups.

A file holds 32 random bytes and is made once, at first use (mode 600). Whoever has the
database alone can neither find a declaration by its receipt code ("lookup") nor start to
guess a passphrase ("office"). Each month of a ring has a key too, which is destroyed with it.
This room must never put a key of the host into a row.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from django.conf import settings

KEY_BYTES = 32


def host_key(name: str) -> bytes:
    """Return the 32 bytes of the host's key `name`, made if there is none.

    Raises ValueError if its file is damaged.
    """
    return read_key(Path(settings.KEYS_FOLDER), name)


def host_subkey(name: str, purpose: str) -> bytes:
    """Return 32 bytes from the host's key `name` that serve one purpose only (RFC 5869, expand)."""
    return HKDFExpand(SHA256(), KEY_BYTES, purpose.encode()).derive(host_key(name))


def has_host_key(name: str) -> bool:
    """Say whether the host has a key `name`, without making one."""
    return _path(Path(settings.KEYS_FOLDER), name).exists()


def destroy_host_key(name: str) -> None:
    """Overwrite and unlink a key file. Whatever it locked is gone, in backups of the rows too."""
    path = _path(Path(settings.KEYS_FOLDER), name)
    if path.exists():
        with path.open("r+b") as stream:
            stream.write(secrets.token_bytes(KEY_BYTES))
            os.fsync(stream.fileno())
        path.unlink()
        _sync(path.parent)
    read_key.cache_clear()


@lru_cache(maxsize=64)
def read_key(folder: Path, name: str) -> bytes:
    """Return the key `name` of a keys folder, made if there is none; ValueError if damaged.

    For the settings, which name the folder and are not there yet.
    """
    path = _path(folder, name)
    if not path.exists():
        write_new(path, secrets.token_bytes(KEY_BYTES))
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key file {path.name} is damaged: it must be {KEY_BYTES} bytes long")
    return key


def write_new(path: Path, content: bytes) -> bool:
    """Write a file that only we may read; say False, and leave it, if there is one already.

    Two processes that start together agree: the loser of the race reads the winner's file.
    """
    for folder in (path.parent.parent, path.parent):  # mkdir gives its mode to the last alone
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)
        _sync(path.parent)  # or a power cut could take the name away from what it locked
    except FileExistsError:
        return False
    else:
        return True
    finally:
        draft.unlink()


def _path(folder: Path, name: str) -> Path:
    return folder / f"{name}.key"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
