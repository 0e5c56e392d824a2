# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing lock store, public folder and database together again, or refusing with words.

The lock store decides: a batch whose checkpoint lies there will be published, one that was only
prepared never was. Recovery must never sign, never delete a public file, and never take a smaller
log for a newer one.
"""

from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.registry.audit.doers import Doer
from tuidang.registry.transparency import checkpoint
from tuidang.registry.transparency.errors import (
    FileMissing,
    LockBehind,
    LockMissing,
    LogAhead,
    LogBehind,
    LogContradicted,
    LogDamaged,
)
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.publication import (
    OpenLog,
    check_staged,
    finish,
    mark_published,
    undo,
)
from tuidang.registry.transparency.rebuilding import stage_again

NOTHING = (0, EMPTY_ROOT)  # size and root of a log that has not begun


def recover(log: OpenLog, *, by: Doer) -> Batch | None:
    """Undo a batch that was never signed; finish one that was, and return it.

    Raises QuorumMissed where a signed batch still waits for its cosigners, and LogAhead,
    LogBehind, LogContradicted, LockBehind or LockMissing where nothing may be published.
    """
    note, public_note = log.signed, checkpoint.read_public(log.store)
    signed, public = _opened(log, note), _opened(log, public_note)
    last = Batch.objects.published().last_batch()
    _check_lock(signed, public, last)
    begun = Batch.objects.filter(state=Batch.State.PREPARED).first()
    at = _at(signed)
    if note is not None and begun is not None and at == (begun.size, bytes(begun.root)):
        _go_on(log, begun, note, public_note, last)
        return begun
    if at != _end(last):
        raise _newer_than(last, at)
    _check_public(public, last)
    if begun is not None:
        undo(log, begun, by=by)
    log.store.discard_staged()
    return None


def _go_on(
    log: OpenLog, batch: Batch, signed: str, public_note: str | None, last: Batch | None
) -> None:
    """Publish a batch whose checkpoint is signed, from wherever it was left."""
    public = _opened(log, public_note)
    if public_note is not None and _at(public) == (batch.size, bytes(batch.root)):
        mark_published(log, batch, public_note)
        return
    _check_public(public, last)
    try:
        check_staged(log, batch)
    except (FileMissing, LogDamaged):
        stage_again(log, batch)
    finish(log, batch, signed)


def _opened(log: OpenLog, note: str | None) -> Checkpoint | None:
    return checkpoint.open_own(note, log.keys) if note is not None else None


def _at(found: Checkpoint | None) -> tuple[int, bytes]:
    return (found.size, found.root) if found else NOTHING


def _end(batch: Batch | None) -> tuple[int, bytes]:
    return (batch.size, bytes(batch.root)) if batch else NOTHING


def _check_lock(signed: Checkpoint | None, public: Checkpoint | None, last: Batch | None) -> None:
    """Hold that nothing was published which the lock store does not know."""
    published = max(_at(public)[0], _end(last)[0])
    if signed is None and published:
        raise LockMissing
    if published > _at(signed)[0]:
        raise LockBehind(signed=_at(signed)[0], published=published)
    if public and signed and public.size == signed.size and public.root != signed.root:
        raise LogContradicted(published=public.size)


def _newer_than(last: Batch | None, at: tuple[int, bytes]) -> LogAhead | LogContradicted:
    """Tell a database that is behind from one that says something else."""
    if at[0] == _end(last)[0]:
        return LogContradicted(published=at[0])
    return LogAhead(signed=at[0], known=_end(last)[0])


def _check_public(public: Checkpoint | None, last: Batch | None) -> None:
    """Hold that the public folder ends where the published batches end."""
    if _at(public)[0] != _end(last)[0]:
        raise LogBehind(published=_at(public)[0], known=_end(last)[0])
    if _at(public) != _end(last):
        raise LogContradicted(published=_at(public)[0])
