# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bringing database and public folder together again after a crash, or refusing with words.

The database is the place of decision: a batch that is committed there will be published, one
that is not never was. Recovery must never sign, never delete a public file, and never take a
smaller log for a newer one.
"""

from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.registry.transparency.errors import (
    LogAhead,
    LogBehind,
    LogContradicted,
    LogDamaged,
)
from tuidang.registry.transparency.files import check_batch
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.storage import LogStore


def recover(store: LogStore, public: Checkpoint | None) -> Batch | None:
    """Finish a publication that was interrupted after its commit, and return its batch.

    Raises LogAhead, LogBehind or LogContradicted where nothing may be published.
    """
    last = Batch.objects.last_batch()
    published = public.size if public else 0
    known = last.size if last else 0
    if published > known:
        raise LogAhead(published=published, known=known)
    if last is None or published == known:
        _check_same(public, last)
        store.discard_staged()
        return None
    _check_before(public, last)
    make_public(store, last)
    return last


def make_public(store: LogStore, batch: Batch) -> None:
    """Release the staged files of a committed batch, then its checkpoint."""
    store.release()
    root = check_batch(store.read, store.read, batch.first_index, batch.size)
    if root != bytes(batch.root):
        raise LogDamaged(path=f"at {batch.size} entries")
    store.replace_checkpoint(batch.checkpoint.encode())
    store.discard_staged()


def _check_same(public: Checkpoint | None, last: Batch | None) -> None:
    if public and last and public.root != bytes(last.root):
        raise LogContradicted(published=public.size)


def _check_before(public: Checkpoint | None, last: Batch) -> None:
    """Hold that exactly the last batch is missing, and what is public is the log before it."""
    published = public.size if public else 0
    if published != last.first_index:
        raise LogBehind(published=published, known=last.size)
    before = Batch.objects.filter(size=published).first()
    expected = bytes(before.root) if before else EMPTY_ROOT
    if public and public.root != expected:
        raise LogContradicted(published=published)
