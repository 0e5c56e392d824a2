# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who goes out today, and how much is said of them."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.pure.ledger.samples import DAY, counted, digest
from tuidang.pure.ledger.batches import (
    Choice,
    Minima,
    Waiting,
    choose,
    corrections_decided_before,
)
from tuidang.pure.ledger.entries import Counted

Finest = tuple[int, int]
MINIMA = Minima(batch=10, cell=3)
FINEST = st.tuples(st.sampled_from([0, 1, 5, 7]), st.sampled_from([0, 1, 2, 3, 0x80]))
WAITING = st.lists(st.tuples(FINEST, st.integers(0, 30)), max_size=40).map(
    lambda found: [waiting(str(n), *each) for n, each in enumerate(found)]
)
ARRIVALS = st.lists(st.lists(FINEST, max_size=6), min_size=1, max_size=30)


def waiting(label: str, cell: tuple[int, int], days: int) -> Waiting:
    """Return a leaf that has waited for so many days."""
    return Waiting(counted(label, *cell), DAY - timedelta(days=days))


def crowd(name: str, number: int, cell: tuple[int, int], days: int) -> list[Waiting]:
    """Return leaves of the same cell and the same wait."""
    return [waiting(f"{name} {n}", cell, days) for n in range(number)]


def sizes(choice: Choice) -> dict[tuple[int, int], int]:
    """Return how many leaves of a choice stand in each cell."""
    return dict(Counter((leaf.orgs, leaf.class_) for leaf in choice.leaves))


def test_full_cells_go_out_as_they_are() -> None:
    """Leaves with enough company go out on the first day, with nothing withheld."""
    found = choose(crowd("a", 7, (7, 0), 0) + crowd("b", 3, (1, 1), 0), DAY, MINIMA)
    assert sizes(found) == {(7, 0): 7, (1, 1): 3}
    assert found.flags == 0


def test_small_cells_wait() -> None:
    """A leaf without enough company stays behind, and nothing is flagged for it."""
    found = choose(crowd("a", 10, (7, 0), 0) + crowd("b", 2, (1, 1), 6), DAY, MINIMA)
    assert sizes(found) == {(7, 0): 10}
    assert found.flags == 0


def test_after_a_week_the_class_is_withheld() -> None:
    """Leaves of the same organisations find company when their classes are not told."""
    old = crowd("b", 2, (1, 1), 7) + crowd("c", 1, (1, 2), 7)
    found = choose(crowd("a", 10, (7, 0), 0) + old, DAY, MINIMA)
    assert sizes(found) == {(7, 0): 10, (1, 7): 3}


def test_after_a_week_the_organisations_are_withheld_too() -> None:
    """Leaves that find no company by organisations find it without them."""
    old = [waiting(str(orgs), (orgs, 0), 7) for orgs in (1, 2, 3)]
    found = choose(crowd("a", 10, (7, 0), 0) + old, DAY, MINIMA)
    assert sizes(found) == {(7, 0): 10, (0xFF, 7): 3}


def test_carried_over_leaves_keep_their_own_cells() -> None:
    """That a leaf comes from earlier records is still told when its class is withheld."""
    old = crowd("b", 2, (1, 0x80), 7) + crowd("c", 1, (1, 0x82), 7)
    found = choose(crowd("a", 10, (7, 0), 0) + old, DAY, MINIMA)
    assert sizes(found) == {(7, 0): 10, (1, 0x87): 3}


def test_after_three_weeks_a_leaf_goes_out_flagged() -> None:
    """Who has waited for 21 days goes out alone, saying least, and the seal says so."""
    found = choose(crowd("a", 10, (7, 0), 0) + crowd("b", 1, (1, 1), 21), DAY, MINIMA)
    assert sizes(found) == {(7, 0): 10, (0xFF, 7): 1}
    assert found.flags == 1


def test_a_small_batch_waits_as_a_whole() -> None:
    """Full cells do not go out while the batch would be too small."""
    assert choose(crowd("a", 9, (7, 0), 20), DAY, MINIMA) == Choice((), 0)


def test_a_small_batch_takes_only_the_overdue() -> None:
    """Who may still wait is not drawn into a batch that has to go out too small."""
    found = choose(crowd("a", 5, (7, 0), 20) + crowd("b", 4, (7, 0), 21), DAY, MINIMA)
    assert sizes(found) == {(7, 0): 4}
    assert found.flags == 1


def test_nobody_waiting_is_no_batch() -> None:
    """Without leaves nothing goes out and nothing is flagged."""
    assert choose([], DAY, MINIMA) == Choice((), 0)


def test_a_demonstration_goes_out_at_once() -> None:
    """With minima of one, every leaf goes out as it came."""
    found = choose(crowd("a", 1, (1, 1), 0), DAY, Minima(1, 1))
    assert (sizes(found), found.flags) == ({(1, 1): 1}, 0)


@given(WAITING)
def test_minima_hold_unless_flagged(known: list[Waiting]) -> None:
    """Without the flag batch and cells are as large as promised; with it someone was overdue."""
    found = choose(known, DAY, MINIMA)
    small = any(number < MINIMA.cell for number in sizes(found).values())
    below = bool(found.leaves) and (small or len(found.leaves) < MINIMA.batch)
    assert found.flags == int(below)
    if below:
        assert any((DAY - each.since).days >= 21 for each in known)


@given(WAITING)
def test_each_leaf_says_what_its_wait_allows(known: list[Waiting]) -> None:
    """Nobody overdue stays; nobody is told falsely, or less than a week's wait allows."""
    before = {each.leaf.commitment: each for each in known}
    found = choose(known, DAY, MINIMA)
    out = {leaf.commitment: leaf for leaf in found.leaves}
    assert len(out) == len(found.leaves)
    assert set(out) <= set(before)
    for key, each in before.items():
        days = (DAY - each.since).days
        assert key in out or days < 21
        if key in out and out[key] != each.leaf:
            assert days >= 7
            carried = each.leaf.class_ & 0x80
            assert out[key] in (
                Counted(each.leaf.orgs, 7 | carried, key),
                Counted(0xFF, 7 | carried, key),
            )


@given(WAITING)
def test_who_may_wait_is_in_full_company(known: list[Waiting]) -> None:
    """A leaf that is not overdue goes out only in a full batch and a full cell."""
    since = {each.leaf.commitment: each.since for each in known}
    found = choose(known, DAY, MINIMA)
    for leaf in found.leaves:
        if (DAY - since[leaf.commitment]).days < 21:
            assert len(found.leaves) >= MINIMA.batch
            assert sizes(found)[leaf.orgs, leaf.class_] >= MINIMA.cell


@given(ARRIVALS)
def test_day_after_day_nobody_waits_longer_than_promised(
    arrivals: list[list[tuple[int, int]]],
) -> None:
    """With a batch each day everyone is out, once, 21 days after they could have been."""
    left: list[Waiting] = []
    for number, cells in enumerate([*arrivals, *[[] for _ in range(21)]]):
        today = DAY + timedelta(days=number)
        left += [
            Waiting(Counted(*cell, digest(f"{number} {n}")), today) for n, cell in enumerate(cells)
        ]
        out = {leaf.commitment for leaf in choose(left, today, MINIMA).leaves}
        left = [each for each in left if each.leaf.commitment not in out]
        assert all((today - each.since).days < 21 for each in left)
    assert left == []


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 400))
def test_corrections_go_out_weekly(decided: date, later: int) -> None:
    """A correction waits for the week in which it was decided to be over, and no day longer."""
    today = decided + timedelta(days=later)
    monday = decided + timedelta(days=7 - decided.weekday())
    assert (decided < corrections_decided_before(today)) is (today >= monday)
