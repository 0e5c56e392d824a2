# SPDX-License-Identifier: Apache-2.0
"""Batches: putting a day's entries into order and sealing them.

The order is a shuffle that anyone can check: by the bytes of commitments, never by
arrival. The rules of a batch stand in `auditing`; what goes out when, in `coarsening`.

Source: `transparency-log.md` sections 1 and 2.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tuidang.pure.ledger.auditing import (
    RANK,
    AuditError,
    BatchAuditor,
    MemorySeen,
    ReadEntry,
    Seen,
)
from tuidang.pure.ledger.coarsening import (
    Choice,
    Minima,
    Waiting,
    choose,
    corrections_decided_before,
)
from tuidang.pure.ledger.entries import (
    Cell,
    Correction,
    Counted,
    Entry,
    Received,
    Seal,
    day_number,
)

__all__ = [
    "AuditError",
    "BatchAuditor",
    "Choice",
    "MemorySeen",
    "Minima",
    "Previous",
    "ReadEntry",
    "Seen",
    "Waiting",
    "choose",
    "corrections_decided_before",
    "net_cells",
    "order",
    "seal_batch",
]


@dataclass(frozen=True, slots=True)
class Previous:
    """The last seal of the log and the index at which it stands."""

    seal: Seal
    index: int


def order(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of one batch in their order: D, C, L, N, R, S, each ascending."""
    return sorted(entries, key=lambda entry: (RANK[type(entry)], entry.encode()[4:]))


def net_cells(before: Iterable[Cell], entries: Iterable[Entry]) -> tuple[Cell, ...]:
    """Return the cumulative cells after these entries: D adds one, C takes one away.

    Raises ValueError where more is taken away than there was.
    """
    counts = Counter({(cell.orgs, cell.class_): cell.count for cell in before})
    for entry in entries:
        if isinstance(entry, Counted):
            counts[entry.orgs, entry.class_] += 1
        elif isinstance(entry, Correction):
            counts[entry.orgs, entry.class_] -= 1
    if any(count < 0 for count in counts.values()):
        raise ValueError("more corrections than counted persons in a cell")
    return tuple(Cell(*key, count) for key, count in sorted(counts.items()) if count)


def seal_batch(
    entries: Iterable[Entry],
    received: Received,
    previous: Previous | None,
    *,
    first_day: date,
    last_day: date,
    flags: int = 0,
) -> list[Entry]:
    """Return the whole batch in its order, with R and the seal at the end.

    `entries` are the D, C, L and N of the batch; days are UTC. Raises EntryError for days
    that are out of order, ValueError for a correction of what was not counted.
    """
    body = order(entries)
    seal = Seal(
        flags=flags,
        batch=previous.seal.batch + 1 if previous else 0,
        first_index=previous.index + 1 if previous else 0,
        previous_seal=previous.index if previous else None,
        first_day=day_number(first_day),
        last_day=day_number(last_day),
        cells=net_cells(previous.seal.cells if previous else (), body),
    )
    return [*body, received, seal]
