# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public process may do in PostgreSQL, as SQL for a role of its own.

The front door adds declarations and requests and reads what a code's holder may see. It
must never be able to read what is sealed to the office, a review, an account, or the audit.
SQLite has no roles; there sealing is the only wall, and `tuidang doctor` says so.
"""

from collections.abc import Iterable, Mapping, Sequence

from tuidang.registry.declarations.models import PUBLIC_COLUMNS

PUBLIC_ROLE = "tuidang_public"

# table -> what may be added to it
_ADDED = ("declarations_declaration", "declarations_request")
# table -> columns that may be read; none named: all
_READ: dict[str, Sequence[str]] = {
    "declarations_declaration": PUBLIC_COLUMNS,
    "declarations_person": (),
    "declarations_request": ("id", "declaration_id", "kind", "day", "done"),
    "vault_mail": (),
    "vault_ringkey": (),
    "transparency_batch": (),
    "transparency_leaf": ("id", "index", "batch_id", "published_orgs", "published_klass"),
    "transparency_correction": ("id", "leaf_id", "index", "batch_id"),
    "transparency_note": ("id", "index", "batch_id"),
    "tally_reviewcount": (),
    "tally_carriedover": (),
}


# What the public door adds nobody has decided about yet. Whoever controls that door must not be
# able to put in what volunteers have to do.
_UNDECIDED = (
    "state = 'received' AND decided_on IS NULL AND manner = '' AND reason = ''"
    " AND first_accept IS NULL AND second_accept IS NULL AND NOT handed_over AND NOT received"
)


def statements(role: str = PUBLIC_ROLE) -> list[str]:
    """Return the statements that give `role` its rights and take every other away."""
    name = _quoted(role)
    first = [f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"]
    first += [f"GRANT USAGE ON SCHEMA public TO {name}"]
    rights = given(role, _ADDED, _READ)
    return first + rights + only_such(role, "declarations_declaration", _UNDECIDED)


def given(role: str, added: Iterable[str], read: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the statements that let `role` add to tables, and read columns (none named: all)."""
    name = _quoted(role)
    rights = [f"GRANT INSERT ON {_quoted(table)} TO {name}" for table in added]
    for table, columns in read.items():
        which = f" ({', '.join(map(_quoted, columns))})" if columns else ""
        rights.append(f"GRANT SELECT{which} ON {_quoted(table)} TO {name}")
    return rights


def only_such(role: str, table: str, condition: str) -> list[str]:
    """Return the statements that let `role` add only such rows to a table, and read all of them.

    The owner of the table, as whom the office works, is not held to it.
    """
    name, place = _quoted(role), _quoted(table)
    return [
        f"ALTER TABLE {place} ENABLE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS public_adds ON {place}",
        f"DROP POLICY IF EXISTS public_reads ON {place}",
        f"CREATE POLICY public_adds ON {place} FOR INSERT TO {name} WITH CHECK ({condition})",
        f"CREATE POLICY public_reads ON {place} FOR SELECT TO {name} USING (true)",
    ]


def _quoted(name: str) -> str:
    """Quote an identifier; it may hold nothing but letters, digits and underscores."""
    if not name.isidentifier():
        raise ValueError("a role or table is named by letters, digits and underscores")
    return f'"{name}"'
