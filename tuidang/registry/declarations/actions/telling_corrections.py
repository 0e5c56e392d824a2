# SPDX-License-Identifier: AGPL-3.0-or-later
"""Telling declarants that the log takes a person out of the count: the proof of the correction.

What opens a correction was sealed to them as it was decided; here only what is public goes
into the mailbox.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db import transaction

from tuidang.pure.merkle.tlog_proof import TlogProof, encode
from tuidang.registry.declarations.models import Declaration, Recall
from tuidang.registry.transparency.corrections import entry_of
from tuidang.registry.transparency.models import Batch, Correction
from tuidang.registry.transparency.proofs import BatchProofs
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail

CHUNK = 200
ProofsOf = Callable[[Batch], BatchProofs]


def tell_corrected(proofs_of: ProofsOf, *, day: date) -> int:
    """Post the proofs of published corrections that nobody was told; return how many pieces.

    `proofs_of` gives the proofs of a batch, which it reads once.
    """
    untold = Recall.objects.filter(told=False, correction__batch__state=Batch.State.PUBLISHED)
    ids = list(untold.order_by("person__declaration").values_list("pk", flat=True))
    chunks = (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
    return sum(_tell(chunk, proofs_of, day) for chunk in chunks)


def tlog_proof(proofs: BatchProofs, index: int) -> str:
    """Write an entry's c2sp.org/tlog-proof@v1 under the checkpoint of the batch."""
    path = tuple(proofs.entry(index).path)
    return encode(TlogProof(index, path, proofs.batch.checkpoint.encode())).decode()


@transaction.atomic
def _tell(ids: Sequence[UUID], proofs_of: ProofsOf, day: date) -> int:
    """Write `{"batch", "persons": [{"class", "corrects", "number", "orgs", "proof", "reason"}]}`,
    a piece for each declaration and batch."""
    posted = 0
    for row, batch, found in _pieces(ids):
        if not row.is_erased:
            proofs = proofs_of(batch)
            persons = [_told(number, correction, proofs) for number, correction in found]
            content = {"batch": batch.number, "persons": persons}
            text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
            post(bytes(row.lookup), row.mailbox_recipient, Mail.Kind.CORRECTED, text, day=day)
            posted += 1
    Recall.objects.filter(pk__in=ids).update(told=True)
    return posted


Found = tuple[Declaration, Batch, list[tuple[int, Correction]]]


def _pieces(ids: Sequence[UUID]) -> Iterator[Found]:
    with_rows = ("person__declaration", "correction__leaf", "correction__batch")
    recalls = Recall.objects.filter(pk__in=ids).select_related(*with_rows)
    ordered = recalls.order_by("person__declaration", "correction__batch__number", "person__number")
    for _, group in groupby(ordered, key=_piece):
        same = list(group)
        corrections = [(each.person.number, each.correction) for each in same]
        known = [(number, each) for number, each in corrections if each is not None]
        batch = known[0][1].batch
        assert batch is not None  # noqa: S101 -- only published ones are asked for
        yield same[0].person.declaration, batch, known


def _piece(recall: Recall) -> tuple[object, object]:
    batch = recall.correction.batch_id if recall.correction else None
    return recall.person.declaration_id, batch


def _told(number: int, correction: Correction, proofs: BatchProofs) -> dict[str, object]:
    entry = entry_of(correction)
    assert correction.index is not None  # noqa: S101 -- it is published
    return {
        "number": number,
        "orgs": entry.orgs,
        "class": entry.class_,
        "reason": entry.reason,
        "corrects": entry.corrects,
        "proof": tlog_proof(proofs, correction.index),
    }
