# SPDX-License-Identifier: AGPL-3.0-or-later
"""One decision about all that no rule flags."""

from datetime import date, timedelta

import pytest

from tests.registry.declarations.desk import NOW, Desk, body, hand_in, other, person, unnamed
from tuidang.pure.intake.flags import RULES
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations.errors import StateRefused
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review.actions import accept_clean, batch, claim, undo
from tuidang.registry.review.errors import NoRuleRan
from tuidang.registry.review.models import Decision
from tuidang.registry.vault.actions import renew_ring


def run(desk: Desk) -> batch.Report:
    """Accept all that is clean, as the first volunteer."""
    return accept_clean(desk.first.unlocked, by=desk.first.doer, now=NOW)


def test_what_no_rule_flags_is_accepted_as_a_batch(desk: Desk) -> None:
    """Clean declarations are accepted, each a decision that says it was made in a batch."""
    for _ in range(3):
        hand_in(body(person(), other("样本乙")))
    report = run(desk)
    assert (report.accepted, report.persons, report.left) == (3, 6, {})
    assert set(Declaration.objects.values_list("state", "manner")) == {("accepted", "batch")}
    assert Decision.objects.undoable(NOW).count() == 3
    audited = AuditRow.objects.filter(verb="accept").values_list("doer", "facts__manner")
    assert list(audited) == [(desk.first.doer.id, "batch")] * 3


def test_what_is_left_is_left_for_a_reason(desk: Desk) -> None:
    """Flagged, needing two, open elsewhere, or without a key: each is counted and waits."""
    hand_in(body(person("测试样本")))
    hand_in(body(person(), unnamed=unnamed(21)))
    held, _ = hand_in()
    claim(held.id, by=desk.second.doer, now=NOW)
    august = date(2026, 8, 1)
    renew_ring("review", "2026-08", by=REGISTRY, day=august)
    hand_in(day=august)
    report = run(desk)
    assert report.left == {"flagged": 1, "needs_two": 1, "claimed": 1, "closed": 1}
    assert report.accepted == 0
    assert set(Declaration.objects.values_list("state", "first_accept")) == {("received", None)}


def test_every_rule_is_named_with_what_it_flagged(desk: Desk) -> None:
    """The report lists every rule in one sentence, also those that flagged nothing."""
    hand_in(body(person("测试样本"), other("测试样本")))
    report = run(desk)
    assert [(rule.name, rule.sentence) for rule in report.rules] == [
        (rule.name, rule.sentence) for rule in RULES
    ]
    flagged = {rule.name: rule.flagged for rule in report.rules if rule.flagged}
    assert flagged == {"test_word": 1, "repeated_name": 1}


def test_a_batch_decision_needs_rules(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no rule runs, nothing is accepted."""
    hand_in()
    monkeypatch.setattr(batch, "RULES", ())
    with pytest.raises(NoRuleRan):
        run(desk)
    assert Declaration.objects.get().state == "received"


def test_what_changed_meanwhile_stops_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that was decided between looking and accepting is left; the others are accepted."""
    gone, _ = hand_in()
    hand_in()
    accept_one = batch.accept_one

    def overtaken(declaration_id: object, *args: object, **facts: object) -> Decision:
        if declaration_id == gone.id:
            raise StateRefused("rejected")
        return accept_one(declaration_id, *args, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "accept_one", overtaken)
    report = run(desk)
    assert (report.accepted, report.left) == (1, {"changed": 1})


def test_each_acceptance_of_a_batch_is_undone_by_itself(desk: Desk) -> None:
    """One of the batch can be taken back within ten minutes; the others stay."""
    hand_in()
    hand_in()
    run(desk)
    undone = Decision.objects.all()[0]
    undo(undone, by=desk.second.doer, now=NOW + timedelta(minutes=5))
    states = Declaration.objects.values_list("state", flat=True)
    assert sorted(states) == ["accepted", "received"]
