# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing into the rows what the log says about them, for tens of thousands at once.

Only called inside the transaction that commits a batch. It must touch exactly the planned
rows: one that was taken back meanwhile overturns the plan.
"""

from django.db import connection
from django.db.models import UUIDField

from tuidang.registry.transparency.errors import PlanOvertaken
from tuidang.registry.transparency.models import Batch, Received
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


def mark_leaves(plan: Plan, batch: Batch) -> None:
    """Give each planned leaf its index and its published cell; PlanOvertaken if one is gone."""
    key = UUIDField()
    batch_id = key.get_db_prep_value(batch.pk, connection)
    rows = [
        (
            index,
            batch_id,
            entry.orgs,
            entry.class_,
            key.get_db_prep_value(plan.leaves[entry.commitment], connection),
        )
        for index, entry in plan.counted()
    ]
    with connection.cursor() as cursor:
        cursor.executemany(MARK_LEAF, rows)
        if rows and cursor.rowcount != len(rows):
            raise PlanOvertaken


def mark_received(plan: Plan, batch: Batch) -> None:
    """Say which R covers each planned commitment."""
    for start in range(0, len(plan.received), CHUNK):
        chunk = plan.received[start : start + CHUNK]
        if Received.objects.filter(pk__in=chunk).update(batch=batch) != len(chunk):
            raise PlanOvertaken
