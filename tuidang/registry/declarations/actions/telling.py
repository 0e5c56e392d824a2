# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing commitments to the public log, and telling declarants what the log then proves.

Whatever came in is handed over, accepted or not: someone whom we silently dropped can prove
that we had it. Proofs go into the mailbox, sealed, and nowhere else. Both verbs do what is
due and may be run again after a crash.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db import transaction

from tuidang.pure.merkle.canonical import to_base64
from tuidang.registry.declarations.actions.telling_corrections import (
    tell_corrected,
    tlog_proof,
)
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.transparency import actions as transparency
from tuidang.registry.transparency.models import Batch, Received
from tuidang.registry.transparency.proofs import BatchProofs, r_index
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail

CHUNK = 200


@transaction.atomic
def hand_over(*, day: date) -> int:
    """Give the log every commitment that came in up to `day`; return how many persons."""
    due = Declaration.objects.to_hand_over(day).select_for_update()
    rows = list(due.only("id", "day", "commitments").order_by("day"))
    for arrived, group in groupby(rows, key=lambda row: row.day):
        # Ascending, so that the table keeps no order of arrival.
        commitments = sorted(each for row in group for each in row.all_commitments())
        transparency.receive(commitments, day=arrived)
    for chunk in _chunks([row.id for row in rows]):
        Declaration.objects.filter(id__in=chunk).update(handed_over=True)
    return sum(row.size for row in rows)


def deliver(batch: Batch, *, day: date) -> int:
    """Put the new proofs into the mailboxes and return how many pieces that were.

    Finds all that is published and not told, also from batches before this one whose
    telling was interrupted, and corrections. Drops the channel of what is published.
    """
    teller = _Teller(batch, day)
    untold = Declaration.objects.filter(handed_over=True, received=False)
    for chunk in _chunks(list(untold.values_list("id", flat=True))):
        teller.tell_received(chunk)
    persons = Person.objects.filter(delivered=False, leaf__batch__state=Batch.State.PUBLISHED)
    ids = persons.order_by("declaration_id").values_list("declaration_id", flat=True).distinct()
    for chunk in _chunks(list(ids)):
        teller.tell_logged(chunk)
    return teller.posted + tell_corrected(teller.proofs_of, day=day)


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log says of one person: number, the two published bytes, the index."""

    number: int
    orgs: int | None
    klass: int | None
    index: int


class _Teller:
    """Proofs by batch, each read from the tiles once, and the mail made of them."""

    def __init__(self, batch: Batch, day: date) -> None:
        self.day = day
        self.posted = 0
        self._proofs = {batch.pk: BatchProofs(batch)}

    @transaction.atomic
    def tell_received(self, ids: Sequence[UUID]) -> None:
        """Post the paths in R, and say in the row that R has them."""
        fields = ("lookup", "mailbox_recipient", "commitments")
        rows = list(Declaration.objects.filter(id__in=ids).only(*fields))
        batches = self._batches(row.commitment(1) for row in rows)
        told = []
        for row in rows:
            proofs = batches.get(row.commitment(1))
            if proofs is not None:
                told.append(row.id)
                self._post(row, Mail.Kind.RECEIVED, _received_content(row, proofs))
        Declaration.objects.filter(id__in=told).update(received=True)

    @transaction.atomic
    def tell_logged(self, ids: Sequence[UUID]) -> None:
        """Post the proofs of the leaves, a piece for each batch, and drop the channel."""
        pieces: dict[tuple[UUID, Batch], list[Logged]] = defaultdict(list)
        told = []
        for person, batch, logged in _logged(ids):
            pieces[person.declaration_id, batch].append(logged)
            told.append(person.id)
        rows = Declaration.objects.in_bulk({row_id for row_id, _ in pieces})
        for (row_id, batch), group in pieces.items():
            content = _logged_content(group, self.proofs_of(batch))
            self._post(rows[row_id], Mail.Kind.LOGGED, content)
        for chunk in _chunks(told):
            Person.objects.filter(id__in=chunk).update(delivered=True)
        Declaration.objects.filter(id__in=ids).update(channel="")

    def _batches(self, commitments: Iterable[bytes]) -> dict[bytes, BatchProofs]:
        """Find the batch whose R covers each commitment, if one does."""
        rows = Received.objects.filter(
            commitment__in=list(commitments), batch__state=Batch.State.PUBLISHED
        ).select_related("batch")
        return {
            bytes(row.commitment): self.proofs_of(row.batch)
            for row in rows
            if row.batch is not None
        }

    def proofs_of(self, batch: Batch) -> BatchProofs:
        """Give the proofs of a batch, which are read once."""
        if batch.pk not in self._proofs:
            self._proofs[batch.pk] = BatchProofs(batch)
        return self._proofs[batch.pk]

    def _post(self, row: Declaration, kind: str, content: dict[str, object]) -> None:
        if row.is_erased:
            return  # nobody can open the leaf, so that a path would prove nothing
        text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
        post(bytes(row.lookup), row.mailbox_recipient, kind, text, day=self.day)
        self.posted += 1


def _received_content(row: Declaration, proofs: BatchProofs) -> dict[str, object]:
    """Write `{"batch", "count", "persons": [{"index", "number", "path"}], "r_proof"}`.

    A path leads from the person's commitment to the root in the R entry, which has `count`
    leaves; `r_proof` is the R entry's own c2sp.org/tlog-proof@v1.
    """
    found = [proofs.received(commitment) for commitment in row.all_commitments()]
    persons = [
        {"number": number, "index": proof.index, "path": [to_base64(h) for h in proof.path]}
        for number, proof in enumerate(found, 1)
    ]
    return {
        "batch": proofs.batch.number,
        "count": found[0].count,
        "persons": persons,
        "r_proof": tlog_proof(proofs, r_index(proofs.batch)),
    }


def _logged(ids: Sequence[UUID]) -> Iterator[tuple[Person, Batch, Logged]]:
    """Give the persons whose leaves are public and who have not been told, by number."""
    persons = Person.objects.filter(
        declaration__in=ids, delivered=False, leaf__batch__state=Batch.State.PUBLISHED
    )
    for person in persons.select_related("leaf__batch").order_by("number"):
        leaf = person.leaf
        if leaf is not None and leaf.index is not None and leaf.batch is not None:
            said = Logged(person.number, leaf.published_orgs, leaf.published_klass, leaf.index)
            yield person, leaf.batch, said


def _logged_content(persons: Iterable[Logged], proofs: BatchProofs) -> dict[str, object]:
    """Write `{"batch", "persons": [{"class", "number", "orgs", "proof"}]}`: the published bytes."""
    return {
        "batch": proofs.batch.number,
        "persons": [
            {
                "number": person.number,
                "orgs": person.orgs,
                "class": person.klass,
                "proof": tlog_proof(proofs, person.index),
            }
            for person in persons
        ],
    }


def _chunks(ids: list[UUID]) -> Iterable[list[UUID]]:
    return (ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK))
