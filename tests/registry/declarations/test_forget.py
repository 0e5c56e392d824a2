# SPDX-License-Identifier: AGPL-3.0-or-later
"""What has had its time is deleted, and what must stay stays."""

from datetime import UTC, datetime, time, timedelta

from tests.registry.declarations.desk import DAY, Desk, hand_in
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations import actions, day_keys, jobs
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.transparency.models import Leaf
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail


def after(days: int) -> datetime:
    """Give a time so many days later."""
    return datetime.combine(DAY + timedelta(days=days), time(12), tzinfo=UTC)


def test_a_rejected_declaration_lives_for_thirty_days(desk: Desk) -> None:
    """Then row and mail are deleted; the audit of the decision stays."""
    row, _ = hand_in()
    actions.reject(row, "test", by=desk.first.doer, day=DAY)
    actions.hand_over(day=DAY)
    post(bytes(row.lookup), row.mailbox_recipient, "received", b"{}", day=DAY)
    jobs.forget(after(30))
    assert Declaration.objects.exists()
    jobs.forget(after(31))
    assert not Declaration.objects.exists()
    assert not Mail.objects.exists()
    assert AuditRow.objects.filter(verb="reject", subject=row.id).exists()


def test_nothing_is_forgotten_that_the_log_was_not_given(desk: Desk) -> None:
    """A rejected declaration stays until its commitments have been handed over."""
    row, _ = hand_in()
    actions.reject(row, "test", by=desk.first.doer, day=DAY)
    jobs.forget(after(300))
    assert Declaration.objects.exists()


def test_the_text_of_an_accepted_declaration_lives_for_ninety_days(desk: Desk) -> None:
    """Then the sealed text and the answers go; row, packet and leaf stay."""
    row, _ = hand_in()
    actions.return_with_question(row, "样本？", by=desk.first.doer, day=DAY)
    row.refresh_from_db()
    actions.answer(row, "样本", day=DAY)
    jobs.carry_out_requests(after(0))
    desk.accept(row)
    jobs.forget(after(90))
    row.refresh_from_db()
    assert row.sealed is not None
    jobs.forget(after(91))
    row.refresh_from_db()
    assert row.sealed is None
    assert Request.objects.get().sealed is None
    assert row.packet is not None
    assert Leaf.objects.count() == 1


def test_what_waits_is_never_forgotten(desk: Desk) -> None:
    """Received and returned declarations keep their text however long they wait."""
    hand_in()
    returned, _ = hand_in()
    actions.return_with_question(returned, "样本？", by=desk.first.doer, day=DAY)
    actions.hand_over(day=DAY)
    jobs.forget(after(1000))
    assert Declaration.objects.filter(sealed__isnull=False).count() == 2


def test_the_timetable_destroys_day_keys(desk: Desk) -> None:
    """The job leaves the keys that 48 hours still need, and no others."""
    first = day_keys.key_of(DAY)
    jobs.destroy_old_day_keys(after(2))
    assert day_keys.key_of(DAY) == first
    jobs.destroy_old_day_keys(after(3))
    assert day_keys.key_of(DAY) != first
