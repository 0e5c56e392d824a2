# SPDX-License-Identifier: AGPL-3.0-or-later
"""The trust bundle: what a stranger needs to know to check us offline.

`trust.note` is one line of JSON signed by the log key, `trust.json` the bare line. It is the
same for everybody, and its sequence never goes back. It must never say who asked for it.

Source: `certificates.md` section 3.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.notes import NoteError, open_note, sign_note, split_note
from tuidang.registry.transparency.durable import make_folder, replace_file
from tuidang.registry.transparency.errors import KeyFilesUnusable
from tuidang.registry.transparency.keys import LogKeys
from tuidang.registry.transparency.models import Batch

NOTE, BARE = "trust.note", "trust.json"
VERSION = 1


def write_trust(folder: Path, keys: LogKeys, *, now: datetime) -> None:
    """Write both files anew, with every batch and the next sequence number.

    Raises KeyFilesUnusable if the present note is not signed by this log's key.
    """
    sequence = _last_sequence(folder, keys) + 1
    bundle = {
        "version": VERSION,
        "sequence": sequence,
        "issued": now.astimezone(UTC).date().isoformat(),
        "origin": keys.log.name,
        "log_vkey": keys.log.vkey,
        "clock_vkey": keys.clock.cosignature_vkey,
        "witnesses": [],
        "policy": f"log {keys.log.vkey}\nquorum none\n",
        "issuers": [],
        "pades_certificates": [],
        "batches": [_batch(each) for each in Batch.objects.published().order_by("number")],
        "status_lists": [],
        "verify_host": "",
        "channels": [],
    }
    line = json.dumps(bundle, separators=(",", ":")) + "\n"
    make_folder(folder)
    _replace(folder, NOTE, sign_note(line, [keys.log]))
    _replace(folder, BARE, line.encode())


def covers(folder: Path, keys: LogKeys, last: Batch | None) -> bool:
    """Say whether the bundle is there and ends with this batch."""
    bundle = _read(folder, keys)
    numbers = [each["number"] for each in bundle["batches"]] if bundle else []
    whole = bundle is not None and (folder / BARE).exists()
    return whole and numbers[-1:] == ([last.number] if last else [])


def _batch(batch: Batch) -> dict[str, Any]:
    _, lines = split_note(batch.checkpoint.encode())
    return {
        "number": batch.number,
        "size": batch.size,
        "root": to_base64(bytes(batch.root)),
        "date": batch.last_day.isoformat(),
        "witnessed": False,  # the log's own clock is no outside witness
        "cosignatures": [line.text for line in lines if line.name != _origin(batch)],
    }


def _origin(batch: Batch) -> str:
    return batch.checkpoint.partition("\n")[0]


def _last_sequence(folder: Path, keys: LogKeys) -> int:
    """A lost bundle must not make the sequence fall: it is never below the number of batches."""
    bundle = _read(folder, keys)
    return max(bundle["sequence"] if bundle else 0, Batch.objects.published().count())


def _read(folder: Path, keys: LogKeys) -> dict[str, Any] | None:
    path = folder / NOTE
    if not path.exists():
        return None
    try:
        opened = open_note(path.read_bytes(), [keys.log.verifier])
    except NoteError as error:
        raise KeyFilesUnusable(path=NOTE) from error
    bundle: dict[str, Any] = json.loads(opened.text)
    return bundle


def _replace(folder: Path, name: str, data: bytes) -> None:
    replace_file(folder / name, data, draft=folder / f".{name}.draft")
