# SPDX-License-Identifier: AGPL-3.0-or-later
"""From entries to totals."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.pure.ledger.samples import DAY, SampleLog, counted, sample_log
from tuidang.pure.ledger.entries import CLASSES, ORGS, Seal
from tuidang.pure.tally import Period, Totals, by_day, cells_of, count, difference, totals

CELLS = st.dictionaries(
    st.tuples(st.sampled_from(sorted(ORGS)), st.sampled_from(sorted(CLASSES))),
    st.integers(1, 10**9),
)


def seals(log: SampleLog) -> list[Seal]:
    """Return the seals of a log."""
    return [entry for entry in log.entries if isinstance(entry, Seal)]


def test_who_leaves_three_organisations_counts_once() -> None:
    """One person is one person, and appears under each organisation that they named."""
    found = totals(count([counted("1", orgs=7)]))
    assert (found.persons, found.party, found.league, found.pioneers) == (1, 1, 1, 1)


def test_every_heading_is_told_apart() -> None:
    """Organisations, not specified, withheld, classes and carried-over are separate figures."""
    cells = {(1, 0): 2, (3, 1): 3, (6, 0x82): 5, (0, 3): 7, (0xFF, 7): 11, (0xFF, 0x87): 13}
    assert totals(cells) == Totals(
        persons=41,
        party=5,
        league=8,
        pioneers=5,
        unspecified=7,
        withheld=24,
        by_class={0: 2, 1: 3, 2: 5, 3: 7, 7: 24},
        carried_over=18,
    )


@given(CELLS)
def test_no_person_is_lost_between_headings(cells: dict[tuple[int, int], int]) -> None:
    """Classes add up to the persons; each organisation holds no more than those who named any."""
    found = totals(cells)
    assert sum(found.by_class.values()) == found.persons == sum(cells.values())
    named = found.persons - found.unspecified - found.withheld
    organisations = (found.party, found.league, found.pioneers)
    assert max(organisations) <= named <= sum(organisations)


@given(CELLS, CELLS)
def test_differences_lead_from_one_seal_to_the_next(
    later: dict[tuple[int, int], int], earlier: dict[tuple[int, int], int]
) -> None:
    """What lies between two seals, added to the first, gives the second."""
    change = difference(later, earlier)
    keys = {*later, *earlier}
    summed = {key: earlier.get(key, 0) + change.get(key, 0) for key in keys}
    assert {key: number for key, number in summed.items() if number} == later
    assert 0 not in change.values()


def test_seals_equal_a_recount() -> None:
    """The cells of the last seal are those that the entries themselves give."""
    log = sample_log()
    assert cells_of(seals(log)[-1]) == count(log.entries)
    assert cells_of(None) == {}


def test_days_add_up_to_the_last_seal() -> None:
    """The periods cover each day and sum to the total; corrections take away."""
    log = sample_log()
    periods = list(by_day(seals(log)))
    assert [period.first_day for period in periods] == [DAY + timedelta(days=n) for n in range(3)]
    assert [period.totals.persons for period in periods] == [3, 4, 0]
    last = totals(cells_of(seals(log)[-1]))
    assert sum(period.totals.persons for period in periods) == last.persons == 7


def test_days_can_start_in_the_middle() -> None:
    """From a later seal on, the same periods come out as when counting from the start."""
    found = seals(sample_log())
    expected: list[Period] = list(by_day(found))[1:]
    assert list(by_day(found[1:], before=found[0])) == expected
