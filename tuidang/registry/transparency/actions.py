# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verbs of the log: receive, ask for a leaf or a link, take one back, publish.

Publishing goes by `transparency-log.md` section 11, in the steps that `publication` tells.
Before a checkpoint is signed a failure loses nothing and leaves nothing; after it the next call
finishes what was begun.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import IntegrityError, transaction

from tuidang.pure.ledger.batches import Previous
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.audit.models import AuditHead
from tuidang.registry.transparency import adopting, checkpoint, keys, policies, trust
from tuidang.registry.transparency.errors import LeafPublished, PlanOvertaken
from tuidang.registry.transparency.files import read_previous
from tuidang.registry.transparency.links import link, retract_link
from tuidang.registry.transparency.models import Batch, Leaf, Received
from tuidang.registry.transparency.plan import Plan, next_plan
from tuidang.registry.transparency.publication import OpenLog, begin, finish
from tuidang.registry.transparency.quorum import installed_policy
from tuidang.registry.transparency.recovery import recover
from tuidang.registry.transparency.storage import LogStore
from tuidang.registry.transparency.stores import open_lock, open_store

__all__ = [
    "PlanMaker",
    "adopt",
    "ask_leaf",
    "ask_leaves",
    "finish_begun",
    "install",
    "link",
    "open_lock",
    "open_store",
    "prepare",
    "publish",
    "receive",
    "retract_leaf",
    "retract_leaves",
    "retract_link",
]

CHUNK = 2000
ATTEMPTS = 3
Wanted = tuple[bytes, int, int]


class PlanMaker(Protocol):
    """Says what the batch after `previous` holds; reads, and writes nothing."""

    def __call__(
        self, previous: Previous | None, *, audit_head: bytes, now: datetime, at_once: bool
    ) -> Plan:
        """Return the plan; `audit_head` is for its N entry."""


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
    try:
        with transaction.atomic():
            return Leaf.objects.bulk_create(leaves, batch_size=CHUNK)
    except IntegrityError:
        return adopting.known_leaves(wanted, leaves)


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
        _follow(_open_log(open_store()), now=now)


def prepare(*, now: datetime, at_once: bool = False, store: LogStore | None = None) -> bool:
    """Finish or undo what was interrupted, and say whether a batch is due.

    Raises a TransparencyError where signing would be wrong, QuorumMissed where the last batch
    still waits for its cosigners: so a caller who has work to do before publishing learns it
    before that work.
    """
    files = store or open_store()
    with files.alone():
        recover(_open_log(files), by=REGISTRY)
        return _is_due(now=now, at_once=at_once)


def finish_begun(*, now: datetime, by: Doer = REGISTRY, store: LogStore | None = None) -> None:
    """Finish or undo a publication that was interrupted, and begin none.

    Raises a TransparencyError where it cannot be finished, QuorumMissed where cosigners are
    missing.
    """
    files = store or open_store()
    with files.alone():
        log = _open_log(files)
        recover(log, by=by)
        _follow(log, now=now)


def publish(
    *,
    now: datetime,
    at_once: bool = False,
    by: Doer = REGISTRY,
    store: LogStore | None = None,
    plan: PlanMaker = next_plan,
) -> Batch | None:
    """Publish the day's batch and return it, or None if none is due.

    `at_once` waits for neither the hour, nor the next day, nor the ten minutes of undo; the
    minima hold all the same. A batch whose publication was interrupted is finished first, and
    returned if no other is due. `plan` says what goes into the batch. Raises a TransparencyError
    where signing would be wrong, QuorumMissed where cosigners are missing.
    """
    files = store or open_store()
    with files.alone():
        log = _open_log(files)
        batch = recover(log, by=by)
        last = Batch.objects.last_batch()
        if _is_due(now=now, at_once=at_once):
            batch, signed = _begin_next(log, last, plan, now=now, at_once=at_once, by=by)
            finish(log, batch, signed)
        _follow(log, now=now)
    return batch


def _is_due(*, now: datetime, at_once: bool) -> bool:
    """Earlier records have batches of their own, which keep no day from having its batch."""
    last = Batch.objects.filter(legacy=None).last_batch()
    return policies.can_publish(last, now=now, hour=settings.PUBLISH_HOUR, at_once=at_once)


def adopt(
    *,
    now: datetime,
    by: Doer = REGISTRY,
    lock_lost: bool = False,
    store: LogStore | None = None,
) -> list[Batch]:
    """Take over from the log's files what a restored database lacks; return the batches.

    With `lock_lost` the lock store begins again at the public checkpoint: right only if nothing
    newer was ever signed. Raises AuditFailed where the files do not hold, and TransparencyErrors.
    """
    files = store or open_store()
    with files.alone():
        if lock_lost:
            adopting.begin_lock_again(files, open_lock(), _ready_keys(files, open_lock().read()))
        log = _open_log(files)
        adopted = adopting.adopt_missing(log, now=now, by=by)
        _follow(log, now=now)
    return adopted


def _begin_next(
    log: OpenLog,
    last: Batch | None,
    make_plan: PlanMaker,
    *,
    now: datetime,
    at_once: bool,
    by: Doer,
) -> tuple[Batch, str]:
    """Sign the next batch; plan anew if a leaf was taken back between planning and preparing."""
    installed_policy(log.keys)  # one that cannot be followed must be found before a batch is begun
    if last:  # by the lock store: a table can be edited, and restored
        checkpoint.check_time(log.keys, log.signed or last.checkpoint, now=now)
    for attempt in range(ATTEMPTS):
        size, root = (last.size, bytes(last.root)) if last else (0, b"")
        previous = read_previous(log.store, size, root)
        head = _close_audit(last.number + 1 if last else 0)
        plan = make_plan(previous, audit_head=head, now=now, at_once=at_once)
        try:
            return begin(log, plan, now=now, by=by)
        except PlanOvertaken:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # pragma: no cover -- the loop returns or raises


@transaction.atomic
def _close_audit(number: int) -> bytes:
    """Close the audit for a batch; a head that was made for it but never signed is forgotten."""
    AuditHead.objects.filter(number=number).delete()
    return audit.close_head(number)


def _follow(log: OpenLog, *, now: datetime) -> None:
    """Do what follows from a publication, and may be done again after a crash."""
    last = Batch.objects.published().last_batch()
    if not trust.covers(_trust_folder(), log.keys, last):
        trust.write_trust(_trust_folder(), log.keys, now=now)


def _open_log(store: LogStore) -> OpenLog:
    lock = open_lock()
    signed = lock.read()
    return OpenLog(store, lock, _ready_keys(store, signed), signed)


def _ready_keys(store: LogStore, signed: str | None) -> keys.LogKeys:
    """Return the log's keys, made now if no log has ever begun here."""
    begun = signed is not None or Batch.objects.exists()
    if not begun and checkpoint.read_public(store) is None:
        keys.make_keys(_keys_folder(), settings.ORIGIN)
    return keys.read_keys(_keys_folder(), settings.ORIGIN)


def _keys_folder() -> Path:
    return Path(settings.KEYS_FOLDER)


def _trust_folder() -> Path:
    return Path(settings.TRUST_FOLDER)
