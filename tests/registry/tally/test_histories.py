# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever happens on whichever days, the log keeps its promises (log spec, section 1).

Each history runs on the real tables and files. After every publication a stranger recounts the
files, byte by byte and by rules written down here once more.
"""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from tests.fuzzing import NIGHTLY
from tests.registry.tally.histories import HISTORIES, ORGANIZATIONS, Arrival, Step, World
from tests.registry.tally.samples import row_of, told
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.ledger.entries import Entry, Seal, day_date
from tuidang.registry.audit.models import AuditHead, AuditRow
from tuidang.registry.declarations.models import Declaration, Person, Recall
from tuidang.registry.tally.figures import published
from tuidang.registry.tally.models import ReviewCount
from tuidang.registry.transparency.models import Batch, Correction, Leaf, Link, Note, Received
from tuidang.registry.vault.models import Mail

pytestmark = pytest.mark.django_db
D, C, S, N, R, L = 1, 2, 3, 6, 4, 5  # the first byte of an entry
WINDOW = 8
MINIMA = st.sampled_from([(1, 1), (3, 2), (6, 3)])

# What would rarely come by chance: a cell that stays small for three weeks, and is corrected.
_LONELY = [
    Step(1, [Arrival(ORGANIZATIONS[0], 1, "now"), Arrival(ORGANIZATIONS[1], 3, "now")]),
    *[Step(8, [Arrival(ORGANIZATIONS[1], 3, "now")], crash=(n, True)) for n in (5, 17, 29)],
    Step(1, [], withdraw=[0, 1], erase=[0], recall=[3]),
]


@given(HISTORIES, MINIMA)
@example(_LONELY, (3, 2))
@hypothesis_settings(
    max_examples=300 if NIGHTLY else 4,
    phases=[Phase.explicit, Phase.reuse, Phase.generate] + ([Phase.shrink] if NIGHTLY else []),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_log_keeps_its_promises(
    stranger: Stranger,
    settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    history: list[Step],
    minima: tuple[int, int],
) -> None:
    """Totals, order, minima, waiting, uniqueness: after every publication of every history."""
    reader = _begin(settings, tmp_path_factory.mktemp("history"), minima)
    world = World()
    for step in history:
        world.live(step)
        world.publish(step.crash)
        _check(reader.look(), reader, world.date, minima)
    for gap in (1, 21, 8):  # decided at the latest, overdue at the latest, corrected
        world.live(Step(gap, []))
        world.publish()
    entries = reader.look()
    _check(entries, reader, world.date, minima)
    _check_end([entry.encode() for entry in entries], world)


def _begin(settings: Settings, folder: Path, minima: tuple[int, int]) -> Stranger:
    """Begin a log anew, with the keys that there are."""
    of_the_log = (Correction, Link, Note, Leaf, Received, Batch)
    for model in (Mail, ReviewCount, Recall, Declaration, *of_the_log, AuditHead, AuditRow):
        model._default_manager.all().delete()
    settings.LOG_FOLDER, settings.LOCK_FOLDER = folder / "log", folder / "lock"
    settings.TRUST_FOLDER = folder / "trust"
    settings.MIN_BATCH, settings.MIN_CELL = minima
    return Stranger(folder / "log")


def _check(entries: list[Entry], reader: Stranger, today: date, minima: tuple[int, int]) -> None:
    raw = [entry.encode() for entry in entries]
    cells = _recount(raw)
    assert cells == {(each.orgs, each.class_): each.count for each in reader.cells}
    assert cells == _in_the_tables() == published().cells
    _check_nothing_repeats(raw)
    for batch in _batches(entries):
        _check_batch(batch, minima)
    waiting = Leaf.objects.filter(index=None)
    assert all((today - since).days < 21 for since in waiting.values_list("day", flat=True))
    monday = today - timedelta(days=today.weekday())
    assert not Correction.objects.filter(index=None, day__lt=monday).exists()
    assert not Note.objects.filter(index=None, kind=5).exists()
    links = [(at, data[4:36], data[36:]) for at, data in enumerate(raw) if data[0] == L]
    rows = Link.objects.order_by("index").values_list("index", "commitment", "nullifier")
    assert links == [(at, bytes(one), bytes(other)) for at, one, other in rows]


def _recount(raw: list[bytes]) -> dict[tuple[int, int], int]:
    """Count again from bytes: D plus one, C minus one, under the two bytes that they carry."""
    counts = Counter((data[1], data[2]) for data in raw if data[0] == D)
    counts.subtract((data[1], data[2]) for data in raw if data[0] == C)
    assert all(number >= 0 for number in counts.values())
    return {cell: number for cell, number in counts.items() if number}


def _in_the_tables() -> dict[tuple[int, int], int]:
    leaves = Leaf.objects.filter(batch__state="published")
    rows = leaves.exclude(correction__batch__state="published")
    return dict(
        Counter((o or 0, k or 0) for o, k in rows.values_list("published_orgs", "published_klass"))
    )


def _check_nothing_repeats(raw: list[bytes]) -> None:
    """Beyond the first four bytes, no eight bytes in a row stand in two leaves; no D is
    corrected twice."""
    start = {D: 4, C: 12, L: 4, N: 4}
    random = [data[start[data[0]] :] for data in raw if data[0] in start]
    random += [data[8:] for data in raw if data[0] == R and any(data[4:8])]
    windows = [part[at : at + WINDOW] for part in random for at in range(len(part) - WINDOW + 1)]
    assert len(windows) == len(set(windows))
    corrected = [data[4:12] for data in raw if data[0] == C]
    assert len(corrected) == len(set(corrected))
    codes = {data[:4] for data in raw if data[0] in (D, C)}
    assert all(code[3] == 0 for code in codes if code[0] == D)


def _batches(entries: list[Entry]) -> list[list[Entry]]:
    ends = [at for at, entry in enumerate(entries, 1) if isinstance(entry, Seal)]
    return [entries[first:end] for first, end in pairwise([0, *ends])]


def _check_batch(batch: list[Entry], minima: tuple[int, int]) -> None:
    """Order, one R, one S, the flag where minima are missed and only there, weekly C."""
    raw = [entry.encode() for entry in batch]
    order = [D, C, L, N, R, S]
    assert raw == sorted(raw, key=lambda data: (order.index(data[0]), data[4:]))
    assert [data[0] for data in raw].count(R) == [data[0] for data in raw].count(S) == 1
    sizes = Counter((data[1], data[2]) for data in raw if data[0] == D)
    small = sizes and (sizes.total() < minima[0] or min(sizes.values()) < minima[1])
    assert raw[-1][1] == int(bool(small))
    seal = batch[-1]
    assert isinstance(seal, Seal)
    sealed = day_date(seal.last_day)
    decided = Correction.objects.filter(batch__number=seal.batch).values_list("day", flat=True)
    assert all(day < sealed - timedelta(days=sealed.weekday()) for day in decided)


def _check_end(raw: list[bytes], world: World) -> None:
    """Everybody accepted is in once unless they withdrew in time; nobody else is in at all."""
    assert not Leaf.objects.filter(index=None).exists()
    assert not Correction.objects.filter(index=None).exists()
    counted = [data[4:] for data in raw if data[0] == D]
    corrected = {counted_at[int.from_bytes(data[4:12])] for data in raw if data[0] == C} if (
        counted_at := {at: data[4:] for at, data in enumerate(raw) if data[0] == D}
    ) else set()  # fmt: skip
    assert len(counted) == len(set(counted))
    assert [data[0] for data in raw].count(L) == world.links
    assert sum(int.from_bytes(data[4:8]) for data in raw if data[0] == R) == world.persons
    expected = 0
    for number, code in enumerate(world.codes):
        row = row_of(code)
        mine = set(row.all_commitments())
        inside = mine & set(counted)
        recalled = Recall.objects.filter(person__declaration=row)
        if row.state == "accepted":
            expected += len(mine)
            assert inside == mine
            assert len(inside & corrected) == recalled.count()
        else:
            assert inside <= corrected
            assert row.state == "withdrawn" or not inside
            expected += len(inside)
        _check_mail(number, row, len(inside), world)
    assert expected == len(counted)
    assert Person.objects.filter(leaf__isnull=False, delivered=False).count() == 0


def _check_mail(number: int, row: Declaration, inside: int, world: World) -> None:
    """Each mailbox has its path and its proofs once; an erased one has nothing."""
    found = told(world.codes[number])
    if number in world.erased or (row.state == "withdrawn" and not inside):
        assert found == []
        assert row.packet is None
        return
    assert found.count("received") == 1
    assert ("logged" in found) is bool(inside)
    has_corrections = Recall.objects.filter(person__declaration=row).exists()
    assert (found.count("corrected") > 0) is has_corrections
