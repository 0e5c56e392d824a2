# SPDX-License-Identifier: AGPL-3.0-or-later
"""The signed checkpoint: made for a batch, and read back from the public folder.

Whoever calls `sign` must have read the root from the disk and must commit the result before
anybody sees it: two signatures over different histories end a log.
"""

from datetime import UTC, datetime

from tuidang.pure.merkle.checkpoints import Checkpoint, CheckpointError, cosign, parse_checkpoint
from tuidang.pure.merkle.notes import NoteError, assemble_note, open_note
from tuidang.registry.transparency.errors import (
    CheckpointUnreadable,
    ClockBehind,
    FileMissing,
)
from tuidang.registry.transparency.keys import LogKeys
from tuidang.registry.transparency.storage import CHECKPOINT, LogStore


def sign(keys: LogKeys, size: int, root: bytes, *, now: datetime) -> str:
    """Return the checkpoint with the log's line and its clock's, as the file will hold it."""
    text = Checkpoint(keys.log.name, size, root).text
    lines = [keys.log.sign_text(text), cosign(text, keys.clock, int(now.timestamp()))]
    return assemble_note(text, lines).decode()


def check_time(keys: LogKeys, last: str, *, now: datetime) -> None:
    """Raise ClockBehind unless `now` is at or after the clock's line on the last checkpoint.

    A cosigner's times never go back, and neither do the days of batches.
    """
    (line,) = open_note(last.encode(), [keys.clock.cosignature_verifier]).verified
    sealed = datetime.fromtimestamp(line.time or 0, UTC)
    if now < sealed:
        raise ClockBehind(now=now.isoformat(), sealed=sealed.isoformat())


def read_public(store: LogStore) -> str | None:
    """Return the text of the public checkpoint, none before the log begins."""
    try:
        return store.read(CHECKPOINT).decode()
    except FileMissing:
        return None
    except UnicodeDecodeError as error:
        raise CheckpointUnreadable from error


def open_own(text: str, keys: LogKeys) -> Checkpoint:
    """Return a checkpoint that this log's own key has signed; CheckpointUnreadable otherwise."""
    try:
        opened = open_note(text.encode(), [keys.log.verifier])
        checkpoint = parse_checkpoint(opened.text)
    except (NoteError, CheckpointError) as error:
        raise CheckpointUnreadable from error
    if checkpoint.origin != keys.log.name:
        raise CheckpointUnreadable
    return checkpoint
