# SPDX-License-Identifier: AGPL-3.0-or-later
"""The certificate office: the queue, the identity check, two volunteers, and revoking."""

import re
import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from tests.web.office.certified import WORD, Applicant, publish
from tests.web.office.conftest import Office, Volunteer
from tests.web.office.samples import today
from tuidang.pure.credential.face import face
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.proving import installed_bundle
from tuidang.registry.declarations.actions import open_mail
from tuidang.registry.vault.models import RingKey
from tuidang.verify.certificate.check import check_bytes
from tuidang.web.office import certificate_words as told

LIST = "/certificates/"
PERSONAL = ("SAMPLE", "样本", "1990", "ONE")


@pytest.fixture(autouse=True)
def cheap_words(settings: Settings) -> None:
    """Second words are cheap to try here, as they must not be elsewhere."""
    settings.SECOND_WORD_COST = 4


def has_nothing_personal(text: str) -> bool:
    """Say whether a page shows nothing of who applied."""
    return not any(each in text for each in PERSONAL)


def accepted(first: Volunteer, *, bound: bool = True) -> Applicant:
    """Return somebody whose declaration the first volunteer has accepted."""
    applicant = Applicant(bound=bound)
    first.send(f"/declaration/{applicant.row.id}/accept/")
    return applicant


def ready(first: Volunteer, **changed: object) -> tuple[Applicant, str]:
    """Take an application as far as the second signature; return who applied, and its address."""
    applicant = accepted(first)
    path = applicant.apply(**changed)  # type: ignore[arg-type]
    first.send(f"{path}check/", check="S", do="record")
    publish()
    return applicant, path


def test_an_empty_office_says_so(first: Volunteer) -> None:
    """The queue leads there, and where nothing waits a sentence says it."""
    assert 'href="/certificates/"' in first.look()
    text = first.look(LIST)
    assert text.count("No application is waiting.") == 2
    assert text.count("too few lately to say") == 3


def test_the_list_shows_urgency_and_days_and_nobody(first: Volunteer) -> None:
    """The most urgent stand first, and no line shows a name, a date of birth or a wish."""
    publish_first(first)
    for urgency in (3, 1, 2):
        Applicant().apply(urgency=urgency, needed_by=today() + timedelta(30))
    Application.objects.filter(urgency=1).update(day=today() - timedelta(3))
    text = first.look(LIST)
    assert "To check: 3" in text
    order = [text.index(f"<h3>{each}") for each in ("within a week", "within a month", "later")]
    assert order == sorted(order)
    assert "waiting for 3 days" in text
    assert has_nothing_personal(text)
    assert not AuditRow.objects.filter(verb="open_application").exists()


def publish_first(first: Volunteer) -> None:
    """Publish once, so that there is a trust bundle."""
    accepted(first)
    publish()


def test_medians_are_told(first: Volunteer) -> None:
    """Once five of a bucket were issued, its days stand beside it."""
    ids = {"preparer": uuid.uuid4(), "signer": uuid.uuid4()}
    for _ in range(5):
        Application.objects.create(
            declaration=Applicant().row,
            number=1,
            day=today() - timedelta(4),
            decided_on=today(),
            urgency=1,
            language="en",
            state="issued",
            walk_in=True,
            **ids,
        )
    assert "within a week: half within 4 days" in first.look(LIST)


def test_what_no_key_opens_is_counted(first: Volunteer, office: Office) -> None:
    """An application of a month whose key this login lacks is counted, and cannot be opened."""
    publish_first(first)
    path = Applicant().apply()
    Application.objects.update(ring_month="2020-01")
    text = first.look(LIST)
    assert "1 more is sealed to a month whose key you do not have." in text
    assert "To check: 0" in text
    assert path not in text
    text = first.send(path)
    assert has_nothing_personal(text)
    assert "This cannot be opened" in text


def test_opening_shows_everything_and_is_audited(first: Volunteer) -> None:
    """One POST opens one application: what was applied for, the log, and what the paper says."""
    publish_first(first)
    applicant = accepted(first)
    needed = today() + timedelta(20)
    path = applicant.apply(needed_by=needed, look="desk", birth_place="SAMPLETOWN")
    applicant.reply("样本回复")
    text = first.send(path)
    for words in (
        "SAMPLE, ONE (SAMPLE&lt;&lt;ONE)",
        "样本甲",
        "1990-01-02",
        "SAMPLETOWN",
        f"interview or flight on {needed.isoformat()}",
        "A volunteer looks at a document at one of the desks",
        "样本回复",
        "its receipt goes out with the next publication",
        "opens: this legal name was fixed",
        "Declaration on record: this name, no later than",
        "声明已记录在案：此姓名，不晚于",
        "by the registry’s own clock",
        "The log does not prove all days yet.",
        "Self-stated. No document was examined.",
    ):
        assert words in text, words
    assert AuditRow.objects.get(verb="open_application").subject == applicant.application.pk
    assert first.get(path, secure=True).status_code == 302


def test_without_a_binding_the_other_sentence_stands_there(first: Volunteer) -> None:
    """Where the binding does not open, two days are told and no more is promised."""
    publish_first(first)
    applicant = accepted(first, bound=False)
    text = first.send(applicant.apply())
    assert "does not open" in text
    assert "not shown to be the same person’s" in text


def test_the_page_is_shown_as_a_picture(first: Volunteer) -> None:
    """With a check that is only filled in, the page is shown as it would be; nothing is kept."""
    publish_first(first)
    applicant = accepted(first)
    path = applicant.apply()
    fields = {"do": "look", "check": "V", "document": "passport", "seen": today().isoformat()}
    text = first.send(f"{path}check/", **fields)
    assert 'src="data:image/png;base64,' in text
    assert "A volunteer saw a passport on" in text
    assert applicant.application.state == "waiting"


UNFIT: list[tuple[dict[str, str], str]] = [
    ({}, "Please choose how the identity was checked."),
    ({"check": "X"}, "Please choose how the identity was checked."),
    ({"check": "V"}, "Please choose the kind of document that you saw."),
    ({"check": "V", "document": "样本"}, "Please choose the kind of document"),
    ({"check": "V", "document": "passport", "seen": "soon"}, "Please say on which day"),
    ({"check": "V", "document": "passport", "seen": "2999-01-01"}, "does not fit"),
    ({"check": "R"}, "does not fit"),
]


def test_a_check_that_cannot_be_is_told(first: Volunteer) -> None:
    """What is missing or unfit is said above the application, and nothing is recorded."""
    publish_first(first)
    applicant = accepted(first)
    path = applicant.apply()
    for fields, words in UNFIT:
        assert words in first.send_refused(f"{path}check/", do="record", **fields)
    assert applicant.application.state == "waiting"


@pytest.mark.parametrize(
    ("fields", "check"),
    [
        ({"check": "S", "document": "passport"}, "S"),
        ({"check": "V", "document": "id_card"}, "V · identity card · "),
        ({"check": "P"}, "P · "),
    ],
)
def test_a_check_is_recorded(first: Volunteer, fields: dict[str, str], check: str) -> None:
    """Each kind of check is recorded with what belongs to it; the preparer cannot sign."""
    publish_first(first)
    applicant = accepted(first)
    path = applicant.apply()
    text = first.send(f"{path}check/", do="record", **fields)
    assert "Recorded. Another volunteer signs once the log proves the days." in text
    assert "checked by you: another volunteer signs" in text
    assert "waits for the next publication of the log" in text
    opened = first.send(path)
    assert f"<dd>{check}" in opened
    assert "Sign and print" not in opened
    assert "signer" not in opened
    assert applicant.application.state == "prepared"


def test_a_question_reaches_the_mailbox(first: Volunteer) -> None:
    """What the volunteer writes lies sealed in the mailbox; an unfit text comes back as typed."""
    publish_first(first)
    applicant = accepted(first)
    path = applicant.apply()
    text = first.send_refused(f"{path}ask/", question="样本" * 1001)
    assert "1 to 2,000 characters" in text
    assert "样本样本样本" in text
    assert "Sent, sealed" in first.send(f"{path}ask/", question="样本：哪一天方便？")
    mail = [each.content for each in open_mail(applicant.row, applicant.code)]
    assert {"number": 1, "question": "样本：哪一天方便？"} in mail


def test_refusing_needs_a_reason_of_the_list(first: Volunteer) -> None:
    """Without one nothing is refused; with one the applicant is told."""
    publish_first(first)
    applicant = accepted(first)
    path = applicant.apply()
    for reason in ("", "样本"):
        assert "Please choose a reason." in first.send_refused(f"{path}refuse/", reason=reason)
    assert "Refused." in first.send(f"{path}refuse/", reason="name_differs")
    application = applicant.application
    assert (application.state, application.reason) == ("refused", "name_differs")
    text = first.send(path)
    assert "This application is decided or withdrawn." in text
    assert "decided already" in first.send_refused(f"{path}ask/", question="样本？")


def test_the_words_are_complete() -> None:
    """Every reason, state and document of the registry has words here."""
    assert told.REFUSALS.keys() == set(Application.Refusal.values)
    assert told.REVOCATIONS.keys() == set(Certificate.Revocation.values)
    assert told.STATES.keys() == set(Certificate.State.values)


def test_two_volunteers_make_a_certificate(first: Volunteer, second: Volunteer) -> None:
    """The first is told that another signs; the second signs, and the holder fetches it."""
    applicant, path = ready(first)
    assert "cannot sign as well" in first.send_refused(f"{path}sign/")
    assert "ready to be signed" not in first.look(LIST)
    assert "ready to be signed" in second.look(LIST)
    opened = second.send(path)
    assert "The log proves these days." in opened
    assert "You do not get it." in opened
    text = second.send(f"{path}sign/")
    assert "Signed. The certificate lies in the holder’s mailbox." in text
    assert has_nothing_personal(text)
    pdf = applicant.fetch()[0].files["certificate.pdf"]
    verdict = check_bytes(pdf, installed_bundle(), today=today())
    assert (verdict.outcome, verdict.reason) == ("valid", "dates_by_clock")
    assert verdict.claims is not None
    signed = face(verdict.claims, "Hans")
    said = [*signed.dates, *signed.notes]
    assert all(each.en in opened and each.zh in opened for each in said)
    assert "decided already" in second.send_refused(f"{path}sign/")


def test_many_are_signed_at_once(first: Volunteer, second: Volunteer) -> None:
    """The ticked ones are signed; the report counts what was left, and why, and names nobody."""
    found = [ready(first) for _ in range(2)]
    late = accepted(first)
    late_path = late.apply()
    first.send(f"{late_path}check/", check="S", do="record")
    own = accepted(first)
    own_path = own.apply()
    second.send(f"{own_path}check/", check="S", do="record")
    text = second.look(LIST)
    assert text.count('name="application"') == 2
    assert "Sign all 2 that are ready" in text
    ids = [re.findall("[0-9a-f-]{36}", each)[0] for each in (found[0][1], late_path, own_path)]
    text = second.send("/certificates/sign/", do="ticked", application=ids)
    assert "Signed: 1. Not signed: 1. The log does not prove the days yet." in text
    assert "Not signed: 1. Whoever recorded the identity check cannot sign as well." in text
    assert has_nothing_personal(text)
    assert "Signed: 1." in second.send("/certificates/sign/", do="all")
    assert Certificate.objects.count() == 2
    assert "Signed: 0." in second.send("/certificates/sign/", do="all")


def test_signing_nothing_is_told(first: Volunteer) -> None:
    """Without a tick, or with garbage, a sentence says so."""
    for fields in ({}, {"application": "样本"}, {"do": "样本"}):
        text = first.send("/certificates/sign/", **fields)
        assert "Please tick at least one application." in text


def certificate(first: Volunteer, second: Volunteer) -> tuple[Applicant, str]:
    """Have a certificate issued; return who has it, and its number as printed."""
    applicant, path = ready(first)
    second.send(f"{path}sign/")
    pdf = applicant.fetch()[0].files["certificate.pdf"]
    claims = check_bytes(pdf, installed_bundle(), today=today()).claims
    assert claims is not None
    return applicant, claims.number


def test_a_certificate_is_found_and_revoked(first: Volunteer, second: Volunteer) -> None:
    """The number stands in no address; revoking takes a reason and a tick, and is for good."""
    _, number = certificate(first, second)
    found = first.post("/certificates/find/", {"number": number.lower()}, secure=True)
    assert number not in found["Location"]
    path = found["Location"]
    text = first.look(path)
    assert "valid" in text
    assert "types this number there" in text
    assert number not in text
    assert has_nothing_personal(text)
    assert "Please choose a reason." in first.send(f"{path}revoke/", reason="corrected", sure="yes")
    assert "tick the box first" in first.send(f"{path}revoke/", reason="holder_asked")
    text = first.send(f"{path}revoke/", reason="holder_asked", sure="yes")
    assert "Revoked." in text
    assert "the holder asked for it" in text
    assert "Yes, revoke this certificate for good." not in text
    again = first.send(f"{path}revoke/", reason="holder_asked", sure="yes")
    assert "revoked or superseded already" in again
    assert number not in str([each.get_decoded() for each in Session.objects.all()])


def test_a_number_that_is_none_gets_a_sentence(first: Volunteer) -> None:
    """Whatever was typed, it is refused in words that do not repeat it."""
    for typed in ("", "样本", "0000-0000-0000", "0000-0000-0001"):
        text = first.send("/certificates/find/", number=typed)
        assert "No certificate has this number." in text
        assert not typed or f">{typed}<" not in text


def test_what_is_to_be_revoked_is_pointed_out(first: Volunteer, second: Volunteer) -> None:
    """A valid certificate whose declaration was withdrawn stands in the office until revoked."""
    applicant, _ = certificate(first, second)
    applicant.row.refresh_from_db()
    type(applicant.row).objects.filter(pk=applicant.row.pk).update(state="withdrawn")
    text = first.look(LIST)
    assert "The declarant withdrew the declaration." in text
    path = f"/certificates/certificate/{Certificate.objects.get().pk}/"
    assert path in text
    first.send(f"{path}revoke/", reason="declaration_withdrawn", sure="yes")
    assert "The declarant withdrew the declaration." not in first.look(LIST)


def test_what_is_not_there_gets_a_sentence(first: Volunteer) -> None:
    """An id of nothing leads back to the list, from every deed."""
    publish_first(first)
    nothing = f"/certificates/application/{uuid.uuid4()}/"
    fields = {"check": "S", "question": "样本", "reason": "abuse", "do": "record"}
    for each in ("", "check/", "ask/", "refuse/", "sign/"):
        text = first.send(f"{nothing}{each}", **fields)
        assert "not there any more" in text, each
    certificate = f"/certificates/certificate/{uuid.uuid4()}/"
    assert "No certificate has this number." in first.look_after(certificate)


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_pages_speak_each_language(first: Volunteer, language: str) -> None:
    """List and application are whole in each language, whatever script the paper has."""
    publish_first(first)
    applicant = accepted(first)
    path = applicant.apply(script="Hant")
    first.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    heading = {"zh-hans": "待核对：1", "zh-hant": "待核對：1", "en": "To check: 1"}
    assert heading[language] in first.look(LIST)
    text = first.send(path)
    assert "聲明已記錄在案" in text
    assert '<span lang="zh-Hant">' in text
    assert not re.search(r"<script|\sstyle=|\son[a-z]+=", text)


def test_nobody_enters_without_signing_in(first: Volunteer) -> None:
    """A stranger is sent to the door from every page and deed, and no deed is a link."""
    publish_first(first)
    path = accepted(first).apply()
    for each in (LIST, "/certificates/visit/"):
        assert Client().get(each, secure=True).status_code == 302
    for each in (path, f"{path}check/", f"{path}sign/", "/certificates/sign/"):
        answer = Client().post(each, {"check": "S"}, secure=True)
        assert answer.status_code in {302, 403}
        assert has_nothing_personal(answer.content.decode())
    for each in ("check/", "ask/", "refuse/", "sign/"):
        assert first.get(f"{path}{each}", secure=True).status_code == 405
    assert RingKey.objects.filter(ring="certificates").exists()
    assert WORD not in first.send(path)
