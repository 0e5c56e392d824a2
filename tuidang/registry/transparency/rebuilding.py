# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making the files of a signed batch again from the rows that it was prepared from.

Needed only where the staging folder was lost between signing and release. The signed root says
whether what was made is right; it must never be signed again.
"""

from collections.abc import Iterator

from tuidang.pure.ledger.batches import order
from tuidang.pure.ledger.entries import AUDIT_HEAD, Counted, Entry, OperatorNote
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.pure.ledger.received import receive
from tuidang.registry.audit.models import AuditHead
from tuidang.registry.transparency.corrections import entry_of
from tuidang.registry.transparency.errors import FileMissing, LogDamaged, StagingLost
from tuidang.registry.transparency.files import lay_out
from tuidang.registry.transparency.models import Batch, Correction, Leaf, Link, Note, Received
from tuidang.registry.transparency.publication import OpenLog, check_staged


def stage_again(log: OpenLog, batch: Batch) -> None:
    """Stage a prepared batch from its rows; StagingLost unless they lead to its root.

    A batch of legacy records cannot be made again: nobody keeps what its leaves were made of.
    """
    entries = [entry.encode() for entry in batch_entries(batch)]
    if batch.first_index + len(entries) != batch.size:
        raise StagingLost(number=batch.number)
    layout = lay_out(log.store.read, batch.first_index, entries)
    if layout.root != bytes(batch.root):
        raise StagingLost(number=batch.number)
    log.store.stage(layout.files)
    try:
        check_staged(log, batch)
    except FileMissing as error:  # pragma: no cover -- it was written a moment ago
        raise LogDamaged(path=str(error.data["path"])) from error


def batch_entries(batch: Batch) -> list[Entry]:
    """Return the entries of a batch as its rows tell them."""
    received = Received.objects.filter(batch=batch).values_list("commitment", flat=True)
    return [*order(_body(batch)), receive(bytes(each) for each in received), batch.seal]


def _body(batch: Batch) -> Iterator[Entry]:
    leaves = Leaf.objects.filter(batch=batch)
    columns = ("published_orgs", "published_klass", "commitment")
    for orgs, klass, commitment in leaves.values_list(*columns):
        yield Counted(orgs, klass, bytes(commitment))
    for correction in Correction.objects.filter(batch=batch).select_related("leaf"):
        yield entry_of(correction)
    for link in Link.objects.filter(batch=batch):
        yield LinkEntry(bytes(link.commitment), bytes(link.nullifier))
    for note in Note.objects.filter(batch=batch):
        yield OperatorNote(note.kind, bytes(note.digest))
    for head in AuditHead.objects.filter(number=batch.number):
        yield OperatorNote(AUDIT_HEAD, bytes(head.head))
