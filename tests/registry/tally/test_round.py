# SPDX-License-Identifier: AGPL-3.0-or-later
"""The day's round, from declarations to figures that a stranger recounts."""

import time
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from tests.registry.tally.samples import at, day, declare, row_of, told
from tests.registry.transparency.stranger import Stranger
from tuidang.pure.ledger.entries import Counted, Received
from tuidang.pure.tally import count, difference, totals
from tuidang.registry.declarations.actions import ask_withdrawal
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.tally import actions
from tuidang.registry.tally.actions import publish_batch, published
from tuidang.registry.tally.jobs import publish_daily
from tuidang.registry.tally.models import ReviewCount
from tuidang.registry.transparency.actions import open_store
from tuidang.registry.transparency.errors import LogAhead
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.models import Received as ReceivedRow

pytestmark = pytest.mark.django_db


def test_what_came_in_is_proven_and_what_was_accepted_is_counted(stranger: Stranger) -> None:
    """All commitments go into R, accepted persons become leaves, and each gets mail."""
    accepted = declare(3, manner="single")
    waiting = declare(2)
    batch = publish_batch(now=at(0))
    assert batch == Batch.objects.get()
    entries = stranger.look()
    assert sum(isinstance(entry, Counted) for entry in entries) == 3
    assert [entry.count for entry in entries if isinstance(entry, Received)] == [5]
    assert told(accepted) == ["logged", "received"]
    assert told(waiting) == ["received"]


def test_a_withdrawal_that_waits_is_carried_out_first(stranger: Stranger) -> None:
    """Who withdrew before publication is not published, not even by the very next round."""
    code = declare(1, manner="single")
    ask_withdrawal(row_of(code), day=day(0))
    publish_batch(now=at(0), at_once=True)
    assert not [entry for entry in stranger.look() if isinstance(entry, Counted)]


def test_nothing_is_handed_over_before_it_is_due(stranger: Stranger, settings: Settings) -> None:
    """Minute by minute, the tables must not show the order in which declarations came in."""
    settings.PUBLISH_HOUR = 3
    declare(1)
    publish_daily(at(0, hour=2))
    assert not ReceivedRow.objects.exists()
    assert not Batch.objects.exists()
    publish_daily(at(0, hour=3))
    assert ReceivedRow.objects.count() == 1
    declare(1)
    publish_daily(at(0, hour=4))
    assert ReceivedRow.objects.count() == 1
    publish_daily(at(1, hour=3))
    assert ReceivedRow.objects.count() == 2
    assert len(stranger.look()) == 7  # the first trust bundle has an entry in the second batch


def test_the_timetable_does_not_publish_after_its_hour(
    stranger: Stranger, settings: Settings
) -> None:
    """An installation that is started at noon waits for the next day's hour."""
    settings.PUBLISH_HOUR = 3
    declare(1)
    publish_daily(at(0, hour=12))
    assert not Batch.objects.exists()
    publish_daily(at(1, hour=3))
    assert len(stranger.look()) == 3


def test_a_log_that_cannot_go_on_stops_the_round_before_it_begins(stranger: Stranger) -> None:
    """Where publishing would be wrong, nothing is handed over and the words say why."""
    publish_batch(now=at(0))
    ReviewCount.objects.all().delete()
    Batch.objects.all().delete()
    declare(1)
    with pytest.raises(LogAhead):
        publish_batch(now=at(1))
    assert not ReceivedRow.objects.exists()
    stranger.look()


def test_manners_of_review_are_counted_by_person(stranger: Stranger) -> None:
    """Each published person counts once, under how their declaration was reviewed."""
    declare(3, manner="single")
    declare(4, manner="batch")
    declare(2)
    publish_batch(now=at(0))
    assert published().reviewed == {"single": 3, "cluster": 0, "batch": 4}
    declare(5, on=1, manner="cluster")
    publish_batch(now=at(1))
    assert published().reviewed == {"single": 3, "cluster": 5, "batch": 4}
    assert ReviewCount.objects.count() == 6
    stranger.look()


def test_a_round_that_was_interrupted_is_finished_by_the_next(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If telling fails after publication, the next round tells and counts, and publishes none."""
    code = declare(2, manner="single")
    with monkeypatch.context() as patch:
        patch.setattr(f"{actions.__name__}.declarations.deliver", lambda batch, day: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            publish_batch(now=at(0))
    assert told(code) == []
    assert publish_batch(now=at(0, hour=5)) is None
    assert told(code) == ["logged", "received"]
    assert published().reviewed["single"] == 2
    assert len(stranger.look()) == 2 + 3


def test_the_figures_are_what_a_stranger_recounts(stranger: Stranger) -> None:
    """Totals, cells and checkpoint equal a recount of the public files."""
    declare(3, organizations=("party", "league", "pioneers"), manner="single")
    declare(2, organizations=("unspecified",), manner="cluster")
    publish_batch(now=at(0))
    declare(4, on=1, organizations=("league",), manner="batch")
    publish_batch(now=at(1))
    entries = stranger.look()
    figures = published()
    assert figures.cells == count(entries)
    assert figures.totals == totals(count(entries))
    assert (figures.totals.persons, figures.totals.league) == (9, 7)
    assert figures.checkpoint == (stranger.folder / "checkpoint").read_text()
    assert (figures.sealed_up_to, figures.batches) == (day(1), 2)


def test_days_are_the_differences_of_seals(stranger: Stranger) -> None:
    """Each sealed day says what it added, several batches of one day together."""
    for number, (on, persons) in enumerate([(0, 3), (1, 1), (1, 4), (4, 2)]):
        declare(persons, on=on, manner="single")
        publish_batch(now=at(on, hour=3 + number), at_once=True)
    days = published().days
    assert [(each.first_day, each.last_day, each.totals.persons) for each in days] == [
        (day(0), day(0), 3),
        (day(1), day(1), 5),
        (day(2), day(4), 2),
    ]
    assert stranger.look()


@pytest.mark.parametrize(
    ("first", "last", "persons"),
    [
        (None, None, 10),
        (0, 4, 10),
        (1, 1, 5),
        (1, None, 7),
        (None, 1, 8),
        (2, 3, 0),
        (3, 9, 2),
        (5, 9, 0),
        (4, 1, 0),
    ],
)
def test_a_period_is_the_sum_of_its_days(
    stranger: Stranger, first: int | None, last: int | None, persons: int
) -> None:
    """From and to choose whole sealed days, and the totals of the log stay what they are."""
    for on, number in [(0, 3), (1, 5), (4, 2)]:
        declare(number, on=on, manner="single")
        publish_batch(now=at(on))
    begin = None if first is None else day(first)
    end = None if last is None else day(last)
    figures = published(begin, end)
    assert figures.in_period.persons == persons
    assert sum(each.totals.persons for each in figures.days) == persons
    assert figures.totals.persons == 10
    assert stranger.look()


def test_before_the_log_begins_there_are_no_figures(stranger: Stranger) -> None:
    """An empty installation shows zeros and no checkpoint."""
    figures = published()
    assert (figures.totals.persons, figures.days, figures.checkpoint) == (0, (), "")
    assert (figures.batches, figures.sealed_up_to, figures.reviewed) == (0, None, {})
    assert not stranger.folder.exists()


def test_lowered_minima_and_flagged_seals_are_said(stranger: Stranger, settings: Settings) -> None:
    """The figures say when minima are below production's, and when a batch missed them."""
    declare(1, manner="single")
    publish_batch(now=at(0))
    assert published().minima_lowered
    assert not published().below_minima
    settings.MIN_BATCH, settings.MIN_CELL = 1000, 20
    assert not published().minima_lowered
    declare(1, on=1, manner="single")
    publish_batch(now=at(22))
    assert published().below_minima
    assert published(None, day(0)).below_minima is False
    assert published().totals.withheld == 1
    assert stranger.look()


def test_the_timetable_lets_another_publisher_finish(stranger: Stranger) -> None:
    """While somebody else publishes, the job does nothing, and a minute later it is due still."""
    with open_store().alone():
        publish_daily(at(0, hour=3))
    assert not Batch.objects.exists()
    publish_daily(at(0, hour=3))
    assert stranger.look()


def test_the_figures_take_three_queries(
    stranger: Stranger, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """However many days there are, the page asks three times; seals are read once a batch."""
    for number in range(5):
        publish_batch(now=at(number))
        with django_assert_num_queries(4):
            first = published()
        with django_assert_num_queries(3):
            assert published() == first
    assert stranger.look()


def test_a_list_of_500_is_told_in_seconds(stranger: Stranger) -> None:
    """Publishing and telling a list of 500 persons takes no more than a few times that of 100."""
    declare(100, manner="single")
    began = time.process_time()
    publish_batch(now=at(0))
    small = time.process_time() - began
    code = declare(500, on=1, manner="single")
    began = time.process_time()
    publish_batch(now=at(1))
    large = time.process_time() - began
    print(f"\nCPU of a round of 100 persons {small:.2f} s, of 500 {large:.2f} s")
    assert large < 10 * small + 1  # quadratic would be 25 times
    assert told(code) == ["logged", "received"]
    assert Person.objects.filter(delivered=True).count() == 600
    assert stranger.look()


def test_the_channel_is_dropped_with_publication(stranger: Stranger) -> None:
    """After the round nothing says how a published declaration came in."""
    declare(1, manner="single")
    publish_batch(now=at(0) + timedelta(minutes=1))
    assert Declaration.objects.get().channel == ""
    assert difference(published().cells, {}) == count(stranger.look())
