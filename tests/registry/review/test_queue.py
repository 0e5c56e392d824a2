# SPDX-License-Identifier: AGPL-3.0-or-later
"""The queue: what waits, opened for one answer, with flags and clusters."""

import logging
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.registry.declarations.desk import DAY, NOW, Desk, body, hand_in, person, unnamed
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review.actions import accept_one, claim, closed_count, queue, return_one
from tuidang.registry.vault.actions import renew_ring

SAME = "这是一段样本文字，谁也没有这样声明过，只用来看看相近的文字会不会排在一起。"


def test_the_queue_opens_what_waits(desk: Desk) -> None:
    """An item holds the opened declaration, its day and channel, and who holds it."""
    row, _ = hand_in(body(person("样本甲"), unnamed=unnamed(2)), channel="letter")
    claim(row.id, by=desk.second.doer, now=NOW)
    (item,) = queue(desk.first.unlocked)
    assert (item.id, item.day, item.channel, item.persons) == (row.id, DAY, "letter", 3)
    assert item.opened.declaration.persons[0].name == "样本甲"
    assert item.claim is not None
    assert item.claim.by == desk.second.doer.id
    assert (item.flags, item.cluster, item.needs_two, item.first_accept) == ((), None, False, None)


def test_only_what_is_received_waits(desk: Desk) -> None:
    """Accepted, returned, rejected and withdrawn declarations are not in the queue."""
    accepted, returned, rejected, withdrawn, waiting = (hand_in()[0] for _ in range(5))
    accept_one(accepted.id, desk.first.unlocked, by=desk.first.doer, now=NOW)
    return_one(returned.id, "样本？", by=desk.first.doer, now=NOW)
    declarations.reject(rejected, "test", by=desk.first.doer, day=DAY)
    declarations.ask_withdrawal(withdrawn, day=DAY)
    assert [item.id for item in queue(desk.first.unlocked)] == [waiting.id]


def test_an_item_says_what_a_rule_flags(desk: Desk) -> None:
    """The flags are those of the pure rules, over the opened declaration."""
    hand_in(body(person("测试样本"), unnamed=unnamed(21)))
    (item,) = queue(desk.first.unlocked)
    assert {flag.rule for flag in item.flags} == {"test_word", "many_unnamed"}
    assert item.needs_two


def test_near_texts_stand_together_and_first(desk: Desk) -> None:
    """Declarations with nearly the same statement share a cluster and come before the others."""
    days = [DAY - timedelta(days=n) for n in range(4)]
    alone = hand_in(day=days[3])[0]
    late = hand_in(body(statement=SAME), day=days[0])[0]
    early = hand_in(body(statement=SAME + "。"), day=days[1])[0]
    items = queue(desk.first.unlocked)
    assert [item.id for item in items] == [early.id, late.id, alone.id]
    assert [item.cluster for item in items] == [min(early.id, late.id)] * 2 + [None]


def test_single_ones_come_by_day_and_then_by_id(desk: Desk) -> None:
    """Older days come first; within a day the random id decides, not the arrival."""
    rows = [hand_in(day=day)[0] for day in (DAY, DAY - timedelta(days=1), DAY, DAY)]
    expected = sorted(rows, key=lambda row: (row.day, row.id))
    assert [item.id for item in queue(desk.first.unlocked)] == [row.id for row in expected]


def test_a_month_without_a_key_is_counted_and_not_opened(desk: Desk) -> None:
    """What is sealed to a month that this volunteer does not have is left out and counted."""
    august = date(2026, 8, 1)
    renew_ring("review", "2026-08", by=REGISTRY, day=august)
    hand_in(day=august)
    row, _ = hand_in()
    assert [item.id for item in queue(desk.first.unlocked)] == [row.id]
    assert closed_count(desk.first.unlocked) == 1


def test_a_damaged_text_hides_nothing_else(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sealed text that does not open is logged without its id; the others are shown."""
    damaged, _ = hand_in()
    Declaration.objects.filter(pk=damaged.pk).update(sealed=b"no ciphertext")
    row, _ = hand_in()
    logger = logging.getLogger("tuidang.registry.review.queue")
    monkeypatch.setattr(logger, "disabled", False)
    with caplog.at_level(logging.ERROR):
        assert [item.id for item in queue(desk.first.unlocked)] == [row.id]
    assert "1 sealed declarations do not open" in caplog.text
    assert str(damaged.id) not in caplog.text


def test_no_item_prints_what_it_holds(desk: Desk) -> None:
    """The repr of an item shows no name and no text."""
    hand_in(body(person("样本甲"), statement=SAME))
    (item,) = queue(desk.first.unlocked)
    assert "样本" not in repr(item)
    assert isinstance(item.id, UUID)
