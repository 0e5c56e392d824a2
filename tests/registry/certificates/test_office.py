# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first volunteer's part, and what becomes of certificates whose declaration is undone."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.registry.certificates.office import BOUND, SELF_STATED, WISH, WORD, Applicant, Office
from tests.registry.certificates.test_issue import judged
from tests.registry.declarations.desk import DAY, NOW, body, new_key, person
from tuidang.pure.credential.claims import IdentityCheck
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.certificates import actions, jobs, trusted
from tuidang.registry.certificates.applied import Applied
from tuidang.registry.certificates.errors import (
    ApplicationBroken,
    ApplicationDecided,
    ApplicationGone,
    LinkedBefore,
    TextUnfit,
)
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.transparency.links import link
from tuidang.registry.transparency.models import Link
from tuidang.registry.vault.actions import seal_to_ring
from tuidang.registry.vault.errors import Unopenable
from tuidang.registry.vault.models import Mail
from tuidang.registry.vault.unlocked import Unlocked


def mail_of(applicant: Applicant, kind: str) -> list[dict[str, object]]:
    """Open the mailbox and return the pieces of a kind."""
    pieces = declarations.open_mail(applicant.row, applicant.code)
    return [piece.content for piece in pieces if piece.kind == kind]


def test_the_queue_puts_the_urgent_first(office: Office) -> None:
    """Urgency, then day; what is being withdrawn is not there, and nothing is opened."""
    later, soon, gone = (office.applicant() for _ in range(3))
    for applicant, urgency in ((later, 3), (soon, 1), (gone, 1)):
        applicant.apply(urgency=urgency)
    (state,) = actions.applications_of(gone.row)
    actions.withdraw_application(gone.row, state.id, day=DAY)
    items = actions.queue(office.first.unlocked)
    assert [(each.urgency, each.state, each.closed) for each in items] == [
        (1, "waiting", False),
        (3, "waiting", False),
    ]
    strangers = actions.queue(Unlocked(office.first.doer.id, {}))
    assert all(each.closed for each in strangers)
    assert not AuditRow.objects.filter(verb="open_application").exists()


def test_opening_is_audited(office: Office) -> None:
    """The audit says who looked at which application, and closed keys open nothing."""
    application = office.applicant().apply()
    seat = office.first
    opened = actions.open_application(application.pk, seat.unlocked, by=seat.doer, day=DAY)
    assert opened.applied.legal_name == WISH.legal_name
    row = AuditRow.objects.get(verb="open_application")
    assert (row.doer, row.subject) == (seat.doer.id, application.pk)
    with pytest.raises(Unopenable):
        actions.open_application(application.pk, Unlocked(seat.doer.id, {}), by=seat.doer, day=DAY)
    with pytest.raises(ApplicationGone):
        actions.open_application(Link().pk, seat.unlocked, by=seat.doer, day=DAY)


def test_questions_reach_the_applicant_alone(office: Office) -> None:
    """What the office asks lies in the mailbox, for the person it is about."""
    applicant = office.applicant()
    application = applicant.apply()
    actions.ask(application.pk, "样本：哪一天方便？", by=office.first.doer, day=DAY)
    assert mail_of(applicant, "application") == [{"number": 1, "question": "样本：哪一天方便？"}]
    with pytest.raises(TextUnfit):
        actions.ask(application.pk, " ", by=office.first.doer, day=DAY)


def test_checking_asks_for_the_link(office: Office) -> None:
    """The link waits for the log, and the holder gets what opens it, closed to the code alone."""
    applicant = office.applicant(bind=BOUND)
    application = office.prepare(applicant.apply())
    assert Link.objects.get() == application.link
    (piece,) = mail_of(applicant, "linked")
    assert piece.keys() == {"box", "number"}
    assert WISH.legal_name not in str(bytes.fromhex(str(piece["box"])))
    with pytest.raises(ApplicationDecided):
        office.prepare(application)
    office.publish()
    office.sign(application)
    (piece,) = mail_of(applicant, "linked")
    assert str(piece["proof"]).startswith("c2sp.org/tlog-proof@v1\n")


@pytest.mark.parametrize("reason", Application.Refusal.values)
def test_refusing(office: Office, reason: str) -> None:
    """The applicant is told why; the link goes back, so that another name can be applied for."""
    applicant = office.applicant()
    application = office.prepare(applicant.apply())
    actions.refuse(application.pk, reason, by=office.second.doer, day=DAY)
    assert mail_of(applicant, "application") == [{"number": 1, "refused": reason}]
    assert not Link.objects.exists()
    assert not mail_of(applicant, "linked")
    (state,) = actions.applications_of(applicant.row)
    assert (state.state, state.reason) == ("refused", reason)
    applicant.apply(replace(WISH, legal_name="OTHER<<ONE"))


def test_a_published_link_stays_when_refused(office: Office) -> None:
    """What the log has cannot go back; the holder keeps what opens it."""
    applicant = office.applicant()
    application = office.prepare(applicant.apply())
    office.publish()
    actions.refuse(application.pk, "abuse", by=office.second.doer, day=DAY)
    assert Link.objects.count() == 1
    assert len(mail_of(applicant, "linked")) == 1
    with pytest.raises(ApplicationDecided):
        actions.refuse(application.pk, "abuse", by=office.second.doer, day=DAY)


def test_a_leaf_that_is_linked_elsewhere_is_not_linked_again(office: Office) -> None:
    """If the log holds another link of the leaf, the check ends there."""
    application = office.applicant().apply()
    nullifier = opened(office, application).nullifier
    link(b"c" * 32, nullifier, day=DAY)
    with pytest.raises(LinkedBefore):
        office.prepare(application)
    application.refresh_from_db()
    assert application.state == "waiting"


def opened(office: Office, application: Application) -> Applied:
    """Open what was applied for."""
    seat = office.first
    return actions.open_application(application.pk, seat.unlocked, by=seat.doer, day=DAY).applied


TAMPERED: dict[str, Callable[[Applied, Applied], Applied]] = {
    "another name": lambda a, _: replace(a, legal_name="OTHER<<ONE"),
    "another birth date": lambda a, _: replace(a, birth_date=a.birth_date + timedelta(days=1)),
    "another nullifier": lambda a, b: replace(a, nullifier=b.nullifier),
    "the leaf of another": lambda a, b: replace(a, d_opening=b.d_opening),
    "the link of another": lambda a, b: replace(a, l_opening=b.l_opening),
    "all of another": lambda _, b: b,
    "more organisations": lambda a, _: replace(a, orgs=3),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_exchanged_is_noticed(office: Office, how: str) -> None:
    """A sealed application that was exchanged in the database does not reach the log."""
    application = office.applicant().apply()
    stranger = office.applicant().apply(replace(WISH, legal_name="STRANGER<<ONE"))
    forged = TAMPERED[how](opened(office, application), opened(office, stranger))
    _, sealed = seal_to_ring(forged.to_json(), day=DAY, ring="certificates")
    Application.objects.filter(pk=application.pk).update(sealed=sealed)
    with pytest.raises(ApplicationBroken):
        office.prepare(application)
    assert not Link.objects.exists()


def test_a_visit(office: Office) -> None:
    """Who comes by leaves with a paper that says "date proof follows", and later it does: the
    dated certificate takes its place.
    """
    office.applicant()
    office.publish()
    seat = office.first
    visit = actions.walk_in(
        body(person("样本访")), replace(WISH, chinese_name="样本访"),
        IdentityCheck("V", "passport", DAY), seat.unlocked,
        word=WORD, idempotency_key=new_key(), language="en", by=seat.doer, day=DAY,
    )  # fmt: skip
    row = declarations.find(visit.code)
    assert row is not None
    assert actions.to_sign() == [visit.application.pk]
    undated = office.sign(visit.application)
    assert judged(undated).reason == "dates_follow"
    assert Applicant(row, visit.code).fetch()[0].files == undated.packed.files
    assert actions.to_sign() == []
    office.publish()
    (following,) = actions.to_sign()
    dated = office.sign(Application.objects.get(pk=following))
    trusted.hand_down(now=office.now)
    assert judged(undated).outcome == "superseded"
    assert judged(dated).reason == "dates_by_clock"
    assert dated.certificate.preparer == seat.doer.id


def issued(applicant: Applicant, office: Office, index: int) -> Certificate:
    """Write a certificate down as issued, without making it."""
    ids = {"preparer": office.first.doer.id, "signer": office.second.doer.id}
    application = Application.objects.create(
        declaration=applicant.row, number=1, day=DAY, decided_on=DAY, urgency=1, language="en",
        state="issued", walk_in=True, **ids,
    )  # fmt: skip
    return Certificate.objects.create(
        application=application, number_hash=bytes([index]) * 32, status_list=0,
        status_index=index, issued_on=DAY, dated=True, **ids,
    )  # fmt: skip


def test_certificates_of_undone_declarations_are_flagged(office: Office) -> None:
    """Withdrawn later, or taken out as not voluntary: a volunteer is told, and revokes."""
    withdrawn, forced, repeated, fine = (office.applicant() for _ in range(4))
    office.publish()
    rows = [issued(each, office, n) for n, each in enumerate((withdrawn, forced, repeated, fine))]
    declarations.ask_withdrawal(withdrawn.row, day=DAY)
    declarations.apply_requests(day=DAY)
    for applicant, reason in ((forced, "not_voluntary"), (repeated, "repeat")):
        recall = declarations.ask_recall(
            applicant.row.persons.get(), reason, by=office.first.doer, day=DAY
        )
        declarations.confirm_recall(recall, by=office.second.doer, day=DAY)
    found = {each.id: each.why for each in actions.flagged()}
    assert found == {rows[0].pk: "declaration_withdrawn", rows[1].pk: "not_voluntary"}
    actions.revoke_certificate(rows[0].pk, found[rows[0].pk], by=office.first.doer, day=DAY)
    assert [each.id for each in actions.flagged()] == [rows[1].pk]


def test_open_applications_end_with_their_declaration(office: Office) -> None:
    """Withdrawn or rejected, nobody is asked to check it any more."""
    applicant, refused = office.applicant(), office.applicant(accept=False)
    office.prepare(applicant.apply())
    refused.apply()
    declarations.ask_withdrawal(applicant.row, day=DAY)
    declarations.apply_requests(day=DAY)
    declarations.reject(refused.row, "test", by=office.first.doer, day=DAY)
    assert actions.carry_out(day=DAY) == 2
    assert {row.state for row in Application.objects.all()} == {"withdrawn"}
    assert not Application.objects.filter(sealed__isnull=False).exists()
    assert not Link.objects.exists()


def test_what_has_had_its_time_is_forgotten(office: Office) -> None:
    """Sealed contents go 30 days after the decision, with the replies; the bare facts stay."""
    applicant = office.applicant()
    application = applicant.apply()
    actions.reply(applicant.row, application.pk, "样本", day=DAY)
    actions.refuse(application.pk, "unreadable", by=office.first.doer, day=DAY)
    waiting = office.applicant().apply()
    assert actions.forget(day=DAY + timedelta(days=30)) == 0
    assert actions.forget(day=DAY + timedelta(days=31)) == 1
    application.refresh_from_db()
    assert (application.sealed, application.state) == (None, "refused")
    assert not application.replies.exists()
    waiting.refresh_from_db()
    assert waiting.sealed is not None
    assert actions.forget(day=DAY + timedelta(days=31)) == 0


def test_applications_go_with_their_declaration(office: Office) -> None:
    """A rejected declaration is deleted after 30 days, and what is valid of it is revoked."""
    applicant = office.applicant(accept=False)
    certificate = issued(applicant, office, 1)
    office.publish()
    declarations.reject(applicant.row, "test", by=office.first.doer, day=DAY)
    day = DAY + timedelta(days=31)
    actions.forget(day=day)
    declarations.forget(day=day)
    assert not Declaration.objects.filter(pk=applicant.row.pk).exists()
    certificate.refresh_from_db()
    assert (certificate.application, certificate.state) == (None, 1)
    assert certificate.reason == "declaration_withdrawn"


def test_audit_rows_say_who_and_nothing_about_whom(office: Office) -> None:
    """Each deed is there once, with codes and counts alone."""
    application = office.applicant().apply()
    actions.ask(application.pk, "样本", by=office.first.doer, day=DAY)
    office.prepare(application, SELF_STATED)
    actions.refuse(application.pk, "name_differs", by=office.second.doer, day=DAY)
    rows = AuditRow.objects.filter(subject=application.pk).order_by("verb")
    assert [(row.verb, row.facts) for row in rows] == [
        ("ask_applicant", {}),
        ("prepare_certificate", {"check": "S"}),
        ("refuse_certificate", {"reason": "name_differs"}),
    ]
    assert json.dumps([row.facts for row in rows]).isascii()
    assert Mail.objects.filter(kind="application").count() == 2


def test_the_timetable_carries_out_and_forgets(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was deleted does not lie on in the journal, which is left alone if nothing was."""
    emptied: list[None] = []
    monkeypatch.setattr(jobs, "empty_journal", lambda: emptied.append(None))
    applicant = office.applicant()
    application = applicant.apply()
    jobs.carry_out_wishes(NOW)
    assert not emptied
    actions.withdraw_application(applicant.row, application.pk, day=DAY)
    jobs.carry_out_wishes(NOW)
    assert len(emptied) == 1
    jobs.forget(NOW + timedelta(days=31))
    assert len(emptied) == 1
    actions.refuse(applicant.apply().pk, "unreadable", by=office.first.doer, day=DAY)
    jobs.forget(NOW + timedelta(days=31))
    assert len(emptied) == 2
