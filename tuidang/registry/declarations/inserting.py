# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one INSERT of the hot path, its text made once.

`Model.save` builds the same statement anew for every declaration, which costs as much as
all the sealing. This room must never be used for anything that is not a new declaration.
"""

from functools import cache

from django.db import connection

from tuidang.registry.declarations.models import Declaration


def insert(row: Declaration) -> None:
    """Store a new declaration; raises IntegrityError like `save(force_insert=True)`."""
    fields = Declaration._meta.concrete_fields  # noqa: SLF001 -- Django's documented API
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), values)


@cache
def _statement() -> str:
    quote, meta = connection.ops.quote_name, Declaration._meta  # noqa: SLF001
    columns = ", ".join(quote(field.attname) for field in meta.concrete_fields)
    places = ", ".join(["%s"] * len(meta.concrete_fields))
    table = quote(meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 -- our own names
