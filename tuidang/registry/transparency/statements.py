# SPDX-License-Identifier: AGPL-3.0-or-later
"""Statements of the operator: a text under the log's key, kept as a public file, its hash in
the log.

What is signed here can never be taken back. A text that reads as a checkpoint must never be
signed here: it would be a second history of the log.
"""

import hashlib
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tuidang.pure.merkle.checkpoints import CheckpointError, parse_checkpoint
from tuidang.pure.merkle.notes import sign_note
from tuidang.registry.transparency.durable import make_folder, replace_file
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Note
from tuidang.registry.transparency.notes import note

FOLDER = "statements"


@transaction.atomic
def state(text: str, kind: int, *, day: date) -> tuple[Note, str]:
    """Sign a text and return its N entry to be, and the signed note.

    The file is named by the SHA-256 of its bytes, which is the digest of the entry. A text
    that was signed before gives the same note again. Raises ValueError for a checkpoint,
    KeyFilesUnusable where the log has no keys.
    """
    try:
        parse_checkpoint(text)
    except CheckpointError:
        signed = sign_note(text, [read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN).log])
    else:
        raise ValueError("a checkpoint is no statement")
    row = note(kind, hashlib.sha256(signed).digest(), day=day)
    _write(signed)
    return row, signed.decode()


def _write(signed: bytes) -> None:
    """Write the file durably before the transaction commits: a hash must lead to something."""
    folder = Path(settings.TRUST_FOLDER) / FOLDER
    make_folder(folder)
    name = f"{hashlib.sha256(signed).hexdigest()}.note"
    replace_file(folder / name, signed, draft=folder / f".{name}.draft")
