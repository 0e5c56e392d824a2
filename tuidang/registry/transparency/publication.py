# SPDX-License-Identifier: AGPL-3.0-or-later
"""One batch on its way into the public log, in steps that can each be the last.

    prepare   one transaction: the rows say where the log will have them, nothing is taken back
    stage     all files outside the public folder, one sync, read again from the disk and hashed
    sign      and swap the checkpoint in the lock store: from here on the batch is the log's
    gather    the cosignatures; too few, and the old checkpoint stays public
    release   link the files into the public folder, one sync, then replace the checkpoint
    publish   say so in the row

Before the swap a failure is undone by the next start, after it the next start goes on. Nothing here
may sign twice at one size, or make public what is not in the lock store.

Source: `transparency-log.md` section 11; ADR 0012.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tuidang.pure.ledger.entries import day_date
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import Doer
from tuidang.registry.transparency import checkpoint, cosigning
from tuidang.registry.transparency.errors import DiskShort, LogDamaged
from tuidang.registry.transparency.files import Layout, check_batch, lay_out
from tuidang.registry.transparency.keys import LogKeys
from tuidang.registry.transparency.lock import LockStore
from tuidang.registry.transparency.marking import mark, unmark
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.plan import Plan
from tuidang.registry.transparency.storage import LogStore


@dataclass(frozen=True, slots=True)
class OpenLog:
    """What a publisher works with while it is alone: files, lock store and keys.

    `signed` is what the lock store held when the log was opened.
    """

    store: LogStore
    lock: LockStore
    keys: LogKeys
    signed: str | None


def begin(log: OpenLog, plan: Plan, *, now: datetime, by: Doer) -> tuple[Batch, str]:
    """Prepare, stage, sign and swap; return the batch, which now is the log's, and its checkpoint.

    Raises PlanOvertaken and DiskShort before anything is kept, LogDamaged where the disk gives
    back something else, LockMoved where another has signed.
    """
    layout = lay_out(log.store.read, plan.first_index, [each.encode() for each in plan.entries])
    check_room(log, layout.length)
    batch = _prepare(plan, layout, by=by)
    log.store.stage(layout.files)
    check_staged(log, batch)
    signed = checkpoint.sign(log.keys, plan.size, layout.root, now=now)
    log.lock.swap(log.signed, signed)
    return batch, signed


def check_room(log: OpenLog, length: int) -> None:
    """Raise DiskShort unless twice a batch of this many bytes and the reserve are free."""
    needed = 2 * length + settings.FREE_BYTES
    for place, free in (("the log", log.store.free_bytes()),
                        ("the lock store", log.lock.free_bytes())):  # fmt: skip
        if free < needed:
            raise DiskShort(place=place, free=free, needed=needed)


def check_staged(log: OpenLog, batch: Batch) -> None:
    """Raise LogDamaged or FileMissing unless what the disk gives leads to the batch's root."""
    root = check_batch(log.store.read, log.store.read_staged, batch.first_index, batch.size)
    if root != bytes(batch.root):
        raise LogDamaged(path=f"at {batch.size} entries")


def finish(log: OpenLog, batch: Batch, signed: str) -> None:
    """Make a batch public whose files are staged and whose checkpoint the lock store holds.

    Raises QuorumMissed, and changes nothing that is public, where cosigners are missing.
    """
    Batch.objects.filter(pk=batch.pk).update(checkpoint=signed)
    public = checkpoint.read_public(log.store)
    note = cosigning.gather(signed, public=public, store=log.store)
    log.store.release()
    log.store.replace_checkpoint(note.encode())
    mark_published(log, batch, note)


def mark_published(log: OpenLog, batch: Batch, note: str) -> None:
    """Say in the row that the batch is public under this checkpoint, and forget its staging."""
    batch.checkpoint, batch.state = note, Batch.State.PUBLISHED
    with transaction.atomic(durable=True):
        batch.save(update_fields=["checkpoint", "state"])
    log.store.discard_staged()


def undo(log: OpenLog, batch: Batch, *, by: Doer) -> None:
    """Let everything in a batch wait again that was prepared and never signed."""
    log.store.discard_staged()
    with transaction.atomic(durable=True):
        unmark(batch)
        audit.record("undo_publish", batch.pk, by=by, day=batch.last_day, number=batch.number)
        batch.delete()


def _prepare(plan: Plan, layout: Layout, *, by: Doer) -> Batch:
    """Decide what is in the batch: nothing in it can be taken back from here on.

    Durable, since files are written for it right after: a transaction around this one could
    still be rolled back.
    """
    seal = plan.seal
    with transaction.atomic(durable=True):
        batch = Batch.objects.create(
            number=seal.batch,
            first_index=plan.first_index,
            size=plan.size,
            root=layout.root,
            first_day=day_date(seal.first_day),
            last_day=day_date(seal.last_day),
            cells=[[cell.orgs, cell.class_, cell.count] for cell in seal.cells],
            flags=seal.flags,
            received=len(plan.received),
        )
        mark(plan, batch)
        audit.record(
            "publish", batch.id, by=by, day=batch.last_day, number=seal.batch, size=plan.size
        )
    return batch
