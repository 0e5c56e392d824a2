# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking over from the log's files what a database restored from a backup has lost.

The public files are believed only after the audit, up to the checkpoint in the lock store, so that
the log goes on and nothing is published twice. What was only in the database stays lost: nothing
here can bring back a declaration, a packet, or the rows under a head of the audit chain.

Which R covers a commitment that the restored database still holds can be told only if the R covers
all that is there; otherwise the commitment stands in the next R again, which is no harm.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max

from tuidang.pure.ledger.entries import (
    AUDIT_HEAD,
    CARRIED_OVER,
    Counted,
    Entry,
    OperatorNote,
    Seal,
    day_date,
    decode,
)
from tuidang.pure.ledger.entries import Correction as CorrectionEntry
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.pure.ledger.entries import Received as ReceivedEntry
from tuidang.pure.ledger.received import receive
from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.notes import assemble_note
from tuidang.pure.merkle.tiles import TILE_WIDTH, root_from_tiles
from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.audit.models import AuditHead
from tuidang.registry.transparency import checkpoint, cosigning, trust
from tuidang.registry.transparency.errors import FileMissing, LegacyUnknown, LogAhead, StagingLost
from tuidang.registry.transparency.files import Read, check_batch, entries_of, new_bundles
from tuidang.registry.transparency.keys import LogKeys
from tuidang.registry.transparency.lock import LockStore
from tuidang.registry.transparency.models import (
    Batch,
    Correction,
    Leaf,
    LegacyBatch,
    LegacyFile,
    Link,
    Note,
    Received,
)
from tuidang.registry.transparency.publication import OpenLog, undo
from tuidang.registry.transparency.recovery import recover
from tuidang.registry.transparency.storage import LogStore
from tuidang.registry.transparency.stored_log import source_of
from tuidang.verify.log_audit import audit
from tuidang.verify.trust import Trust

CHUNK = 500  # SQLite was once built for 999 values a statement
Numbered = list[tuple[int, Entry]]  # entries of one batch, each with its index in the log


def adopt_missing(log: OpenLog, *, now: datetime, by: Doer) -> list[Batch]:
    """Take over the batches that the database lacks, and return them; none if it lacks none.

    The caller keeps every other writer out. Raises AuditFailed where the files do not hold,
    StagingLost where a signed batch was never public and its files are gone, LegacyUnknown, and
    what recovery raises.
    """
    try:
        recover(log, by=by)
    except LogAhead:
        return _adopt_missing(log, now=now, by=by)
    return []


def _adopt_missing(log: OpenLog, *, now: datetime, by: Doer) -> list[Batch]:
    for begun in Batch.objects.filter(state=Batch.State.PREPARED):
        undo(log, begun, by=by)
    _make_public(log)
    check_files(log.store, log.keys)
    note = log.store.read("checkpoint").decode()
    public = checkpoint.open_own(note, log.keys)
    last = Batch.objects.last_batch()
    with transaction.atomic(durable=True):
        known = trust.told_cosignatures(Path(settings.TRUST_FOLDER), log.keys)
        entries = _read_from(log.store.read, last.size if last else 0, public.size)
        adopted = [
            _adopt(log, batch, note if batch[-1][0] + 1 == public.size else "", known)
            for batch in _batches(entries)
        ]
        day = now.astimezone(UTC).date()
        record("adopt", None, by=by, day=day, batches=len(adopted), size=public.size)
    return adopted


def check_files(store: LogStore, keys: LogKeys) -> None:
    """Raise AuditFailed unless the public log holds from its first entry to its checkpoint."""
    audit(source_of(store), Trust(keys.log.verifier, (keys.clock.cosignature_verifier,)))


def begin_lock_again(store: LogStore, lock: LockStore, keys: LogKeys) -> None:
    """Put the public checkpoint into a lock store that is empty or older; AuditFailed if it lies.

    Right only if nothing newer was ever signed: the caller must be sure.
    """
    public, present = checkpoint.read_public(store), lock.read()
    if public is None:
        return
    newest = checkpoint.open_own(public, keys).size
    if present is None or checkpoint.open_own(present, keys).size < newest:
        check_files(store, keys)
        lock.swap(present, public)


def known_leaves(wanted: Sequence[tuple[bytes, int, int]], asked: list[Leaf]) -> list[Leaf]:
    """Return a leaf for each wanted (commitment, orgs, class), where some may have been adopted.

    An adopted leaf is public and nobody's yet; it takes the decided cell. Raises IntegrityError
    if a commitment has a leaf that still waits: it would be counted twice.
    """
    adopted = {}
    for start in range(0, len(wanted), CHUNK):
        commitments = [commitment for commitment, _, _ in wanted[start : start + CHUNK]]
        for row in Leaf.objects.filter(commitment__in=commitments, index__isnull=False):
            adopted[bytes(row.commitment)] = row
    for commitment, orgs, klass in wanted:
        if commitment in adopted:
            adopted[commitment].orgs, adopted[commitment].klass = orgs, klass
    Leaf.objects.bulk_update(adopted.values(), ["orgs", "klass"], batch_size=CHUNK // 10)
    new = [leaf for leaf in asked if leaf.commitment not in adopted]
    Leaf.objects.bulk_create(new, batch_size=CHUNK)
    return [adopted.get(bytes(leaf.commitment), leaf) for leaf in asked]


def _make_public(log: OpenLog) -> None:
    """Publish what was signed before the database was lost and is still staged."""
    note, public = log.signed or "", checkpoint.read_public(log.store)
    signed = checkpoint.open_own(note, log.keys)
    before = checkpoint.open_own(public, log.keys).size if public else 0
    if before == signed.size:
        return
    try:
        root = check_batch(log.store.read, log.store.read_staged, before, signed.size)
    except FileMissing as error:
        raise StagingLost(number=f"after {before} entries") from error
    if root != signed.root:
        raise StagingLost(number=f"after {before} entries")
    gathered = cosigning.gather(note, public=public, store=log.store)
    log.store.release()
    log.store.replace_checkpoint(gathered.encode())
    log.store.discard_staged()


def _read_from(read: Read, start: int, end: int) -> Iterator[tuple[int, Entry]]:
    for bundle in new_bundles(start, end):
        first = bundle.n * TILE_WIDTH
        for index, data in enumerate(entries_of(read, bundle), first):
            if index >= start:
                yield index, decode(data)


def _batches(entries: Iterable[tuple[int, Entry]]) -> Iterator[Numbered]:
    batch: Numbered = []
    for index, entry in entries:
        batch.append((index, entry))
        if isinstance(entry, Seal):
            yield batch
            batch = []


def _adopt(log: OpenLog, entries: Numbered, note: str, known: dict[int, list[str]]) -> Batch:
    """Make the row of a batch and mark the rows that it stands for; those that are gone are made.

    A leaf must have a row even if nobody knows whose it is: its declaration may be accepted again.
    """
    index, seal = entries[-1]
    assert isinstance(seal, Seal)  # noqa: S101 -- _batches ends every batch with one
    root = root_from_tiles(lambda tile: log.store.read(tile.path), index + 1)
    received = next(each for _, each in entries if isinstance(each, ReceivedEntry))
    batch = Batch.objects.create(
        number=seal.batch,
        first_index=seal.first_index,
        size=index + 1,
        root=root,
        first_day=day_date(seal.first_day),
        last_day=day_date(seal.last_day),
        cells=[[cell.orgs, cell.class_, cell.count] for cell in seal.cells],
        flags=seal.flags,
        received=received.count,
        checkpoint=note or _note(log, Checkpoint(log.keys.log.name, index + 1, root), known),
        state=Batch.State.PUBLISHED,
    )
    _adopt_leaves(batch, entries)
    _adopt_corrections(batch, entries)
    _adopt_links(batch, entries)
    _adopt_notes(batch, entries)
    _adopt_received(batch, received)
    return batch


def _note(log: OpenLog, found: Checkpoint, known: dict[int, list[str]]) -> str:
    """Write an earlier checkpoint again, with the cosignatures that the trust bundle kept.

    The log's own line comes out as it was: Ed25519 gives the same bytes for the same text.
    """
    lines = [log.keys.log.sign_text(found.text), *known.get(found.size, [])]
    return assemble_note(found.text, lines).decode()


def _adopt_leaves(batch: Batch, entries: Numbered) -> None:
    counted = {e.commitment: (i, e) for i, e in entries if isinstance(e, Counted)}
    carried = [c for c, (_, each) in counted.items() if each.class_ & CARRIED_OVER]
    if carried:
        _adopt_legacy(batch, len(carried))
    for commitment in carried:
        del counted[commitment]
    wanted = list(counted)
    known: dict[bytes, Leaf] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Leaf.objects.filter(commitment__in=wanted[start : start + CHUNK])
        known.update((bytes(row.commitment), row) for row in rows)
    new = []
    for commitment, (index, entry) in counted.items():
        row = known.get(commitment) or Leaf(
            commitment=commitment,
            orgs=entry.orgs if entry.orgs <= 7 else 0,
            klass=entry.class_ if entry.class_ <= 3 else 3,
            day=batch.last_day,
        )
        row.index, row.batch, row.hold_until = index, batch, None
        row.published_orgs, row.published_klass = entry.orgs, entry.class_
        if commitment not in known:
            new.append(row)
    fields = ["index", "batch", "hold_until", "published_orgs", "published_klass"]
    Leaf.objects.bulk_update(known.values(), fields, batch_size=CHUNK // 10)
    Leaf.objects.bulk_create(new, batch_size=CHUNK)


def _adopt_legacy(batch: Batch, persons: int) -> None:
    """Say how far the import of earlier records has come, which one file is at a time."""
    for file in LegacyFile.objects.annotate(done=Max("batches__end")).order_by(
        F("done").desc(nulls_last=True)
    ):
        first = file.done or 0
        if first + persons <= file.persons:
            LegacyBatch.objects.create(batch=batch, file=file, first=first, end=first + persons)
            return
    raise LegacyUnknown(number=batch.number, persons=persons)


def _adopt_corrections(batch: Batch, entries: Numbered) -> None:
    for index, entry in entries:
        if isinstance(entry, CorrectionEntry):
            leaf = Leaf.objects.filter(index=entry.corrects).first()
            if leaf is None:  # a legacy entry, which has no row
                continue
            said = {"index": index, "batch": batch, "reason": entry.reason}
            said |= {"commitment": entry.commitment}
            new = {"day": batch.last_day}
            Correction.objects.update_or_create(said, leaf=leaf, create_defaults=said | new)


def _adopt_links(batch: Batch, entries: Numbered) -> None:
    """A leaf stays linked as the log has it, even if its application is lost or was made again."""
    for index, entry in entries:
        if isinstance(entry, LinkEntry):
            said = {"index": index, "batch": batch, "commitment": entry.commitment}
            new = said | {"day": batch.last_day}
            Link.objects.update_or_create(said, nullifier=entry.nullifier, create_defaults=new)


def _adopt_notes(batch: Batch, entries: Numbered) -> None:
    for index, entry in entries:
        if isinstance(entry, OperatorNote) and entry.kind == AUDIT_HEAD:
            AuditHead.objects.filter(number=batch.number).delete()
            AuditHead.objects.create(number=batch.number, rows=0, head=entry.digest)
        elif isinstance(entry, OperatorNote):
            said = {"index": index, "batch": batch}
            Note.objects.update_or_create(
                said,
                kind=entry.kind,
                digest=entry.digest,
                create_defaults=said | {"day": batch.last_day},
            )


def _adopt_received(batch: Batch, entry: ReceivedEntry) -> None:
    rows = Received.objects.filter(batch=None, day__lte=batch.last_day)
    if receive(bytes(c) for c in rows.values_list("commitment", flat=True)) == entry:
        rows.update(batch=batch)
