# SPDX-License-Identifier: Apache-2.0
"""Records from before the log, as D entries that say so (class + 0x80).

Nobody holds a code for such a person, so the salts are thrown away: the commitment keeps its
place and its shape, and nobody can ever open it. Small company gives people away here too: a
cell of a batch that is too small says less at once, as if it had waited for three weeks.

Source: `transparency-log.md` sections 1 and 2. All randomness is the caller's.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import repeat
from typing import NamedTuple

from tuidang.pure.ledger.coarsening import OVERDUE_AFTER_DAYS, Minima, Waiting, choose
from tuidang.pure.ledger.commitments import FIELD_SALT_SIZE, FIELDS, SALT_SIZE, CommitmentError
from tuidang.pure.ledger.entries import CARRIED_OVER, FLAG_BELOW_MINIMA, Counted

RANDOMNESS = SALT_SIZE + FIELDS * FIELD_SALT_SIZE  # bytes for one leaf
Cell = tuple[int, int]
_TODAY = date(2000, 1, 1)  # any day: only the time between two of them is asked for


class LegacyRecord(NamedTuple):
    """One person of earlier records: orgs (0..7 or 0xFF), class (0..3 or 7), name or "".

    The class is without the bit 0x80, which every entry made here has.
    """

    orgs: int
    class_: int
    name: str


@dataclass(frozen=True, slots=True)
class Told:
    """What each cell of a batch is published as, and the flags of the batch's seal."""

    cells: Mapping[Cell, Cell]
    flags: int


def tell(sizes: Mapping[Cell, int], minima: Minima) -> Told:
    """Return as what the cells of a batch go out: coarser where fewer than the minimum are.

    `sizes` maps (orgs, class) without 0x80 to persons; the cells of the result have 0x80. The
    rule is that of `coarsening`, asked about leaves that have waited for as long as anybody
    may; no more of a full cell than the minimum are needed to ask.
    """
    since = _TODAY - timedelta(days=OVERDUE_AFTER_DAYS)
    asked = [
        (cell, Counted(cell[0], cell[1] | CARRIED_OVER, _numbered(place, at)))
        for place, (cell, size) in enumerate(sorted(sizes.items()))
        for at in range(min(size, max(minima.cell, 1)))
    ]
    waiting = (Waiting(leaf, since) for _, leaf in asked)
    choice = choose(waiting, _TODAY, Minima(0, minima.cell))
    answers = {leaf.commitment: (leaf.orgs, leaf.class_) for leaf in choice.leaves}
    too_few = FLAG_BELOW_MINIMA if sum(sizes.values()) < minima.batch else 0
    cells = {cell: answers[leaf.commitment] for cell, leaf in asked}
    return Told(cells, choice.flags | too_few)


def legacy_entries(
    records: Sequence[LegacyRecord],
    cells: Mapping[Cell, Cell],
    *,
    origin: str,
    day: date,
    randomness: bytes,
) -> list[Counted]:
    """Return the D entries of some records, in their order, each told as `cells` of `tell` say.

    Fields: 1 `day`, on which the records are imported; 2 and 3 what the record says; 4 its
    name; 5 and 6 absent. `randomness` is 128 bytes a record: forget it. Raises ValueError for
    another length of it, CommitmentError for an origin that is not 1 to 255 bytes.
    """
    labels = commitments(records, origin=origin, day=day, randomness=randomness)
    pairs = zip(records, labels, strict=True)
    return [Counted(*cells[each.orgs, each.class_], label) for each, label in pairs]


def commitments(
    records: Sequence[LegacyRecord], *, origin: str, day: date, randomness: bytes
) -> list[bytes]:
    """Return the commitment of each record.

    Column by column, since `commitments.commitment` takes twice as long and there are millions;
    so give some thousands at a time. Raises as `legacy_entries` does.
    """
    name = origin.encode()
    if not 1 <= len(name) <= 255:
        raise CommitmentError("origin_length", "an origin is 1 to 255 bytes long")
    sha256, join = hashlib.sha256, b"".join
    start = b"tuidang-leaf/v1\n" + bytes([len(name)]) + name
    heads = [b"tuidang-field/v1\n" + bytes([j]) for j in range(1, FIELDS + 1)]
    salt, *field_salts = _salt_slices(len(records), randomness)
    days = repeat(_valued(day.isoformat().encode()), len(records))
    one = [_valued(bytes([value])) for value in range(256)]
    values: list[Iterable[bytes]] = [
        days,
        (one[each.orgs] for each in records),
        (one[each.class_ | CARRIED_OVER] for each in records),
        (_valued(each.name.encode()) for each in records),
        *(repeat(_valued(b""), len(records)) for _ in range(2)),
    ]
    digests = [
        [sha256(head + salted + value).digest() for salted, value in zip(salts, said, strict=True)]
        for head, salts, said in zip(heads, field_salts, values, strict=True)
    ]
    return [sha256(join((start, *each))).digest() for each in zip(salt, *digests, strict=True)]


def _salt_slices(count: int, randomness: bytes) -> list[list[bytes]]:
    """Return, for the leaf and for each of its fields, the salts of all leaves."""
    if len(randomness) != count * RANDOMNESS:
        raise ValueError(f"{RANDOMNESS} bytes of randomness are needed for each record")
    sizes = [SALT_SIZE, *[FIELD_SALT_SIZE] * FIELDS]
    places = [(sum(sizes[:at]) * count, size) for at, size in enumerate(sizes)]
    return [
        [randomness[at : at + size] for at in range(start, start + size * count, size)]
        for start, size in places
    ]


def _valued(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _numbered(place: int, at: int) -> bytes:
    """Return something in the place of a commitment, different for each leaf that is asked."""
    return place.to_bytes(16, "big") + at.to_bytes(16, "big")
