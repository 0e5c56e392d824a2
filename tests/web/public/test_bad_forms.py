# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bad input in the form: words at the field, in the page's language; nothing echoed or stored."""

from typing import Any

import pytest
from django.test import Client

from tests.registry.declarations.desk import Desk
from tests.web.public.browsing import page_of, send
from tests.web.public.filling import fresh, myself, others, preview, problems_of, relative
from tuidang.pure.receipt import Code
from tuidang.registry.declarations.models import Declaration
from tuidang.web.shared.languages import LANGUAGES

CODE = Code(bytes(range(11)))
MANY = "、".join(["样本甲"] * 501)
LIST = {"names-orgs": ["party"], "names-consent": "agreed"}

# What is typed, the field that is told, and words of the simplified page.
BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({}, "p1-name", "请至少填写一人"),
    "name too long": (myself("样" * 10_000), "p1-name", "姓名太长"),
    "control character": (myself("样\x07本"), "p1-name", "控制字符"),
    "direction of writing": (myself("样\u202e本"), "p1-name", "改变书写方向"),
    "invisible": (myself("样\u200b本"), "p1-name", "看不见的符号"),
    "phone as a name": (myself("13800000000"), "p1-name", "电话号码"),
    "formula": (myself("=1+1"), "p1-name", "等号"),
    "no name": ({"p1-orgs": ["party"]}, "p1-name", "请填写姓名或化名"),
    "no organisation": ({"p1-name": "样本甲"}, "p1-orgs", "至少选择一个组织"),
    "unknown organisation": (myself("样本甲", "army-sample"), "p1-orgs", "从所列的选项中选择"),
    "all together with one": (
        myself("样本甲", "party", "unspecified"), "p1-orgs", "只能选其一"),
    "unknown kind": ({**myself(), "p1-kind": "royal-sample"}, "p1-kind", "从所列的选项"),
    "missing consent": (
        {**myself(), **relative(2, "样本乙", "party", "")}, "p2-consent", "是否同意"),
    "oneself twice": (
        {**myself(), **relative(2, "样本乙", "party"), "p2-by": "self"}, "p2-by", "只能有一位"),
    "501 people": ({"names": MANY, **LIST}, "p1-name", "最多 500 人"),
    "line of a list": ({"names": "样本甲\n2026-01-01 12:31", **LIST}, "names", "第 2 行"),
    "list without consent": (
        {"names": "样本甲", "names-orgs": ["party"]}, "names-consent", "是否同意"),
    "501 unnamed": ({**myself(), **others(501)}, "others-count", "1 到 500"),
    "unnamed in words": (
        {**myself(), **others(5), "others-count": "five-sample"}, "others-count", "类型"),
    "huge number": ({**myself(), **others(5), "others-count": "9" * 5000}, "others-count", "类型"),
    "total that does not add up": ({**myself(), "total": "7"}, "total", "列出的是 1 人"),
    "statement too long": ({**myself(), "statement": "样" * 5001}, "statement", "最多 5000 个"),
    "code in the statement": (
        {**myself(), "statement": f"样本 {CODE.chinese()}"}, "statement", "回执码"),
    "code in a name": (myself(CODE.chinese()), "p1-name", "回执码"),
    "code in the list": ({"names": CODE.english(), **LIST}, "names", "回执码"),
    "date in the future": ({**myself(), "stated-on": "2026-07-16"}, "stated-on", "在将来"),
    "no date": ({**myself(), "stated-on": "2026-02-30"}, "stated-on", "真实的日期"),
    "province without country": ({**myself(), "province": "样本省"}, "country", "请选择国家"),
    "too fine a place": (
        {**myself(), "country": "CN", "province": "样本县"}, "province", "比省更具体"),
    "earlier code with a slip": (
        {**myself(), "earlier": "0001 " * 8 + "0002"}, "earlier", "回执码中有误"),
    "earlier code unreadable": ({**myself(), "earlier": "sample-sample"}, "earlier", "可以识别"),
    "legal name in Chinese": (
        {**myself(), "surname": "样", "given": "本", "birth": "1990-01-02"}, "surname", "A 到 Z"),
    "legal name without a birth date": (
        {**myself(), "surname": "YANG", "given": "BEN"}, "birth", "真实的日期"),
    "legal name of nobody": (
        {**relative(1, "样本甲", "party"), "surname": "YANG", "given": "BEN",
         "birth": "1990-01-02"}, "surname", "为自己声明的人"),
}  # fmt: skip
each_bad = pytest.mark.parametrize(("typed", "place", "words"), BAD.values(), ids=BAD)


@pytest.mark.unmeasured
@each_bad
def test_what_is_wrong_is_told_at_its_field(
    client: Client, db: None, typed: dict[str, Any], place: str, words: str
) -> None:
    """The summary leads to the field, says what to do, and nothing is stored."""
    response = preview(client, {**fresh(client), **typed})
    page = page_of(response)
    places = {values["href"] for tag, values in page.tags if tag == "a" and "href" in values}
    ids = {values.get("id") for _, values in page.tags}
    assert response.status_code == 422
    assert any(words in line for line in problems_of(page)), problems_of(page)
    assert f"#{place}" in places
    assert place in ids
    assert Declaration.objects.count() == 0


@pytest.mark.unmeasured
@each_bad
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_echoes_nothing(
    client: Client, db: None, language: str, typed: dict[str, Any], place: str, words: str
) -> None:
    """No message repeats what was typed; fields keep it, but for a receipt code."""
    path = f"/{language}/declare/"
    response = preview(client, {**fresh(client, path), **typed}, path)
    values = [v for each in typed.values() for v in (each if isinstance(each, list) else [each])]
    harmless = {"party", "league", "pioneers", "unspecified", "agreed", "relative", "self", "CN"}
    telling = [value for value in values if len(value) > 2 and value not in harmless]
    told = " ".join(problems_of(page_of(response)))
    assert [value for value in telling if value in told] == []
    assert not any(spelled in response.content.decode() for spelled in spellings(CODE))


@pytest.mark.unmeasured
@pytest.mark.parametrize("place", ["p1-name", "names", "statement", "province", "surname", "total"])
def test_a_receipt_code_never_comes_back(client: Client, db: None, place: str) -> None:
    """A code typed into any field, in any spelling, is not in the page that answers."""
    for spelled in spellings(CODE):
        for button in ({"do": "preview"}, {"do": "more"}, {"do": "change"}, {"confirm": "yes"}):
            fields = {**fresh(client), **myself(), place: f"样本 {spelled}", **button}
            assert spelled not in send(client, "/en/declare/", fields).content.decode()
    assert Declaration.objects.count() == 0


def test_unknown_fields_are_not_carried_on(client: Client, db: None) -> None:
    """What the form does not know does not come back in the preview."""
    fields = {**fresh(client), **myself(), "strange-sample": "strange", "p99-name": "样本丁"}
    source = preview(client, fields).content.decode()
    assert "strange" not in source
    assert "样本丁" not in source


def test_several_problems_are_told_at_once(client: Client, db: None) -> None:
    """One answer names everything that is wrong, each with its person."""
    typed = {**myself("样本甲", "party", "unspecified"), **relative(3, "=样本", "party", "")}
    lines = problems_of(page_of(preview(client, {**fresh(client), **typed, "total": "9"})))
    assert len(lines) == 4
    assert lines[0].startswith("您 :")
    assert lines[1].startswith("第 3 位 :")


def test_typed_markup_stays_text(client: Client, db: None) -> None:
    """Markup in any field is shown as text and never becomes part of the page."""
    evil = '"><script>alert(1)</script></textarea>'
    typed = {**myself(evil), "statement": evil, "names": evil, "total": evil, "province": evil}
    response = send(client, "/en/declare/", {**fresh(client), **typed, "do": "change"})
    page = page_of(response)
    assert "script" not in [tag for tag, _ in page.tags]
    assert page.fields["statement"] == [evil]
    assert page.fields["p1-name"] == [evil]


def test_a_lost_key_is_replaced(client: Client, db: None, desk: Desk) -> None:
    """A form that comes without its key gets a new one and goes on."""
    response = preview(client, {**fresh(client), **myself(), "key": "short"})
    assert response.status_code == 200
    assert len(page_of(response).fields["key"][0]) == 22


def test_a_lapsed_ticket_asks_for_the_code_again(client: Client, db: None) -> None:
    """An earlier code whose ticket is too old or damaged has to be typed again."""
    response = preview(client, {**fresh(client), **myself(), "earlier-ticket": "x" * 80})
    assert response.status_code == 422
    assert "请重新输入回执码" in problems_of(page_of(response))[0]


def spellings(code: Code) -> tuple[str, ...]:
    """Give every spelling of a code."""
    chinese = (code.chinese(), code.chinese(traditional=True))
    return (code.digits(), code.english(), *chinese, code.digits().replace(" ", ""))
