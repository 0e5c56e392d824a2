# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an operator with the keys could sign, but no auditor lets pass.

Every forged log here is whole in itself: tiles, root and signatures fit the forged entries.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pure.ledger.samples import counted, digest, link, note
from tests.verify.auditors import fault
from tests.verify.sample_logs import Written, bundle_at, log_files, sample_log, write_files
from tuidang.pure.ledger.entries import Correction, Link

pytestmark = pytest.mark.unmeasured

SIZE = 525
R, S = SIZE - 2, SIZE - 1  # the last R and seal of the sample log
LAST = 515  # the first entry of the last batch


def forged(index: int, change: Callable[[bytes], bytes]) -> list[bytes]:
    """Return the sample log with one entry changed."""
    entries = sample_log()
    entries[index] = change(entries[index])
    return entries


def put(at: int, value: bytes) -> Callable[[bytes], bytes]:
    """Return a change that writes bytes at a place of an entry."""
    return lambda entry: entry[:at] + value + entry[at + len(value) :]


def number(value: int, length: int = 8) -> bytes:
    """Return a big-endian number."""
    return value.to_bytes(length, "big")


def without(index: int) -> list[bytes]:
    """Return the sample log without one entry."""
    entries = sample_log()
    return entries[:index] + entries[index + 1 :]


def with_entry(index: int, entry: bytes) -> list[bytes]:
    """Return the sample log with one more entry."""
    entries = sample_log()
    return [*entries[:index], entry, *entries[index:]]


def swapped(one: int, other: int) -> list[bytes]:
    """Return the sample log with two entries in each other's place."""
    entries = sample_log()
    entries[one], entries[other] = entries[other], entries[one]
    return entries


FIELDS: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "D with orgs 8": (LAST, put(1, b"\x08")),
    "D with orgs 0xFE": (LAST, put(1, b"\xfe")),
    "D with class 9": (LAST, put(2, b"\x09")),
    "D with class 0x84": (LAST, put(2, b"\x84")),
    "D with a reserved byte": (LAST, put(3, b"\x01")),
    "D one byte short": (LAST, lambda entry: entry[:-1]),
    "D one byte long": (LAST, lambda entry: entry + b"\x00"),
    "an empty entry": (LAST, lambda _: b""),
    "an entry of an unknown type": (LAST, put(0, b"\x07")),
    "C with reason 0": (R - 2, put(3, b"\x00")),
    "C with reason 3": (R - 2, put(3, b"\x03")),
    "C with other orgs": (R - 2, put(1, b"\xff")),
    "C with another class": (R - 2, put(2, b"\x87")),
    "C of itself": (R - 2, put(4, number(R - 2))),
    "C of a later entry": (R - 2, put(4, number(SIZE + 1))),
    "C of the largest number": (R - 2, put(4, b"\xff" * 8)),
    "C of a seal": (R - 2, put(4, number(299))),
    "C of a C": (R - 2, put(4, number(251))),
    "N with kind 0": (R - 1, put(1, b"\x00")),
    "N with kind 6": (R - 1, put(1, b"\x06")),
    "N with a reserved byte": (R - 1, put(3, b"\x01")),
    "R with a reserved byte": (R, put(1, b"\x01")),
    "R with count 0 and a root": (R, put(4, b"\x00" * 4)),
    "S with flag 2": (S, put(1, b"\x02")),
    "S with fewer cells": (S, put(2, b"\x00\x01")),
    "S without its last cell": (S, lambda s: s[:2] + number(s[3] - 1, 2) + s[4:-10]),
    "S with a wrong batch": (S, put(4, number(4, 4))),
    "S with a wrong first index": (S, put(8, number(LAST + 1))),
    "S with a wrong seal before": (S, put(16, number(LAST))),
    "S with no seal before": (S, put(16, b"\xff" * 8)),
    "S with days backwards": (S, put(28, number(1, 4))),
    "S with sealed days": (S, put(24, number(1, 4))),
    "S in a year without a calendar": (S, put(28, b"\xff" * 4)),
    "S with one person more": (S, lambda s: s[:-1] + bytes([s[-1] + 1])),
    "S with one person fewer": (S, lambda s: s[:-1] + bytes([s[-1] - 1])),
    "S with a cell of nobody": (S, lambda s: s[:-1] + b"\x00"),
    "S with cells in another order": (S, lambda s: s[:32] + s[42:52] + s[32:42] + s[52:]),
    "S with a cell twice": (S, lambda s: s[:-10] + s[-20:-10]),
    "an early S with a false cell": (39, lambda s: s[:-1] + bytes([s[-1] + 1])),
    "the first S with a seal before": (4, put(16, number(0))),
    "L with a reserved byte": (253, put(2, b"\x01")),
}

ORDERS: dict[str, tuple[Callable[[], list[bytes]], int]] = {
    "two D swapped": (lambda: swapped(LAST, LAST + 1), LAST + 1),
    "C before D": (lambda: swapped(R - 2, R - 3), R - 2),
    "N before C": (lambda: swapped(R - 1, R - 2), R - 1),
    "two L swapped": (lambda: swapped(294, 295), 295),
    "the same entry twice": (lambda: with_entry(LAST, sample_log()[LAST]), LAST + 1),
    "no R": (lambda: without(R), R),
    "R before N": (lambda: swapped(R, R - 1), R),
    "two R": (lambda: with_entry(R, sample_log()[R]), R + 1),
    "two R ascending": (lambda: with_entry(S, put(4, b"\xff")(sample_log()[R])), S),
    "N after R": (lambda: with_entry(S, note("late").encode()), S),
    "two S": (lambda: [*sample_log(), sample_log()[S]], SIZE),
    "S first": (lambda: with_entry(0, sample_log()[4]), 0),
    "no seal at the end": (lambda: without(S), S - 1),
    "one entry after the seal": (lambda: [*sample_log(), counted("late").encode()], SIZE),
    "no seal at all": (lambda: sample_log()[:3], 2),
    "a batch left out": (lambda: sample_log()[:300] + sample_log()[LAST:], 307),
}


def repeated_commitment() -> tuple[list[bytes], int]:
    """A person counted in the first batch and again in a later one."""
    log = Written().seal(counted("1"), counted("2", 3)).fill(300).seal(counted("2", 3))
    return log.encoded(), 300


def repeated_in_link() -> tuple[list[bytes], int]:
    """A link that carries the commitment of a person."""
    log = Written().seal(counted("1"), Link(digest("1"), digest("n")))
    return log.encoded(), 1


def repeated_in_correction() -> tuple[list[bytes], int]:
    """A correction that carries the commitment of a person."""
    log = Written().seal(counted("1"), counted("2"))
    return log.seal(Correction(7, 0, 1, 0, digest("1"))).encoded(), 4


def repeated_nullifier() -> tuple[list[bytes], int]:
    """Two links of one person by one key."""
    log = Written().seal(counted("1"), link("1")).fill(260)
    log.seal(Link(digest("another"), link("1").nullifier))
    return log.encoded(), 260


def corrected_twice() -> tuple[list[bytes], int]:
    """Two corrections of one person, in two batches."""
    log = Written().seal(counted("1"), counted("2"), counted("3"))
    log.seal(log.correction(1, "c1")).fill(270)
    return log.seal(log.correction(1, "c2")).encoded(), 270


def corrected_twice_at_once() -> tuple[list[bytes], int]:
    """Two corrections of one person in one batch."""
    log = Written().seal(counted("1"), counted("2"), counted("3"))
    log.seal(log.correction(1, "c1"), log.correction(1, "c2"))
    return log.encoded(), 6


def correction_ahead() -> tuple[list[bytes], int]:
    """A correction of a person who is counted only later."""
    log = Written().seal(counted("1"), counted("2"))
    log.seal(Correction(7, 0, 1, 7, digest("c"))).seal(counted("3"))
    return log.encoded(), 4


REPEATED = (
    repeated_commitment,
    repeated_in_link,
    repeated_in_correction,
    repeated_nullifier,
    corrected_twice,
    corrected_twice_at_once,
    correction_ahead,
)


def fault_of(entries: list[bytes], folder: Path) -> str | None:
    """Return what both auditors say of a signed log with these entries."""
    return fault(write_files(folder, log_files(entries)))


@pytest.mark.parametrize("name", FIELDS)
def test_forged_fields_name_the_bundle(name: str, tmp_path: Path) -> None:
    """An entry with a forged field is refused, though signed, and its bundle named."""
    index, change = FIELDS[name]
    assert fault_of(forged(index, change), tmp_path) == bundle_at(index, SIZE)


@pytest.mark.parametrize("name", ORDERS)
def test_forged_orders_name_the_bundle(name: str, tmp_path: Path) -> None:
    """Entries missing, added or in another order are refused at the first wrong place."""
    make, index = ORDERS[name]
    entries = make()
    assert fault_of(entries, tmp_path) == bundle_at(index, len(entries))


@pytest.mark.parametrize("make", REPEATED)
def test_what_may_come_once_comes_once(
    make: Callable[[], tuple[list[bytes], int]], tmp_path: Path
) -> None:
    """No commitment, nullifier or correction repeats, and none comes before its time."""
    entries, index = make()
    assert fault_of(entries, tmp_path) == bundle_at(index, len(entries))


def test_forgeries_start_from_a_log_that_holds(tmp_path: Path) -> None:
    """The log that is forged above holds before it is forged."""
    assert fault_of(sample_log(), tmp_path) is None
