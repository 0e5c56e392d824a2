# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom a code certifies: not the persons of a list, and not who is recorded without counting."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pytest_django import Settings

from tests.registry.certificates.office import WISH, WORD, Applicant, Office
from tests.registry.certificates.test_fetch import deliver
from tests.registry.declarations.desk import DAY, body, hand_in, other, person
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.errors import (
    ApplicationGone,
    AppliedAlready,
    DoesNotFit,
    NotCertifiable,
    WishesRefused,
)
from tuidang.registry.certificates.fitting import fits
from tuidang.registry.certificates.models import Application, Pickup, Reply
from tuidang.registry.certificates.policies import can_apply, can_sign
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.vault.models import Mail

NO_CERTIFICATE = ("deceased", "unasked", "test", "not_voluntary")


def why_refused(applicant: Applicant, **changed: Any) -> str:
    """Apply, and return the reason of the refusal."""
    with pytest.raises(NotCertifiable) as refused:
        applicant.apply(replace(WISH, **changed))
    return refused.value.why


def collected(name: str) -> dict[str, Any]:
    """Return somebody whom a collector declares."""
    return person(name, declared_by="collector", consent="asked")


def test_a_list_stays_a_list_once_it_is_published(office: Office) -> None:
    """The channel is dropped and nothing in the table says list any more; the code's own packet
    does, so that it still certifies nobody.
    """
    row, code = hand_in(body(other("样本乙"), other("样本丙")), channel="list")
    office.desk.accept(row)
    office.publish()
    row = Declaration.objects.get(pk=row.pk)
    assert row.channel == ""
    assert can_apply(row)
    assert why_refused(Applicant(row, code)) == "list"
    with pytest.raises(NotCertifiable):
        actions.check_code(row, code)
    assert not Application.objects.exists()


def test_a_collectors_code_certifies_nobody(office: Office) -> None:
    """However it came in; who declares for themselves beside others keeps their own code."""
    for channel in ("web", "desk"):
        row, code = hand_in(body(collected("样本乙"), other("样本丙")), channel=channel)
        assert why_refused(Applicant(row, code)) == "list"
    row, code = hand_in(body(person(), collected("样本乙")))
    actions.check_code(row, code)


@pytest.mark.parametrize("reason", Person.NotCounted.values)
def test_who_does_not_count(office: Office, reason: str) -> None:
    """Of those recorded and not counted only a repeat is certified; the others beside them are."""
    row, code = hand_in(body(person(), other("样本乙")))
    office.desk.accept(row, not_counted={1: reason})
    applicant = Applicant(row, code)
    if reason in NO_CERTIFICATE:
        assert why_refused(applicant) == "uncounted"
    else:
        applicant.apply()
    assert can_apply(row)
    applicant.apply(replace(WISH, number=2))


def test_where_nobody_counts_the_code_certifies_nobody(office: Office) -> None:
    """Then the page says so before anything is filled in."""
    row, code = hand_in()
    office.desk.accept(row, not_counted={1: "test"})
    assert not can_apply(row)
    with pytest.raises(NotCertifiable):
        actions.check_code(row, code)


def test_who_applied_first_is_not_certified_either(office: Office) -> None:
    """The application came before the decision: it is neither checked nor signed."""
    applicant = office.applicant(accept=False)
    application = applicant.apply()
    office.desk.accept(applicant.row, not_counted={1: "not_voluntary"})
    with pytest.raises(NotCertifiable):
        office.prepare(application)


def test_who_is_taken_out_later_is_not_signed(office: Office) -> None:
    """A correction between the check and the signature; the queue keeps it from the batch."""
    applicant, fine = office.applicant(), office.applicant()
    application, other_one = (office.prepare(each.apply()) for each in (applicant, fine))
    office.publish()
    assert set(actions.to_sign()) == {application.pk, other_one.pk}
    recall = declarations.ask_recall(
        applicant.row.persons.get(), "test", by=office.first.doer, day=DAY
    )
    assert len(actions.to_sign()) == 2
    declarations.confirm_recall(recall, by=office.second.doer, day=DAY)
    assert actions.to_sign() == [other_one.pk]
    application.refresh_from_db()
    assert not can_sign(application, by=office.second.doer)
    with pytest.raises(NotCertifiable):
        office.sign(application)


def test_a_friend_does_not_apply_for_a_child(office: Office) -> None:
    """For somebody under age a parent does."""
    row, code = hand_in(body(other("样本乙")))
    child = replace(WISH, birth_date=date(2015, 3, 4), relation="friend")
    with pytest.raises(WishesRefused) as refused:
        Applicant(row, code).apply(child)
    assert [each.code for each in refused.value.problems] == ["minor_alone"]
    Applicant(row, code).apply(replace(child, relation="relative"))


def test_what_no_code_holds_is_told_at_application(office: Office) -> None:
    """The longest that could come of it is what counts, so that no volunteer works in vain."""
    long = replace(WISH, birth_place="城" * 60, chinese_name="样" * 40)
    with pytest.raises(WishesRefused) as refused:
        office.applicant().apply(long)
    assert [(each.where, each.code) for each in refused.value.problems] == [
        ("birth_place", "does_not_fit")
    ]
    assert fits(replace(WISH, birth_place="城" * 20), None, day=DAY)
    assert fits(replace(WISH, birth_place="城" * 8), "样本" * 8, day=DAY)


def test_what_fits_no_more_is_left_and_not_a_crash(office: Office, settings: Settings) -> None:
    """A host's name that has become longer since is a refusal of this one certificate."""
    application = office.prepare(office.applicant().apply(replace(WISH, birth_place="城" * 30)))
    office.publish()
    settings.VERIFY_HOST = "verify." + "a" * 180 + ".invalid"
    with pytest.raises(DoesNotFit):
        office.sign(application)
    seat = office.second
    report = actions.sign_many([application.pk], seat.unlocked, by=seat.doer, day=DAY)
    assert report.left == {"does_not_fit": 1}


def test_an_erased_mailbox_takes_what_was_sealed_to_the_office(office: Office) -> None:
    """Waiting ends, what was decided is forgotten at once; nobody else's is touched."""
    erasing, decided, stays = (office.applicant() for _ in range(3))
    waiting, refused, kept = (each.apply() for each in (erasing, decided, stays))
    actions.reply(erasing.row, waiting.pk, "样本", day=DAY)
    actions.refuse(refused.pk, "unreadable", by=office.first.doer, day=DAY)
    for each in (erasing, decided):
        declarations.ask_erasure(each.row, day=DAY)
    declarations.apply_requests(day=DAY)
    assert actions.carry_out(day=DAY) == 2
    assert [*Application.objects.filter(sealed__isnull=False)] == [kept]
    assert not Reply.objects.exists()
    waiting.refresh_from_db()
    assert waiting.state == "withdrawn"
    seat = office.first
    with pytest.raises(ApplicationGone):
        actions.open_application(refused.pk, seat.unlocked, by=seat.doer, day=DAY)
    assert actions.carry_out(day=DAY) == 0


def test_who_sees_a_double_click_pays_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would not be stored is refused before any word is stretched."""
    applicant = office.applicant()
    applicant.apply()
    monkeypatch.setattr("hashlib.scrypt", None)
    with pytest.raises(AppliedAlready):
        applicant.apply()


def test_sealed_certificates_are_of_one_size(office: Office) -> None:
    """A real one with the longest names and a small one, in the mailbox or for a pick-up."""
    applicant = office.applicant()
    office.issue(applicant, script="Hant", birth_place="城" * 30, chinese_name="样本" * 3)
    deliver(applicant)
    for found in applicant.fetch():
        assert found.piece is not None
        actions.make_pickup(applicant.row, applicant.code, WORD, found.piece, day=DAY)
    mail = Mail.objects.filter(kind="certificate")
    sizes = [len(each.sealed) for each in (*mail, *Pickup.objects.all())]
    assert len(sizes) == 4
    # age itself adds a stanza of no fixed length.
    assert {round(size / 4096) for size in sizes} == {128}
