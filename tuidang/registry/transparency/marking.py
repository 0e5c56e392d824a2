# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing into tens of thousands of rows what the log says about them, and undoing it.

Only called inside the transaction that prepares or undoes a batch. It must touch exactly the
planned rows: one that was taken back meanwhile overturns the plan.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

from tuidang.pure.ledger.entries import Correction as CorrectionEntry
from tuidang.pure.ledger.entries import Entry, OperatorNote
from tuidang.pure.ledger.entries import Link as LinkEntry
from tuidang.registry.transparency.errors import PlanOvertaken
from tuidang.registry.transparency.models import (
    Batch,
    Correction,
    Leaf,
    LegacyBatch,
    Link,
    Note,
    Received,
)
from tuidang.registry.transparency.plan import Plan

CHUNK = 500  # SQLite was once built for 999 values a statement

# By hand, since every row gets an index of its own: Django's bulk_update would build a CASE of
# them and take ten times as long. Both databases read it. Rows are found by id alone: asked for
# a null index as well, SQLite would walk through all waiting leaves for each one. No other
# publication can have marked a row meanwhile, since the number of a batch is unique.
MARK_LEAF = """
    UPDATE transparency_leaf
    SET "index" = %s, batch_id = %s, published_orgs = %s, published_klass = %s, hold_until = NULL
    WHERE id = %s
"""
MARK_CORRECTION = 'UPDATE transparency_correction SET "index" = %s, batch_id = %s WHERE id = %s'
MARK_LINK = 'UPDATE transparency_link SET "index" = %s, batch_id = %s WHERE id = %s'
MARK_NOTE = 'UPDATE transparency_note SET "index" = %s, batch_id = %s WHERE id = %s'


def mark(plan: Plan, batch: Batch) -> None:
    """Say in every planned row where the log has it; PlanOvertaken if one is gone."""
    mark_leaves(plan, batch)
    mark_received(plan, batch)
    if plan.corrections or plan.links or plan.notes:
        numbered = list(enumerate(plan.entries, plan.first_index))
        _mark(MARK_CORRECTION, batch, _corrections(plan, numbered), len(plan.corrections))
        _mark(MARK_LINK, batch, _links(plan, numbered), len(plan.links))
        _mark(MARK_NOTE, batch, _notes(plan, numbered), len(plan.notes))
    if plan.legacy:
        lines = plan.legacy
        LegacyBatch.objects.create(
            batch=batch, file_id=lines.file_id, first=lines.first, end=lines.end
        )


def mark_leaves(plan: Plan, batch: Batch) -> None:
    """Give each planned leaf its index and its published cell; PlanOvertaken if one is gone.

    Legacy entries have no rows.
    """
    if not plan.leaves:
        return
    rows = [
        (index, _key(batch.pk), entry.orgs, entry.class_, _key(plan.leaves[entry.commitment]))
        for index, entry in plan.counted()
        if entry.commitment in plan.leaves
    ]
    _update(MARK_LEAF, rows, len(plan.leaves))


def mark_received(plan: Plan, batch: Batch) -> None:
    """Say which R covers each planned commitment."""
    for start in range(0, len(plan.received), CHUNK):
        chunk = plan.received[start : start + CHUNK]
        if Received.objects.filter(pk__in=chunk).update(batch=batch) != len(chunk):
            raise PlanOvertaken


def unmark(batch: Batch) -> None:
    """Let every row of a batch wait again, as if it had never been planned."""
    Leaf.objects.filter(batch=batch).update(
        index=None, batch=None, published_orgs=None, published_klass=None
    )
    Received.objects.filter(batch=batch).update(batch=None)
    Correction.objects.filter(batch=batch).update(index=None, batch=None)
    Link.objects.filter(batch=batch).update(index=None, batch=None)
    Note.objects.filter(batch=batch).update(index=None, batch=None)
    LegacyBatch.objects.filter(batch=batch).delete()


def _corrections(plan: Plan, numbered: list[tuple[int, Entry]]) -> Iterable[tuple[int, UUID]]:
    for index, entry in numbered:
        if isinstance(entry, CorrectionEntry):
            yield index, plan.corrections[entry.commitment]


def _links(plan: Plan, numbered: list[tuple[int, Entry]]) -> Iterable[tuple[int, UUID]]:
    for index, entry in numbered:
        if isinstance(entry, LinkEntry):
            yield index, plan.links[entry.commitment]


def _notes(plan: Plan, numbered: list[tuple[int, Entry]]) -> Iterable[tuple[int, UUID]]:
    """The head of the audit chain is a note without a row."""
    for index, entry in numbered:
        if isinstance(entry, OperatorNote) and (entry.kind, entry.digest) in plan.notes:
            yield index, plan.notes[entry.kind, entry.digest]


def _mark(statement: str, batch: Batch, found: Iterable[tuple[int, UUID]], planned: int) -> None:
    _update(statement, [(index, _key(batch.pk), _key(row)) for index, row in found], planned)


def _update(statement: str, rows: Sequence[tuple[Any, ...]], planned: int) -> None:
    if not rows and not planned:
        return
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        if len(rows) != planned or cursor.rowcount != planned:
            raise PlanOvertaken


def _key(value: UUID) -> Any:
    return UUIDField().get_db_prep_value(value, connection)
