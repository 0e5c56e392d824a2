# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of the log: receive, ask for a leaf, take one back, publish.

Publishing goes by `transparency-log.md` section 11: files durable outside the public folder,
read again and hashed, signed, committed in the database, linked into the public folder, and
the checkpoint last. Before the commit a failure loses nothing and leaves nothing; after it
the next call finishes what was begun.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tuidang.pure.ledger.entries import day_date
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.audit.models import AuditHead
from tuidang.registry.transparency import checkpoint, keys, policies, trust
from tuidang.registry.transparency.errors import LeafPublished, PlanOvertaken
from tuidang.registry.transparency.files import check_batch, read_previous, stage_batch
from tuidang.registry.transparency.marking import mark_leaves, mark_received
from tuidang.registry.transparency.models import Batch, Leaf, Received
from tuidang.registry.transparency.plan import Plan, next_plan
from tuidang.registry.transparency.recovery import make_public, recover
from tuidang.registry.transparency.storage import LogStore, PosixStore

CHUNK = 2000
ATTEMPTS = 3
Wanted = tuple[bytes, int, int]


@transaction.atomic
def receive(commitments: Iterable[bytes], *, day: date) -> None:
    """Keep commitments (32 bytes each) for the next R; `day` is when they came in.

    Raises IntegrityError if one was received before: it would be somebody's second proof.
    """
    rows = [Received(commitment=each, day=day) for each in commitments]
    Received.objects.bulk_create(rows, batch_size=CHUNK)


@transaction.atomic
def ask_leaf(
    commitment: bytes, orgs: int, klass: int, *, day: date, hold_until: datetime | None = None
) -> Leaf:
    """Ask that one person be counted: a leaf whose index is still empty.

    It waits at least until `hold_until`, so that the decision can be undone.
    """
    return ask_leaves([(commitment, orgs, klass)], day=day, hold_until=hold_until)[0]


@transaction.atomic
def ask_leaves(
    wanted: Sequence[Wanted], *, day: date, hold_until: datetime | None = None
) -> list[Leaf]:
    """Ask for many leaves at once, each (commitment, orgs, class); same order as given."""
    leaves = [
        Leaf(commitment=c, orgs=orgs, klass=klass, day=day, hold_until=hold_until)
        for c, orgs, klass in wanted
    ]
    return Leaf.objects.bulk_create(leaves, batch_size=CHUNK)


@transaction.atomic
def retract_leaf(leaf: Leaf) -> None:
    """Delete a leaf that the log does not hold; raises LeafPublished if it does."""
    retract_leaves([leaf])


@transaction.atomic
def retract_leaves(leaves: Sequence[Leaf]) -> None:
    """Delete many leaves, or none and raise LeafPublished if the log holds one of them."""
    for leaf in leaves:
        policies.check_can_retract(leaf)
    wanted = Leaf.objects.filter(pk__in=[leaf.pk for leaf in leaves])
    deleted, _ = wanted.filter(index__isnull=True).delete()
    if deleted != len(leaves):  # published since the caller read it
        raise LeafPublished


def install(*, now: datetime) -> None:
    """Make the log's keys and its first trust bundle, where there is no log yet."""
    with open_store().alone():
        found = _ready_keys(open_store())
        last = Batch.objects.last_batch()
        if not trust.covers(_trust_folder(), found, last):
            trust.write_trust(_trust_folder(), found, now=now)


def prepare(*, now: datetime, at_once: bool = False, store: LogStore | None = None) -> bool:
    """Finish what was interrupted, and say whether a batch is due.

    Raises a TransparencyError where signing would be wrong: so a caller who has work to do
    before publishing learns it before that work.
    """
    log = store or open_store()
    with log.alone():
        recover(log, checkpoint.read_public(log, _ready_keys(log)))
        return _is_due(Batch.objects.last_batch(), now=now, at_once=at_once)


def publish(
    *,
    now: datetime,
    at_once: bool = False,
    by: Doer = REGISTRY,
    store: LogStore | None = None,
) -> Batch | None:
    """Publish the day's batch and return it, or None if none is due.

    `at_once` waits for neither the hour, nor the next day, nor the ten minutes of undo; the
    minima hold all the same. A batch whose publication was interrupted is finished first, and
    returned if no other is due. Raises a TransparencyError where signing would be wrong.
    """
    log = store or open_store()
    with log.alone():
        found = _ready_keys(log)
        batch = recover(log, checkpoint.read_public(log, found))
        last = Batch.objects.last_batch()
        if _is_due(last, now=now, at_once=at_once):
            batch = _publish_next(log, found, last, now=now, at_once=at_once, by=by)
            make_public(log, batch)
            last = batch
        if not trust.covers(_trust_folder(), found, last):
            trust.write_trust(_trust_folder(), found, now=now)
    return batch


def open_store() -> PosixStore:
    """Return the installation's log folder."""
    return PosixStore(Path(settings.LOG_FOLDER))


def _is_due(last: Batch | None, *, now: datetime, at_once: bool) -> bool:
    return policies.can_publish(last, now=now, hour=settings.PUBLISH_HOUR, at_once=at_once)


def _publish_next(
    log: LogStore,
    found: keys.LogKeys,
    last: Batch | None,
    *,
    now: datetime,
    at_once: bool,
    by: Doer,
) -> Batch:
    """Commit the next batch; plan anew if a leaf was taken back while files were written."""
    if last:
        checkpoint.check_time(found, last.checkpoint, now=now)
    for attempt in range(ATTEMPTS):
        plan = _plan(log, last, now=now, at_once=at_once)
        root = _stage_and_check(log, plan)
        signed = checkpoint.sign(found, plan.size, root, now=now)
        try:
            return _commit(plan, root, signed, by=by)
        except PlanOvertaken:
            log.discard_staged()
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # pragma: no cover -- the loop returns or raises


def _plan(log: LogStore, last: Batch | None, *, now: datetime, at_once: bool) -> Plan:
    size, root = (last.size, bytes(last.root)) if last else (0, b"")
    previous = read_previous(log, size, root)
    head = _close_audit(last.number + 1 if last else 0)
    return next_plan(previous, audit_head=head, now=now, at_once=at_once)


@transaction.atomic
def _close_audit(number: int) -> bytes:
    """Close the audit for a batch; a head that was made for it but never signed is forgotten."""
    AuditHead.objects.filter(number=number).delete()
    return audit.close_head(number)


def _stage_and_check(log: LogStore, plan: Plan) -> bytes:
    """Return the root of the log with this batch, as the disk gives it."""
    stage_batch(log, plan.first_index, [entry.encode() for entry in plan.entries])
    return check_batch(log.read, log.read_staged, plan.first_index, plan.size)


def _commit(plan: Plan, root: bytes, signed: str, *, by: Doer) -> Batch:
    """Decide: from here on this batch is the log's, whatever happens to this process.

    Durable, since files become public right after: a transaction around this one could still
    be rolled back.
    """
    seal = plan.seal
    with transaction.atomic(durable=True):
        batch = Batch.objects.create(
            number=seal.batch,
            first_index=plan.first_index,
            size=plan.size,
            root=root,
            first_day=day_date(seal.first_day),
            last_day=day_date(seal.last_day),
            cells=[[cell.orgs, cell.class_, cell.count] for cell in seal.cells],
            flags=seal.flags,
            received=len(plan.received),
            checkpoint=signed,
        )
        mark_leaves(plan, batch)
        mark_received(plan, batch)
        audit.record(
            "publish", batch.id, by=by, day=batch.last_day, number=seal.batch, size=plan.size
        )
    return batch


def _ready_keys(log: LogStore) -> keys.LogKeys:
    """Return the log's keys, made now if no log has ever begun here."""
    if not Batch.objects.exists() and not checkpoint.has_begun(log):
        keys.make_keys(_keys_folder(), settings.ORIGIN)
    return keys.read_keys(_keys_folder(), settings.ORIGIN)


def _keys_folder() -> Path:
    return Path(settings.KEYS_FOLDER)


def _trust_folder() -> Path:
    return Path(settings.TRUST_FOLDER)
