# SPDX-License-Identifier: Apache-2.0
"""The six kinds of entry, byte for byte (`transparency-log.md` section 2).

An entry that exists is valid: constructing and decoding make the same checks, so each
value has one encoding and each accepted encoding one value. Checks that need other
entries are in `auditing`. A name, a place or a time must never get in here.
"""

import struct
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import ClassVar, NoReturn, Self

from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT

UNSPECIFIED, PARTY, LEAGUE, PIONEERS, WITHHELD = 0, 1, 2, 4, 0xFF
SELF_NAMED, SELF_ALIAS, OTHER_NAMED, OTHER_UNNAMED, CLASS_WITHHELD = 0, 1, 2, 3, 7
CARRIED_OVER = 0x80

ORGS = frozenset({*range(8), WITHHELD})
CLASSES = frozenset(
    base | carried
    for base in (SELF_NAMED, SELF_ALIAS, OTHER_NAMED, OTHER_UNNAMED, CLASS_WITHHELD)
    for carried in (0, CARRIED_OVER)
)

REPEAT, OTHER_REASON = 1, 2
AUDIT_HEAD, VERIFYING_PAGE, TRUST_FILE, CARRIED_STATEMENT, OTHER_NOTE = 1, 2, 3, 4, 5
FLAG_BELOW_MINIMA = 1

_NO_SEAL = 2**64 - 1
_EPOCH = date(1970, 1, 1)
_CORRECTION = struct.Struct(">4BQ32s")
_RECEIVED = struct.Struct(">BBHI32s")
_SEAL = struct.Struct(">BBHIQQII")
_CELL = struct.Struct(">BBQ")


class EntryError(FormatError):
    """Bytes or values that are not an entry of this log."""


def day_number(day: date) -> int:
    """Return the days since 1970-01-01; EntryError before that."""
    number = (day - _EPOCH).days
    _require(number >= 0, "days_out_of_range", "a day before 1970")
    return number


def day_date(number: int) -> date:
    """Return the date of a day number; EntryError beyond the year 9999."""
    try:
        return _EPOCH + timedelta(days=number)
    except OverflowError as error:
        raise EntryError("days_out_of_range", "a day that no calendar has") from error


@dataclass(frozen=True, slots=True)
class Counted:
    """D: one person, counted once, whatever number of organisations they leave."""

    TYPE: ClassVar[int] = 1
    orgs: int
    class_: int
    commitment: bytes

    def __post_init__(self) -> None:
        _check_cell(self.orgs, self.class_)
        _check_hash(self.commitment)

    def encode(self) -> bytes:
        """Return the 36 bytes of the entry."""
        return bytes((self.TYPE, self.orgs, self.class_, 0)) + self.commitment

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the entry of these bytes, whose type is known; EntryError otherwise."""
        _require(len(data) == 36, "entry_length", "a D entry is 36 bytes long")
        _require(data[3] == 0, "reserved_not_zero", "a reserved byte is not zero")
        return cls(data[1], data[2], data[4:])


@dataclass(frozen=True, slots=True)
class Correction:
    """C: takes back the D entry at index `corrects`, with its orgs and class bytes."""

    TYPE: ClassVar[int] = 2
    orgs: int
    class_: int
    reason: int
    corrects: int
    commitment: bytes

    def __post_init__(self) -> None:
        _check_cell(self.orgs, self.class_)
        _require(self.reason in (REPEAT, OTHER_REASON), "reason_unknown", "unknown reason")
        _check_u64(self.corrects)
        _check_hash(self.commitment)

    def encode(self) -> bytes:
        """Return the 44 bytes of the entry."""
        head = (self.TYPE, self.orgs, self.class_, self.reason)
        return _CORRECTION.pack(*head, self.corrects, self.commitment)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the entry of these bytes, whose type is known; EntryError otherwise."""
        _require(len(data) == 44, "entry_length", "a C entry is 44 bytes long")
        _, orgs, class_, reason, corrects, commitment = _CORRECTION.unpack(data)
        return cls(orgs, class_, reason, corrects, commitment)


@dataclass(frozen=True, slots=True)
class Link:
    """L: somebody has linked a D entry to a legal name; the log does not show which."""

    TYPE: ClassVar[int] = 5
    commitment: bytes
    nullifier: bytes

    def __post_init__(self) -> None:
        _check_hash(self.commitment)
        _check_hash(self.nullifier)

    def encode(self) -> bytes:
        """Return the 68 bytes of the entry."""
        return bytes((self.TYPE, 0, 0, 0)) + self.commitment + self.nullifier

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the entry of these bytes, whose type is known; EntryError otherwise."""
        _require(len(data) == 68, "entry_length", "an L entry is 68 bytes long")
        _require(data[1:4] == bytes(3), "reserved_not_zero", "a reserved byte is not zero")
        return cls(data[4:36], data[36:])


@dataclass(frozen=True, slots=True)
class OperatorNote:
    """N: the SHA-256 of something that the operator can be held to."""

    TYPE: ClassVar[int] = 6
    kind: int
    digest: bytes

    def __post_init__(self) -> None:
        _require(AUDIT_HEAD <= self.kind <= OTHER_NOTE, "kind_unknown", "unknown kind of note")
        _check_hash(self.digest)

    def encode(self) -> bytes:
        """Return the 36 bytes of the entry."""
        return bytes((self.TYPE, self.kind, 0, 0)) + self.digest

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the entry of these bytes, whose type is known; EntryError otherwise."""
        _require(len(data) == 36, "entry_length", "an N entry is 36 bytes long")
        _require(data[2:4] == bytes(2), "reserved_not_zero", "a reserved byte is not zero")
        return cls(data[1], data[4:])


@dataclass(frozen=True, slots=True)
class Received:
    """R: how many commitments came in, and the root over them in ascending order."""

    TYPE: ClassVar[int] = 4
    count: int
    root: bytes

    def __post_init__(self) -> None:
        _require(0 <= self.count < 2**32, "number_out_of_range", "number out of range")
        _check_hash(self.root)
        empty = self.count > 0 or self.root == EMPTY_ROOT
        _require(empty, "empty_root_expected", "nothing received, and a root that is not empty")

    def encode(self) -> bytes:
        """Return the 40 bytes of the entry."""
        return _RECEIVED.pack(self.TYPE, 0, 0, self.count, self.root)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the entry of these bytes, whose type is known; EntryError otherwise."""
        _require(len(data) == 40, "entry_length", "an R entry is 40 bytes long")
        _, zero, zeros, count, root = _RECEIVED.unpack(data)
        _require(zero == zeros == 0, "reserved_not_zero", "a reserved byte is not zero")
        return cls(count, root)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """How many persons, net and over the whole log, have these orgs and class bytes."""

    orgs: int
    class_: int
    count: int


@dataclass(frozen=True, slots=True)
class Seal:
    """S: ends a batch and states the cumulative cells; days count from 1970-01-01, UTC."""

    TYPE: ClassVar[int] = 3
    flags: int
    batch: int
    first_index: int
    previous_seal: int | None
    first_day: int
    last_day: int
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        _require(self.flags in (0, FLAG_BELOW_MINIMA), "flags_unknown", "unknown flags")
        _require(0 <= self.batch < 2**32, "number_out_of_range", "number out of range")
        _check_u64(self.first_index)
        if self.previous_seal is not None:
            _check_u64(self.previous_seal)
        ordered = 0 <= self.first_day <= self.last_day < 2**32
        _require(ordered, "days_out_of_order", "the last day is before the first")
        _check_cells(self.cells)

    @property
    def below_minima(self) -> bool:
        """Whether some of the batch went out in smaller company than was promised."""
        return bool(self.flags & FLAG_BELOW_MINIMA)

    def encode(self) -> bytes:
        """Return the bytes of the entry: 32, and 10 for each cell."""
        previous = _NO_SEAL if self.previous_seal is None else self.previous_seal
        places = (self.batch, self.first_index, previous, self.first_day, self.last_day)
        head = _SEAL.pack(self.TYPE, self.flags, len(self.cells), *places)
        return head + b"".join(_CELL.pack(c.orgs, c.class_, c.count) for c in self.cells)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return the entry of these bytes, whose type is known; EntryError otherwise."""
        _require(len(data) >= _SEAL.size, "entry_length", "an S entry is cut off")
        _, flags, count, batch, first, previous, first_day, last_day = _SEAL.unpack_from(data)
        whole = len(data) == _SEAL.size + count * _CELL.size
        _require(whole, "entry_length", "the length of an S entry does not fit its cells")
        cells = tuple(Cell(*each) for each in _CELL.iter_unpack(data[_SEAL.size :]))
        before = None if previous == _NO_SEAL else previous
        return cls(flags, batch, first, before, first_day, last_day, cells)


Entry = Counted | Correction | Link | OperatorNote | Received | Seal

_KINDS: dict[int, type[Entry]] = {
    kind.TYPE: kind for kind in (Counted, Correction, Link, OperatorNote, Received, Seal)
}


def decode(data: bytes) -> Entry:
    """Return the entry that encodes to exactly these bytes; EntryError if there is none."""
    kind = _KINDS.get(data[0]) if data else None
    if kind is None:
        raise EntryError("entry_type", "unknown type of entry")
    return kind.decode(data)


def _check_cell(orgs: int, class_: int) -> None:
    if orgs not in ORGS:
        _refuse("orgs_unknown", "unknown orgs byte")
    if class_ not in CLASSES:
        _refuse("class_unknown", "unknown class byte")


def _check_cells(cells: tuple[Cell, ...]) -> None:
    for cell in cells:
        _check_cell(cell.orgs, cell.class_)
        _require(0 < cell.count < 2**64, "cell_count", "a cell without persons")
    keys = [(cell.orgs, cell.class_) for cell in cells]
    ascending = all(one < another for one, another in pairwise(keys))
    _require(ascending, "cells_out_of_order", "the cells of a seal do not ascend")


def _check_hash(value: bytes) -> None:
    _require(len(value) == 32, "hash_length", "a hash is not 32 bytes long")


def _check_u64(value: int) -> None:
    """2^64-1 is left out: as an index it would mean "none"."""
    _require(0 <= value < _NO_SEAL, "number_out_of_range", "number out of range")


def _require(holds: bool, code: str, message: str) -> None:  # noqa: FBT001
    if not holds:
        _refuse(code, message)


def _refuse(code: str, message: str) -> NoReturn:
    raise EntryError(code, message)
