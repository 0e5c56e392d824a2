# SPDX-License-Identifier: AGPL-3.0-or-later
"""Applying for a certificate with a receipt code, on pages without scripts."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from tests.registry.certificates.conftest import office
from tests.registry.certificates.office import BOUND, Office
from tests.registry.declarations.desk import DAY, NOW, other, person
from tests.web.public.applying import (
    PATH,
    WORD,
    apply,
    come,
    filled,
    form,
    forms_of,
    preview,
    ticket_in,
)
from tests.web.public.browsing import page_of, send
from tests.web.public.filling import problems_of
from tuidang.pure.receipt import Code
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.models import Application
from tuidang.registry.certificates.proving import installed_bundle
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.recipients import forget_recipients
from tuidang.verify.certificate.check import check_bytes
from tuidang.web.public import clock, tickets
from tuidang.web.public.certificate_spelling import suggested
from tuidang.web.public.certificate_state import PURPOSE
from tuidang.web.shared import certificate_choices as choices
from tuidang.web.shared.languages import LANGUAGES

__all__ = ["office"]
each_language = pytest.mark.parametrize("language", LANGUAGES)


def reckon(client: Client, day: str) -> HttpResponse:
    """Ask by when to apply for a day."""
    return send(client, PATH, {"do": "day", "interview": day})


def applied(office: Office) -> list[actions.OpenedApplication]:
    """Open every application as the first volunteer does."""
    seat = office.first
    rows = Application.objects.order_by("number")
    return [actions.open_application(row.pk, seat.unlocked, by=seat.doer, day=DAY) for row in rows]


def test_a_day_is_reckoned_and_not_kept(client: Client, db: None) -> None:
    """For a typed day the page says by when to apply; it keeps nothing of it."""
    text = page_of(reckon(client, "2026-08-01")).text
    assert "apply by 2026-07-25" in text
    assert "no figures yet" in text
    assert "may be too late" in page_of(reckon(client, "2026-07-15")).text
    for wrong, words in (("2026-07-13", "This day is over."), ("soon", "date")):
        response = reckon(client, wrong)
        assert response.status_code == 422
        assert words in page_of(response).text
    assert "2026-08-01" not in client.get(PATH).content.decode()


@each_language
def test_the_page_shows_how_long_it_takes(client: Client, office: Office, language: str) -> None:
    """Once five of a kind were issued, the page says in how many days half of them were."""
    path = f"/{language}/certificate/"
    before = page_of(client.get(path)).text
    rows = [office.applicant().apply(urgency=1) for _ in range(5)]
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="issued",
        walk_in=True,
        decided_on=DAY + timedelta(3),
        preparer=office.first.doer.id,
        signer=office.second.doer.id,
    )
    after = page_of(client.get(path)).text
    assert before != after
    assert "3" in after.replace(before, "")


@pytest.mark.parametrize(
    ("typed", "status"), [("0001 " * 8 + "0002", 422), ("blurb", 422), ("", 422)]
)
def test_a_slip_in_the_code_costs_nothing(
    client: Client, db: None, typed: str, status: int
) -> None:
    """What is no code is told, and does not come back."""
    response = send(client, PATH, {"code": typed})
    assert response.status_code == status
    assert not typed or typed not in response.content.decode()
    assert send(client, PATH, {"code": Code(bytes(11)).digits()}).status_code == 404


@each_language
def test_an_application_from_code_to_office(client: Client, office: Office, language: str) -> None:
    """What was typed reaches the office sealed, and the page says how far it is."""
    path, applicant = f"/{language}/certificate/", office.applicant(bind=BOUND)
    fields = {**form(client, applicant.code, path=path), **filled()}
    fields |= {"c1-orgs": ["party"], "c1-birthplace": "样本城", "needed": "2026-08-01"}
    fields |= {"urgency": "2", "look": "desk", "c1-stated": "2004-11-20", "script": "Hant"}
    sent = apply(client, fields, path)
    assert sent.status_code == 200
    (row,) = Application.objects.all()
    assert (row.urgency, row.language, row.state) == (2, LANGUAGES[language], "waiting")
    with translation.override(language):
        said = gettext(choices.APPLICATION_STATES["waiting"])
    assert said in page_of(sent).text
    (opened,) = applied(office)
    wish = opened.applied
    assert (wish.legal_name, wish.birth_date) == ("SAMPLE<<ONE<PERSON", date(1990, 1, 2))
    assert (wish.chinese_name, wish.birth_place, wish.orgs) == ("样本甲", "样本城", 1)
    assert (wish.stated_on, wish.needed_by) == (date(2004, 11, 20), date(2026, 8, 1))
    assert (wish.look, wish.script, wish.with_proof, wish.is_bound) == ("desk", "Hant", True, True)


def test_nothing_is_stored_before_it_is_sent(client: Client, office: Office) -> None:
    """The preview shows the name as the passport has it, and stores nothing."""
    applicant = office.applicant()
    previewed = preview(client, {**form(client, applicant.code), **filled()})
    text = page_of(previewed).text
    assert "SAMPLE<<ONE<PERSON" in text
    assert "none" in text
    assert Application.objects.count() == 0
    changed = send(client, PATH, {**page_of(previewed).fields, "do": "change"})
    assert page_of(changed).fields["c1-given"] == ["One Person"]


def test_code_and_second_word_are_never_shown(client: Client, office: Office) -> None:
    """Both travel as tickets through the form, the preview and back, and open at the end."""
    applicant = office.applicant()
    fields = {**form(client, applicant.code), **filled(), "c1-surname": ""}
    refused = preview(client, fields)
    assert refused.status_code == 422
    again = {**page_of(refused).fields, "c1-surname": "Sample"}
    previewed = preview(client, again)
    sent = send(client, PATH, {**page_of(previewed).fields, "do": "send"})
    for response in (refused, previewed, sent):
        shown = response.content.decode()
        for secret in (WORD, applicant.code.digits(), applicant.code.english()):
            assert secret not in shown
    office.prepare(Application.objects.get())
    office.publish()
    office.sign(Application.objects.get())
    opened = send(client, PATH, {"ticket": ticket_in(sent), "word": WORD, "do": "open"})
    fields = {**forms_of(page_of(opened))[0], "do": "file"}
    verdict = check_bytes(send(client, PATH, fields).content, installed_bundle(), today=DAY)
    assert (verdict.outcome, verdict.claims and verdict.claims.latin_name) == (
        "valid",
        "SAMPLE<<ONE<PERSON",
    )


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        ({"c1-surname": ""}, "Surname", "Please fill this in."),
        ({"c1-surname": "张"}, "Surname", "A to Z"),
        ({"c1-birth": ""}, "Birth date", "Please fill this in."),
        ({"c1-birth": "1990-02-30"}, "Birth date", "date"),
        ({"c1-birth": "1890-02-20"}, "Birth date", "before 1900"),
        ({"c1-birth": "2015-02-20"}, "Who applies", "a parent applies"),
        ({"c1-chinese": "样本\U0003abcd"}, "Name in Chinese", "cannot be printed: \U0003abcd"),
        ({"c1-chinese": "样本" * 21}, "Name in Chinese", "one name"),
        ({"c1-birthplace": "城" * 61}, "Place of birth", "at most 60"),
        ({"c1-orgs": ["league"]}, "Organisations", "does not name"),
        ({"c1-alias": "yes"}, "Alias", "No alias"),
        ({"c1-stated": "2030-01-01"}, "An earlier day", "in the future"),
        ({"c1-replaces": "12"}, "Number", "12 characters"),
        ({"c1-replaces": "0000-0000-0000"}, "Number", "no valid certificate"),
        ({"c1-relation": "stranger"}, "Who applies", "answers that are offered"),
        ({"look": "photo"}, "Shall somebody look", "answers that are offered"),
        ({"needed": "2026-07-01"}, "Day of an interview", "This day is over."),
        ({"needed": "soon"}, "Day of an interview", "date"),
        ({"needed": "2026-07-20"}, "Needed", "sooner than what is chosen"),
        ({"read": ""}, "What a seized", "tick that you have"),
        ({"word2": "another"}, "Second word", "not the same"),
        ({"word": "abc", "word2": "abc"}, "Second word", "at least 4"),
        ({"word": "", "word2": ""}, "Second word", "Please fill this in."),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    client: Client, office: Office, changes: dict[str, Any], label: str, words: str
) -> None:
    """Every slip is one line of the summary with the field's name, and nothing is stored."""
    applicant = office.applicant()
    response = preview(client, {**form(client, applicant.code), **filled(), **changes})
    assert response.status_code == 422
    (told,) = problems_of(page_of(response))
    assert told.startswith(label)
    assert words in told
    assert Application.objects.count() == 0


def test_a_code_in_a_wrong_field_is_dropped(client: Client, office: Office) -> None:
    """A receipt code that lands in a name does not come back with the page."""
    applicant = office.applicant()
    code = applicant.code.english()
    response = preview(client, {**form(client, applicant.code), **filled(), "c1-birthplace": code})
    assert response.status_code == 422
    assert code not in response.content.decode()
    assert "receipt code" in page_of(response).text


def test_latin_letters_are_suggested_and_never_decided(client: Client, office: Office) -> None:
    """The button fills empty fields and says how often it errs; typed letters stay."""
    fields = form(client, office.applicant().code)
    asked = send(client, PATH, {**fields, "c1-chinese": "欧阳小样", "do": "suggest"})
    page = page_of(asked)
    assert (page.fields["c1-surname"], page.fields["c1-given"]) == (["OUYANG"], ["XIAOYANG"])
    assert "gets 9 wrong" in page.text
    typed = {**fields, "c1-chinese": "单样本", "c1-surname": "SHAN", "do": "suggest"}
    assert page_of(send(client, PATH, typed)).fields["c1-surname"] == ["SHAN"]


# fmt: off
HARD = {
    "单": "SHAN", "曾": "ZENG", "解": "XIE", "仇": "QIU", "区": "OU", "查": "ZHA", "任": "REN",
    "朴": "PIAO", "盖": "GE", "尉迟": "YUCHI", "华": "HUA", "覃": "QIN", "令狐": "LINGHU",
}
# fmt: on


def test_the_page_says_truly_how_often_a_suggestion_errs() -> None:
    """Of 13 surnames with an unusual reading nine come out wrong, as the page says."""
    wrong = [name for name, right in HARD.items() if suggested(f"{name}样本") != (right, "YANGBEN")]
    assert (len(HARD), len(wrong)) == (13, 9)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("吕绿", ("LYU", "LYU")),
        ("欧阳", ("OU", "YANG")),
        ("張 三", ("ZHANG", "SAN")),
        ("甲", None),
        ("Sample", None),
        ("样·本", None),
        ("样本" * 3, None),
        ("𠮷样", None),
    ],
)
def test_a_suggestion_is_made_only_for_a_chinese_name(
    name: str, suggestion: tuple[str, str] | None
) -> None:
    """Two to five characters that a program can read; ü is YU, as passports have it."""
    assert suggested(name) == suggestion


def test_a_mother_applies_for_herself_and_her_child(client: Client, office: Office) -> None:
    """Several persons of a declaration go in one application, each with fields of their own."""
    child = other("样本丙", kind="alias", organizations=["pioneers"])
    applicant = office.applicant(person("样本甲"), other("样本乙"), child)
    fields = {**form(client, applicant.code, 1, 3), **filled(1), **filled(3)}
    fields |= {"c3-birth": "2015-03-04", "c3-relation": "relative", "c3-given": "Child"}
    fields |= {"c3-alias": "yes", "c3-nobirth": "yes"}
    apply(client, fields)
    first, third = applied(office)
    assert [row.number for row in Application.objects.order_by("number")] == [1, 3]
    assert (first.applied.relation, first.applied.with_proof) == ("self", True)
    assert (third.applied.relation, third.applied.with_proof) == ("relative", False)
    assert third.applied.declared_name == "样本丙"


def test_pressing_twice_applies_once(client: Client, office: Office) -> None:
    """The second press says that an application waits, and stores nothing."""
    applicant = office.applicant()
    previewed = preview(client, {**form(client, applicant.code), **filled()})
    fields = {**page_of(previewed).fields, "do": "send"}
    first, second = (send(client, PATH, fields) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Nothing was sent a second time" in page_of(second).text
    assert "It waits for a volunteer" in page_of(second).text
    assert Application.objects.count() == 1


def test_without_a_tick_nobody_is_meant(client: Client, office: Office) -> None:
    """The form wants to know for whom; numbers that nobody has do not count."""
    applicant = office.applicant(person(), other("样本乙"))
    ticket = ticket_in(come(client, applicant.code))
    for persons in ([], ["0"], ["3"], ["²"], ["1" * 30]):
        for do in ("form", "preview", "send"):
            sent = {"ticket": ticket, "do": do, "person": persons}
            assert send(client, PATH, sent).status_code == 422


@pytest.mark.parametrize("size", [13, 14])
def test_a_list_is_shown_the_road(client: Client, office: Office, size: int) -> None:
    """The code of a list certifies nobody; the page names the new declaration as the road."""
    people = [other(f"样本{number}号") for number in range(size)]
    applicant = office.applicant(*people)
    response = come(client, applicant.code)
    assert "new declaration of one’s own" in page_of(response).text
    ticket = tickets.issue(applicant.code, PURPOSE, now=NOW, minutes=1)
    for do in ("form", "preview", "send"):
        sent = {**filled(), "ticket": ticket, "do": do, "person": "1"}
        assert send(client, PATH, sent).status_code == 409


def test_another_name_for_the_same_declaration_is_refused(client: Client, office: Office) -> None:
    """Once linked, a declaration takes no other legal name; the page names the road."""
    applicant = office.applicant()
    office.issue(applicant)
    fields = {**form(client, applicant.code), **filled(), "c1-surname": "Other"}
    response = preview(client, fields)
    assert response.status_code == 422
    assert "linked to another legal name" in page_of(response).text


def test_the_office_asks_and_the_applicant_replies(client: Client, office: Office) -> None:
    """A question shows with its application; the reply goes back sealed, a bad one is kept."""
    applicant = office.applicant()
    row = applicant.apply()
    actions.ask(row.pk, "样本问题？<b>", by=office.first.doer, day=DAY)
    shown = come(client, applicant.code)
    assert "样本问题？&lt;b&gt;" in shown.content.decode()
    fields = {"ticket": ticket_in(shown), "application": str(row.pk), "do": "reply"}
    sent = send(client, PATH, {**fields, "text": "样本回复"})
    assert "Your reply is sealed" in page_of(sent).text
    assert "样本回复" not in sent.content.decode()
    (opened,) = applied(office)
    assert [text for _, text in opened.replies] == ["样本回复"]
    long = send(client, PATH, {**fields, "text": "样" * 2001})
    assert long.status_code == 422
    assert "样样" in long.content.decode()
    told = send(client, PATH, {**fields, "text": f"样本 {applicant.code.english()}"})
    assert told.status_code == 422
    assert applicant.code.english() not in told.content.decode()
    lost = send(client, PATH, {**fields, "application": "x", "text": "样本"})
    assert lost.status_code == 422


def test_an_application_is_withdrawn(client: Client, office: Office) -> None:
    """Withdrawing asks for a tick, and shows at once; the person can be applied for again."""
    applicant = office.applicant()
    row = applicant.apply()
    ticket = ticket_in(come(client, applicant.code))
    fields = {"ticket": ticket, "application": str(row.pk), "do": "withdraw"}
    assert send(client, PATH, fields).status_code == 422
    text = page_of(send(client, PATH, {**fields, "sure": "yes"})).text
    assert "The application is withdrawn." in text
    assert "You have withdrawn this application." in text
    actions.carry_out(day=DAY)
    again = send(client, PATH, {**fields, "sure": "yes"})
    assert again.status_code in {200, 409}


def test_an_undecided_declaration_is_told(client: Client, office: Office) -> None:
    """Who applies before a volunteer has decided reads that the declaration has to come first."""
    waiting = office.applicant(accept=False)
    assert "itself still waits for a volunteer" in page_of(come(client, waiting.code)).text
    accepted = office.applicant()
    assert "itself still waits" not in page_of(come(client, accepted.code)).text


def test_a_refusal_is_said_in_words(client: Client, office: Office) -> None:
    """Not issued, and why."""
    applicant = office.applicant()
    row = applicant.apply()
    actions.refuse(row.pk, "name_differs", by=office.first.doer, day=DAY)
    text = page_of(come(client, applicant.code)).text
    assert "Not issued." in text
    assert "differs from the document" in text


def test_the_receipt_page_knows_of_applications(client: Client, office: Office) -> None:
    """My receipt says how far it is and leads to the certificates without the code again."""
    applicant = office.applicant()
    fresh = page_of(send(client, "/en/receipt/", {"code": applicant.code.digits()}))
    assert "Ask for a certificate" in fresh.text
    applicant.apply()
    page = send(client, "/en/receipt/", {"code": applicant.code.digits()})
    assert "Application for person 1: It waits for a volunteer" in page_of(page).text
    source = page.content.decode().partition('action="/en/certificate/"')[2]
    ticket = source.partition('value="')[2].partition('"')[0]
    assert "Your certificates" in page_of(send(client, PATH, {"ticket": ticket})).text


def test_without_anybody_to_seal_to_nothing_is_taken(client: Client, office: Office) -> None:
    """With no recipient the page says that nothing was recorded, and nothing is."""
    applicant = office.applicant()
    previewed = preview(client, {**form(client, applicant.code), **filled()})
    RingKey.objects.filter(ring="certificates").delete()
    forget_recipients()
    sent = send(client, PATH, {**page_of(previewed).fields, "do": "send"})
    assert sent.status_code == 503
    assert Application.objects.count() == 0


@pytest.mark.parametrize("path", [PATH, f"{PATH}pickup/"])
def test_what_is_no_form_is_refused(client: Client, db: None, path: str) -> None:
    """Bytes that are no form are refused as such, and other methods altogether."""
    assert client.post(path, b"{}", content_type="application/json").status_code == 415
    assert client.put(path).status_code == 405


def test_a_ticket_lapses(client: Client, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """After two hours the code is asked for again, and so is the second word."""
    applicant = office.applicant()
    fields = {**form(client, applicant.code), **filled()}
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=121))
    response = preview(client, fields)
    assert response.status_code == 422
    assert "open for too long" in page_of(response).text


@each_language
def test_the_form_is_light(client: Client, office: Office, language: str) -> None:
    """The form for one person takes at most 20 KB on the wire, styles and all."""
    path, applicant = f"/{language}/certificate/", office.applicant()
    ticket = ticket_in(come(client, applicant.code, path))
    sent = {"ticket": ticket, "do": "form", "person": "1"}
    response = send(client, path, sent, **{"accept-encoding": "gzip"})
    headers = sum(len(f"{name}: {value}\r\n") for name, value in response.headers.items())
    print(f"{language} application form: {len(response.content) + headers} bytes")
    assert len(response.content) + headers <= 20_480


def test_every_state_and_choice_has_words() -> None:
    """Whatever an application can come to, or can wish for, is said in words."""
    assert set(Application.State.values) == choices.APPLICATION_STATES.keys()
    assert choices.CERTIFICATE_ENDS.keys() == {"revoked", "superseded"}
    assert set(Application.Refusal.values) == choices.APPLICATION_REFUSALS.keys()
    assert set(Application.Urgency.values) == choices.URGENCIES.keys()
