# SPDX-License-Identifier: AGPL-3.0-or-later
"""Coming back with a receipt code: state, question, withdrawal, proofs; never what was declared."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.registry.declarations.desk import (
    DAY,
    NOW,
    ORIGIN,
    Desk,
    body,
    hand_in,
    other,
    person,
    unnamed,
)
from tests.web.public.browsing import page_of, send
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle.tlog_proof import parse
from tuidang.pure.receipt import Code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency import actions as transparency
from tuidang.registry.transparency.models import Correction
from tuidang.web.public import clock, tickets
from tuidang.web.shared.languages import LANGUAGES

PATH = "/zh-hans/receipt/"
NAMES = ("样本甲", "样本乙")
TEXT = "这是样本的声明文字"


def family() -> tuple[Declaration, Code]:
    """Hand in a declaration of two names and three others, with a text."""
    people = (person("样本甲"), other("样本乙", "unasked", organizations=["league"]))
    return hand_in(body(*people, unnamed=unnamed(3), statement=TEXT))


def come_back(client: Client, code: Code, path: str = PATH) -> dict[str, list[str]]:
    """Enter the code and return the fields that the page carries."""
    return page_of(send(client, path, {"code": code.digits()})).fields


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_spelling_shows_the_state(client: Client, desk: Desk, language: str) -> None:
    """Every spelling of a code opens the same page in every language."""
    _, code = family()
    spelled = (
        code.digits(),
        code.english().upper(),
        code.chinese(),
        code.chinese(traditional=True),
    )
    path = f"/{language}/receipt/"
    texts = {page_of(send(client, path, {"code": each})).text for each in spelled}
    assert len(texts) == 1
    assert "2026-07-14" in texts.pop()


def test_the_page_shows_nothing_that_was_declared(client: Client, desk: Desk) -> None:
    """Neither names, texts, organisations nor the code stand in the page."""
    _, code = family()
    source = send(client, PATH, {"code": code.chinese()}).content.decode()
    for secret in (*NAMES, TEXT, "共青团", "共产党", code.chinese(), code.digits(), code.english()):
        assert secret not in source


def test_an_unknown_code_and_a_slip_are_told_apart(client: Client, db: None) -> None:
    """A whole code that nobody has is 404, a failed check 422, and neither comes back."""
    unknown = Code(bytes(11)).digits()
    slip = unknown[:-1] + ("2" if unknown[-1] != "2" else "3")
    for typed, status, words in (
        (unknown, 404, "没有与它对应的声明"),
        (slip, 422, "回执码中有误"),
        ("blurb " * 9, 422, "可以识别"),
        ("", 422, "可以识别"),
    ):
        response = send(client, PATH, {"code": typed})
        assert response.status_code == status
        assert words in page_of(response).text
        assert not typed or typed not in response.content.decode()


def test_wrong_codes_lock_nobody_out(client: Client, desk: Desk) -> None:
    """After many wrong codes a right one still opens at once."""
    _, code = family()
    for _ in range(30):
        send(client, PATH, {"code": Code(bytes(11)).digits()})
    assert send(client, PATH, {"code": code.digits()}).status_code == 200


def test_a_question_is_answered(client: Client, desk: Desk) -> None:
    """The holder of the code reads the question and answers, sealed, once."""
    row, code = family()
    question = "样本问题？<b>"
    actions.return_with_question(row, question, by=desk.first.doer, day=DAY)
    page = send(client, PATH, {"code": code.digits()})
    assert "样本问题？&lt;b&gt;" in page.content.decode()
    fields = {"ticket": page_of(page).fields["ticket"], "do": "answer", "text": "样本回答"}
    answered = send(client, PATH, fields)
    assert "您的回答已密封" in page_of(answered).text
    assert "样本回答" not in answered.content.decode()
    assert Request.objects.get().kind == "answer"
    again = send(client, PATH, fields)
    assert again.status_code == 409
    assert "没有等待回答的问题" in page_of(again).text


@pytest.mark.parametrize(
    ("text", "words", "kept"),
    [("", "请填写此项", ""), ("样" * 5001, "太长", "样样"), ("样本\x00", "控制字符", "样本")],
)
def test_a_bad_answer_is_told_and_kept(
    client: Client, desk: Desk, text: str, words: str, kept: str
) -> None:
    """An answer that cannot be taken says why and stays in its field."""
    row, code = family()
    actions.return_with_question(row, "样本问题", by=desk.first.doer, day=DAY)
    fields = {**come_back(client, code), "do": "answer", "text": text}
    ticket = page_of(send(client, PATH, {"code": code.digits()})).fields["ticket"]
    response = send(client, PATH, {**fields, "ticket": ticket})
    assert response.status_code == 422
    assert words in page_of(response).text
    assert kept in response.content.decode()
    assert Request.objects.count() == 0


def test_a_code_in_an_answer_is_taken_out(client: Client, desk: Desk) -> None:
    """An answer with a receipt code is refused, and the code does not come back."""
    row, code = family()
    actions.return_with_question(row, "样本问题", by=desk.first.doer, day=DAY)
    fields = {**come_back(client, code), "do": "answer", "text": f"样本 {code.english()}"}
    response = send(client, PATH, fields)
    assert response.status_code == 422
    assert code.english() not in response.content.decode()


def test_a_declaration_is_withdrawn_before_publication(client: Client, desk: Desk) -> None:
    """Withdrawing asks for a tick, and shows at once."""
    _, code = family()
    fields = {**come_back(client, code), "do": "withdraw"}
    unsure = send(client, PATH, {**fields, "sure": ""})
    assert (unsure.status_code, Request.objects.count()) == (422, 0)
    done = page_of(send(client, PATH, {**fields, "sure": "yes"}))
    assert "声明已撤回" in done.text
    assert "已撤回。" in page_of(send(client, PATH, {"code": code.digits()})).text
    assert Request.objects.get().kind == "withdraw"
    assert send(client, PATH, {**fields, "sure": "yes"}).status_code in {200, 409}
    assert Request.objects.count() == 1


def test_proofs_wait_after_publication(client: Client, desk: Desk) -> None:
    """Once published, the page has the index, both proofs and the packet."""
    row, code = publish_family(desk)
    response = send(client, PATH, {"code": code.digits()})
    page = page_of(response)
    assert "已计入并公布" in page.text
    assert "未计入 · 无法征询本人" in page.text
    assert "是，证明见下方" in page.text
    proofs = [each for each in response.content.decode().split("<pre>") if "tlog-proof" in each]
    texts = [each.partition("</pre>")[0] for each in proofs]
    assert len(texts) == 4 + 5
    assert all(parse(text.encode()).checkpoint for text in texts)
    assert row.size == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_published_declaration_is_withdrawn_and_corrected(
    client: Client, desk: Desk, language: str
) -> None:
    """Withdrawing shows at once, and a week later the page names the correction and proves it."""
    path = f"/{language}/receipt/"
    _, code = publish_family(desk)
    shown = page_of(send(client, path, {"code": code.digits()}))
    fields = {"ticket": shown.fields["ticket"], "do": "withdraw", "sure": "yes"}
    assert send(client, path, fields).status_code == 200
    again = send(client, path, fields)
    assert again.status_code in {200, 409}
    actions.apply_requests(day=DAY)
    publish_batch(now=NOW + timedelta(days=7))
    entries = Correction.objects.values_list("leaf__index", "index")
    page = send(client, path, {"code": code.digits()})
    digits = re.sub(r"\D+", " ", page_of(page).text)
    assert len(entries) == 4
    assert all(f" {corrected} {by} " in digits for corrected, by in entries)
    proofs = [each.partition("</pre>")[0] for each in page.content.decode().split("<pre>")]
    assert sum("tlog-proof" in each for each in proofs) == 4 + 4 + 5
    assert sum("&quot;digests&quot;" in each for each in proofs) == 4
    assert 'value="withdraw"' not in page.content.decode()


def test_erasing_asks_for_a_tick_and_shows_at_once(client: Client, desk: Desk) -> None:
    """The warning is plain, the packet is gone before the timetable comes round, and stays so."""
    row, code = publish_family(desk)
    fields = {**come_back(client, code, "/en/receipt/"), "do": "erase"}
    unsure = send(client, "/en/receipt/", {**fields, "sure": "yes"})
    assert unsure.status_code == 422
    assert "nobody can ever prove that an entry is yours" in page_of(unsure).text
    done = send(client, "/en/receipt/", {**fields, "sure_erase": "yes"})
    for answer in (done, send(client, "/en/receipt/", {"code": code.digits()})):
        assert "Nobody can open the entries of this declaration." in page_of(answer).text
        assert "tlog-proof" not in answer.content.decode()
        assert 'value="erase"' not in answer.content.decode()
        assert "counted and published" in page_of(answer).text
        assert "proven below" not in page_of(answer).text
    assert send(client, "/en/receipt/", {**fields, "do": "packet"}).status_code == 404
    assert row.packet is not None
    actions.apply_requests(day=DAY)
    row.refresh_from_db()
    assert row.packet is None
    assert send(client, "/en/receipt/", {"code": code.digits()}).status_code == 200


def test_a_question_is_answered_before_erasing(client: Client, desk: Desk) -> None:
    """With an open question the page offers no erasing, and refuses it in words."""
    row, code = family()
    actions.return_with_question(row, "样本问题", by=desk.first.doer, day=DAY)
    page = send(client, PATH, {"code": code.digits()})
    assert 'value="erase"' not in page.content.decode()
    fields = {"ticket": page_of(page).fields["ticket"], "do": "erase", "sure_erase": "yes"}
    refused = send(client, PATH, fields)
    assert refused.status_code == 409
    assert "有一个问题等您回答" in page_of(refused).text


def test_the_interface_gives_the_same_proofs(client: Client, desk: Desk) -> None:
    """A program gets state, reasons, indexes and proofs, and nothing that was declared."""
    _, code = publish_family(desk)
    response = client.post(
        "/api/v1/receipt", json.dumps({"receipt": code.english()}), content_type="application/json"
    )
    answer = json.loads(response.content)
    assert answer["state"] == "accepted"
    assert [p["state"] for p in answer["persons"]] == ["logged", "not_counted", *["logged"] * 3]
    assert answer["persons"][1]["reason"] == "unasked"
    assert len(answer["proofs"]["received"]) == 5
    assert len(answer["proofs"]["logged"]) == 4
    assert {piece["kind"] for piece in answer["mail"]} == {"received", "logged"}
    assert not any(name in response.content.decode() for name in (*NAMES, TEXT, "league"))


def test_the_interface_tells_corrections_and_erasure(client: Client, desk: Desk) -> None:
    """A program learns which entry corrects which, what opens that, and that all is erased."""

    def look() -> Any:
        asked = json.dumps({"receipt": code.english()})
        answer = client.post("/api/v1/receipt", asked, content_type="application/json")
        return json.loads(answer.content)

    row, code = publish_family(desk)
    assert {each["corrected_by"] for each in look()["persons"]} == {None}
    actions.ask_withdrawal(row, day=DAY)
    publish_batch(now=NOW, at_once=True)
    assert [each["state"] for each in look()["persons"]].count("correcting") == 4
    publish_batch(now=NOW + timedelta(days=7))
    told = look()
    assert [each["corrected_by"] is None for each in told["persons"]].count(True) == 1
    assert {each["person"] for each in told["corrections"]} == {1, 3, 4, 5}
    opening = Opening._from_object(told["corrections"][0]["opening"])
    assert Correction.objects.filter(commitment=opening.commitment(ORIGIN)).exists()
    assert {each["person"] for each in told["proofs"]["corrected"]} == {1, 3, 4, 5}
    row.refresh_from_db()
    actions.ask_erasure(row, day=DAY)
    told = look()
    assert (told["erased"], told["packet"], told["mail"]) == (True, None, [])
    assert told["corrections"] == told["proofs"]["corrected"] == told["proofs"]["logged"] == []


def test_many_alike_are_told_together(client: Client, desk: Desk) -> None:
    """Neighbours of the same state share a line, so that 500 people are no wall of lines."""
    _, code = hand_in(body(person(), unnamed=unnamed(499)))
    assert "1–500 已收到" in page_of(send(client, PATH, {"code": code.digits()})).text


def test_the_packet_comes_as_it_is_sealed(client: Client, desk: Desk) -> None:
    """The packet is handed out sealed, as a file of the age format."""
    row, code = family()
    response = send(client, PATH, {**come_back(client, code), "do": "packet"})
    assert response["Content-Disposition"] == 'attachment; filename="packet.age"'
    assert response.content == bytes(row.packet)
    assert response.content.startswith(b"age-encryption.org/v1")


def test_a_withdrawn_packet_is_gone(client: Client, desk: Desk) -> None:
    """After a withdrawal is carried out there is no packet to hand out."""
    row, code = family()
    actions.ask_withdrawal(row, day=DAY)
    actions.apply_requests(day=DAY)
    shown = send(client, PATH, {"code": code.digits()})
    assert "packet" not in shown.content.decode()
    assert "已抹除" not in page_of(shown).text
    ticket = tickets.issue(code, "receipt", now=NOW, minutes=15)
    assert send(client, PATH, {"ticket": ticket, "do": "packet"}).status_code == 404


def test_a_rejected_declaration_says_why(client: Client, desk: Desk) -> None:
    """A rejection is told with its reason, in words."""
    row, code = family()
    actions.reject(row, "not_a_declaration", by=desk.first.doer, day=DAY)
    text = page_of(send(client, "/en/receipt/", {"code": code.digits()})).text
    assert "Not accepted. It does not declare anything." in text


def test_a_ticket_lasts_fifteen_minutes(
    client: Client, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page works for a quarter of an hour, also across midnight, and then asks again."""
    _, code = family()
    fields = come_back(client, code)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=14))
    assert send(client, PATH, fields).status_code == 200
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(minutes=17))
    late = send(client, PATH, fields)
    assert late.status_code == 422
    assert "请重新输入回执码" in page_of(late).text


def test_a_ticket_opens_for_its_purpose_alone(client: Client, desk: Desk) -> None:
    """A ticket of the form does not open the receipt page, and no flipped byte passes."""
    _, code = family()
    wrong = tickets.issue(code, "earlier", now=NOW, minutes=15)
    right = tickets.issue(code, "receipt", now=NOW, minutes=15)
    assert send(client, PATH, {"ticket": wrong}).status_code == 422
    assert tickets.redeem(right, "receipt", now=NOW) == code
    with pytest.raises(tickets.TicketRefused):
        tickets.redeem("样本", "receipt", now=NOW)
    last = len(right.rstrip("=")) - 1
    padded = right[:last] + chr(ord(right[last]) + 1) + right[last + 1 :]
    with pytest.raises(tickets.TicketRefused):
        tickets.redeem(padded, "receipt", now=NOW)
    for at in range(len(right)):
        flipped = right[:at] + ("A" if right[at] != "A" else "B") + right[at + 1 :]
        with pytest.raises(tickets.TicketRefused):
            tickets.redeem(flipped, "receipt", now=NOW)


def publish_family(desk: Desk) -> tuple[Declaration, Code]:
    """Hand in, accept and publish the family."""
    transparency.install(now=NOW)
    row, code = family()
    desk.accept(row)
    publish_batch(now=NOW, at_once=True)
    return row, code
