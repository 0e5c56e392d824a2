# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two volunteers issue a certificate, and what a stranger makes of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.registry.certificates.office import (
    BORN,
    BOUND,
    NAME,
    WISH,
    Office,
)
from tests.registry.declarations.desk import DAY, other, person
from tuidang.pure.credential.claims import DeclaredAs, IdentityCheck
from tuidang.pure.credential.numbers import shown
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.certificates import actions, issuing, places, trusted
from tuidang.registry.certificates.actions import Issued
from tuidang.registry.certificates.delivery import CODE, PDF, PNG, PROOF
from tuidang.registry.certificates.errors import (
    ApplicationDecided,
    DeclarationNotAccepted,
    NotDatedYet,
    NotValidAnyMore,
    NumberUnknown,
    OwnCheckFailed,
    SignerIsPreparer,
)
from tuidang.registry.certificates.issuing import Made, Maker
from tuidang.registry.certificates.lookup import look_up
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.policies import can_sign
from tuidang.registry.certificates.proving import installed_bundle
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.errors import MailboxErased
from tuidang.registry.vault.models import Mail
from tuidang.verify.certificate.check import check_bytes
from tuidang.verify.certificate.verdict import Verdict

SEEN = IdentityCheck("V", "passport", DAY)


def judged(issued: Issued, name: str = PDF) -> Verdict:
    """Return what a stranger finds with today's bundle."""
    return check_bytes(issued.packed.files[name], installed_bundle(), today=DAY)


def test_from_application_to_a_strangers_verdict(office: Office) -> None:
    """The holder fetches what was issued; it is valid, bound and dated by the log alone."""
    applicant = office.applicant(bind=BOUND)
    issued = office.issue(applicant)
    (delivery,) = applicant.fetch()
    assert (delivery.files, delivery.number) == (issued.packed.files, 1)
    verdict = judged(issued)
    claims, dates = verdict.claims, verdict.dates
    assert claims is not None
    assert dates is not None
    assert (verdict.outcome, dates.kind, dates.counted_index) == ("valid", "proven", 0)
    assert (claims.latin_name, claims.birth_date, claims.bound) == (NAME, BORN, True)
    assert (claims.orgs, claims.issued, claims.check) == (1, DAY, IdentityCheck("S"))
    assert {judged(issued, name).claims for name in (PNG, CODE)} == {claims}
    assert look_up(shown(claims.number).lower(), "sample", BORN) is not None
    for wrong in (("SAMPLES", BORN), ("SAMPLE", BORN + timedelta(days=1)), ("样本", BORN)):
        assert look_up(claims.number, *wrong) is None
    assert look_up("000000000000", "SAMPLE", BORN) is None
    assert look_up("no number", "SAMPLE", BORN) is None


def test_only_what_was_wished_is_said(office: Office) -> None:
    """Without birth date there is no proof and no lookup; an organisation may be left out."""
    applicant = office.applicant(person(kind="alias", organizations=["party", "league"]))
    issued = office.issue(applicant, orgs=2, show_birth_date=False, chinese_name="")
    claims = judged(issued).claims
    assert claims is not None
    assert (claims.birth_date, claims.commitments, claims.orgs) == (None, None, 2)
    assert (claims.declared_as, claims.bound, claims.chinese_name) == (DeclaredAs(1), False, None)
    assert PROOF not in issued.packed.files
    assert issued.certificate.triple is None
    assert look_up(claims.number, "SAMPLE", BORN) is None


def test_what_is_declared_by_another_is_said_to_be(office: Office) -> None:
    """A wife's application: the second person of the declaration, seen by a volunteer."""
    applicant = office.applicant(person(), other("样本乙"))
    wish = replace(WISH, number=2, relation="relative", show_alias=True)
    application = applicant.apply(wish)
    for unfit in (IdentityCheck("S"), IdentityCheck("V", "passport", DAY + timedelta(days=1))):
        with pytest.raises(actions_error("check_unfit")):
            office.prepare(application, unfit)
    office.prepare(application, SEEN)
    office.publish()
    claims = judged(office.sign(application)).claims
    assert claims is not None
    assert (claims.check, claims.declared_as) == (SEEN, DeclaredAs(2, "样本乙"))


def actions_error(code: str) -> type[Exception]:
    """Return the error of this room that has this code."""
    from tuidang.registry.certificates import errors

    found = [each for each in vars(errors).values() if getattr(each, "code", "") == code]
    kind: type[Exception] = found[0]
    return kind


def test_before_the_log_proves_the_days_nothing_is_issued(office: Office) -> None:
    """Checked and signed on one day, it waits for the publication between."""
    application = office.applicant().apply()
    office.publish()
    office.prepare(application)
    (item,) = actions.queue(office.second.unlocked)
    assert (item.state, item.waits_for) == ("prepared", "log")
    assert actions.to_sign() == []
    with pytest.raises(NotDatedYet):
        office.sign(application)
    assert not Certificate.objects.exists()
    office.applicant()
    office.publish()
    assert actions.to_sign() == [application.pk]


def test_two_persons_sign(office: Office) -> None:
    """Whoever checked cannot sign, by the policy and by the database."""
    application = office.prepare(office.applicant().apply())
    office.publish()
    with pytest.raises(SignerIsPreparer):
        office.sign(application, by=office.first.doer)
    application.refresh_from_db()
    assert not can_sign(application, by=office.first.doer)
    assert can_sign(application, by=office.second.doer)
    for signer in (office.first.doer.id, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Application.objects.update(state="issued", decided_on=DAY, signer=signer)


def test_the_database_keeps_the_rules(office: Office) -> None:
    """Numbers, places, states with their reasons and the two persons are constraints."""
    one, two = office.first.doer.id, office.second.doer.id

    def certificate(**changed: object) -> Certificate:
        facts = {
            "number_hash": b"n" * 32, "status_list": 0, "status_index": 1, "issued_on": DAY,
            "preparer": one, "signer": two, "dated": True,
        }  # fmt: skip
        return Certificate(**facts | changed)

    certificate().save()
    fresh = {"number_hash": b"m" * 32, "status_index": 2}
    for wrong in (
        {"status_index": 2},
        {"number_hash": b"m" * 32},
        fresh | {"signer": one},
        fresh | {"status_index": 2**20},
        fresh | {"state": 2, "reason": "holder_asked"},
        fresh | {"state": 1},
        fresh | {"state": 1, "reason": "corrected"},
        fresh | {"state": 3, "reason": "holder_asked"},
        fresh | {"copy": b"c"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            certificate(**wrong).save()
    certificate(**fresh).save()


def test_an_undone_declaration_is_not_certified(office: Office) -> None:
    """Reopened after the check, nothing is signed; and a mailbox that is erased gets none."""
    one, two = office.applicant(), office.applicant()
    waiting = [office.prepare(each.apply()) for each in (one, two)]
    declarations.reopen(one.row, by=office.first.doer, day=DAY)
    declarations.ask_erasure(two.row, day=DAY)
    with pytest.raises(DeclarationNotAccepted):
        office.sign(waiting[0])
    with pytest.raises(MailboxErased):
        office.sign(waiting[1])
    assert [each.waits_for for each in actions.queue(office.first.unlocked)].count("acceptance")


def test_what_the_verifier_refuses_is_not_issued(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the finished paper says another thing than was signed, nothing at all is stored."""
    application = office.prepare(office.applicant().apply())
    office.publish()
    real = issuing.face_code.to_url
    monkeypatch.setattr(issuing.face_code, "to_url", lambda *a: real(*a)[:-1])
    before = Mail.objects.count(), AuditRow.objects.count()
    with pytest.raises(OwnCheckFailed):
        office.sign(application)
    assert (Mail.objects.count(), AuditRow.objects.count()) == before
    assert not Certificate.objects.exists()
    assert Application.objects.get().state == "prepared"


def test_a_correction_supersedes(office: Office) -> None:
    """The new one shares the link; the old one reads superseded, and the bundle says so."""
    applicant = office.applicant()
    first = office.issue(applicant)
    number = judged(first).claims.number  # type: ignore[union-attr]
    application = applicant.apply(replace(WISH, replaces=shown(number), chinese_name="样本改"))
    office.prepare(application)
    second = office.sign(application)
    trusted.hand_down(now=office.now)
    assert judged(first).outcome == "superseded"
    assert judged(second).outcome == "valid"
    assert first.certificate.application.link == second.certificate.application.link  # type: ignore[union-attr]
    assert [each.files for each in applicant.fetch()] != []
    assert len(applicant.fetch()) == 2
    with pytest.raises(NotValidAnyMore):
        actions.revoke(number, "holder_asked", by=office.first.doer, day=DAY)


def test_revoking(office: Office) -> None:
    """By number, with a reason of the closed list, once; the bundle says so to everybody, and the
    holder's page to the holder.
    """
    applicant = office.applicant()
    issued = office.issue(applicant)
    number = judged(issued).claims.number  # type: ignore[union-attr]
    assert [each.ended for each in actions.applications_of(applicant.row)] == [""]
    revoking = {"by": office.first.doer, "day": DAY}
    for reason in ("corrected", "whim"):
        with pytest.raises(ValueError, match=r"supersedes|whim"):
            actions.revoke(number, reason, **revoking)
    for typed in ("0" * 12, "nothing", number[::-1]):
        with pytest.raises(NumberUnknown):
            actions.revoke(typed, "holder_asked", **revoking)
    actions.revoke(shown(number), "holder_asked", **revoking)
    assert [each.ended for each in actions.applications_of(applicant.row)] == ["revoked"]
    with pytest.raises(NotValidAnyMore):
        actions.revoke(number, "holder_asked", **revoking)
    trusted.hand_down(now=office.now)
    assert judged(issued).outcome == "revoked"


def test_signing_twice_issues_once(office: Office) -> None:
    """Two volunteers press at once, or one presses again: one certificate, one piece of mail."""
    applicant = office.applicant()
    office.issue(applicant)
    with pytest.raises(ApplicationDecided):
        office.sign(Application.objects.get())
    assert Certificate.objects.count() == 1
    assert Mail.objects.filter(kind="certificate").count() == 1
    assert Mail.objects.filter(kind="linked").count() == 1


@pytest.mark.parametrize("what", ["signs", "withdraws"])
def test_somebody_else_is_faster(
    office: Office, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """While the papers are made another volunteer signs, or the applicant withdraws: only what
    came first holds.
    """
    applicant = office.applicant()
    application = office.prepare(applicant.apply())
    office.publish()
    make, overtaken = Maker.make, []

    def slowly(self: Maker, *args: Any, **facts: Any) -> Made:
        made = make(self, *args, **facts)
        if not overtaken:
            overtaken.append(what)
            if what == "signs":
                office.sign(application)
            else:
                actions.withdraw_application(applicant.row, application.pk, day=DAY)
        return made

    monkeypatch.setattr(Maker, "make", slowly)
    with pytest.raises(ApplicationDecided):
        office.sign(application)
    issued = int(what == "signs")
    assert Certificate.objects.count() == Mail.objects.filter(kind="certificate").count() == issued


def test_a_place_that_was_just_taken_is_drawn_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two signers at once may draw the same place; the database refuses one, which draws anew."""
    taken = office.issue(office.applicant()).certificate
    drawn = iter([(taken.status_list, taken.status_index), (0, 77)])
    monkeypatch.setattr(issuing, "free_place", lambda: next(drawn))
    certificate = office.issue(office.applicant()).certificate
    assert (certificate.status_list, certificate.status_index) == (0, 77)


def test_a_list_is_left_half_full(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places are drawn from list 0 until half of it is taken, then from the next one."""
    assert places.free_place()[0] == 0
    monkeypatch.setattr(places, "FULL", 1)
    issued_before(office, (0, 5))
    assert places.free_place()[0] == 1


def test_a_taken_place_is_not_drawn(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where chance gives a taken place, it is asked again."""
    issued_before(office, (0, 5))
    drawn = iter([5, 5, 6])
    monkeypatch.setattr(places.secrets, "randbelow", lambda _: next(drawn))
    assert places.free_place() == (0, 6)


def issued_before(office: Office, place: tuple[int, int]) -> None:
    """Write down that a place is taken."""
    ids = {"preparer": office.first.doer.id, "signer": office.second.doer.id}
    Certificate.objects.create(
        number_hash=b"n" * 32, status_list=place[0], status_index=place[1], issued_on=DAY,
        dated=True, **ids,
    )  # fmt: skip
