# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of the host: files of 32 random bytes in the data folder's `keys/`, mode 600.

They lie outside the database and outside its backups. Each is made once, at first use, by
whichever process comes first, and never changed.
"""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def read_key(folder: Path, name: str) -> bytes:
    """Return the 32 bytes of `folder/name.key`, making them if there is no such file.

    Two processes that start together agree: the file is linked into place, and a loser of
    the race reads the winner's. Raises ValueError if the file is not 32 bytes long.
    """
    path = folder / f"{name}.key"
    if not path.exists():
        _make_key(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(f"the key file {name}.key is damaged: it must be {KEY_BYTES} bytes long")
    return key


def _make_key(path: Path) -> None:
    for folder in (path.parent.parent, path.parent):  # mkdir gives its mode to the last alone
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, secrets.token_bytes(KEY_BYTES))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key is the key
    finally:
        draft.unlink()
