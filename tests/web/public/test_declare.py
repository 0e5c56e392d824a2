# SPDX-License-Identifier: AGPL-3.0-or-later
"""Declaring by the form, with JavaScript off: for oneself, a family, a list; and only once."""

import gzip
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.registry.declarations.desk import Desk, all_columns, found_in, text_forms
from tests.web.public.browsing import code_in, page_of, send
from tests.web.public.filling import PATH, declare, fresh, myself, others, preview, relative
from tuidang.pure.receipt import parse_code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.models import Declaration
from tuidang.web.shared.languages import LANGUAGES

FAMILY = {
    **myself("样本甲", "party"),
    **relative(2, "样本乙", "league"),
    **relative(3, "样本丙", "pioneers", "asked"),
    **relative(4, "Sample Four", "unspecified", "unasked"),
}


def opened(desk: Desk) -> Any:
    """Open the one declaration that is stored, as a volunteer does."""
    return desk.opened(Declaration.objects.get()).declaration


@pytest.mark.parametrize("language", LANGUAGES)
def test_someone_declares_under_an_alias(client: Client, desk: Desk, language: str) -> None:
    """Three requests lead from the form to a receipt code that finds the declaration."""
    path = f"/{language}/declare/"
    response = declare(client, {**fresh(client, path), **myself()}, path)
    found = actions.find(parse_code(code_in(response)))
    stored = opened(desk)
    assert response.status_code == 200
    assert found is not None
    assert (stored.language, stored.show) == (LANGUAGES[language], "count")
    assert [(p.name, p.klass, p.organizations) for p in stored.persons] == [("样本甲", 1, 6)]


def test_a_family_of_four_each_leaving_something_else(client: Client, desk: Desk) -> None:
    """Each person keeps their own organisations, speaker and consent."""
    declare(client, {**fresh(client), **FAMILY})
    persons = opened(desk).persons
    assert [p.organizations for p in persons] == [1, 2, 4, 0]
    assert [p.klass for p in persons] == [1, 2, 2, 2]
    assert [p.consent for p in persons] == [None, "agreed", "asked", "unasked"]


def test_three_names_and_seventeen_others(client: Client, desk: Desk) -> None:
    """Names and a number of people without names go into one declaration of twenty."""
    typed = {**myself(), **relative(2, "样本乙", "league"), **relative(3, "样本丙", "party")}
    declare(client, {**fresh(client), **typed, **others(17), "total": "20"})
    stored = opened(desk)
    assert (stored.size, len(stored.persons), stored.unnamed.count) == (20, 3, 17)


def test_a_pasted_list_with_a_number(client: Client, desk: Desk) -> None:
    """A pasted list is read as people write it, with common choices for all its people."""
    names = "样本甲、样本乙\nSample Three, 张××\n样本戊等 12 人"
    typed = {"names": names, "names-orgs": ["pioneers"], "names-consent": "asked"}
    declare(client, {**fresh(client), **typed})
    stored = opened(desk)
    listed = ["样本甲", "样本乙", "Sample Three", "张××", "样本戊"]
    assert [p.name for p in stored.persons] == listed
    assert [p.kind for p in stored.persons] == ["real", "real", "real", "alias", "real"]
    assert (stored.unnamed.count, stored.unnamed.organizations) == (11, 4)


def test_a_list_and_unnamed_people_add_up_where_they_agree(client: Client, desk: Desk) -> None:
    """People without names in two places are added up, or asked about where they differ."""
    same = {"names-orgs": ["unspecified"], "names-by": "relative", "names-consent": "agreed"}
    typed = {"names": "样本甲等 3 人", **same, **others(5)}
    differing = preview(client, {**fresh(client), **typed, "names-consent": "asked"})
    assert differing.status_code == 422
    declare(client, {**fresh(client), **typed})
    assert opened(desk).unnamed.count == 7


def test_everything_optional_is_kept(client: Client, desk: Desk) -> None:
    """Statement, place and stated date reach the volunteer as they were typed."""
    statement = "这是样本。\r\n第二行。"
    more = {
        "country": "CN",
        "province": "样本省",
        "stated-on": "2026-07-01",
        "statement": statement,
    }
    declare(client, {**fresh(client), **myself(), **more})
    stored = opened(desk)
    assert stored.statement == "这是样本。\n第二行。"
    assert (stored.place.country, stored.place.province) == ("CN", "样本省")
    assert stored.stated_on.isoformat() == "2026-07-01"


def test_a_ready_wording_is_used_where_nothing_was_written(client: Client, desk: Desk) -> None:
    """A chosen wording becomes the statement, in the language of the page."""
    declare(client, {**fresh(client), **myself(), "wording": "leave"})
    assert opened(desk).statement == "我退出本声明所列的组织。这是我自己的决定。"


def test_own_words_win_over_a_ready_wording(client: Client, desk: Desk) -> None:
    """Who writes something of their own is not overruled by a chosen wording."""
    declare(client, {**fresh(client), **myself(), "wording": "leave", "statement": "这是样本。"})
    assert opened(desk).statement == "这是样本。"


def test_a_bound_name_leaves_no_trace(client: Client, desk: Desk) -> None:
    """A legal name is shown in the preview and found nowhere in the database."""
    bind = {"surname": "Yangben", "given": "Jia Yi", "birth": "1990-01-02"}
    previewed = preview(client, {**fresh(client), **myself(), **bind})
    assert "YANGBEN<<JIA<YI · 19900102" in page_of(previewed).text
    send(client, PATH, {**page_of(previewed).fields, "confirm": "yes"})
    assert Declaration.objects.count() == 1
    assert found_in(all_columns(), text_forms("YANGBEN", "Yangben", "19900102")) == []


def test_more_people_keeps_what_was_typed(client: Client, desk: Desk) -> None:
    """The button for more people adds rows and loses nothing."""
    typed = {**fresh(client), **FAMILY, "statement": "<b>样本</b>", "do": "more"}
    grown = page_of(send(client, PATH, typed))
    assert "p8-name" in grown.fields
    assert {name: grown.fields[name] for name in FAMILY} == {
        name: value if isinstance(value, list) else [value] for name, value in FAMILY.items()
    }
    assert grown.fields["statement"] == ["<b>样本</b>"]
    assert grown.fields["key"] == typed["key"]
    assert Declaration.objects.count() == 0


def test_rows_do_not_grow_without_end(client: Client) -> None:
    """The form has at most 40 rows, whatever number is sent."""
    fields = {**fresh(client), "rows": "999", "do": "more"}
    grown = page_of(send(client, PATH, fields))
    assert "p40-name" in grown.fields
    assert "p41-name" not in grown.fields


def test_change_leads_back_with_everything(client: Client) -> None:
    """From the preview one gets back to the form as it was."""
    typed = {
        **fresh(client),
        **FAMILY,
        **others(3),
        "statement": "这是样本。\n两行。",
        "total": "7",
    }
    previewed = page_of(preview(client, typed))
    back = page_of(send(client, PATH, {**previewed.fields, "do": "change"})).fields
    again = page_of(preview(client, back))
    assert again.text == previewed.text
    assert back["key"] == typed["key"]


def test_the_preview_says_what_will_be_recorded(client: Client) -> None:
    """Before anything is stored each person is told in words, also who will not be counted."""
    text = page_of(preview(client, {**fresh(client), **FAMILY, **others(21)})).text
    for words in ("样本乙", "共青团", "其亲属 · 对方知情并同意", "21 位未列姓名者", "共 25 人"):
        assert words in text
    assert "只记录，不计入" in text
    assert "须由两位志愿者接受" in text


def test_the_preview_points_out_what_leads_to_people(client: Client) -> None:
    """Schools and numbers in the statement are marked and named before anything is sent."""
    statement = "这是样本：样本第一中学，电话 13800000000。<i>"
    page = preview(client, {**fresh(client), **myself(), "statement": statement})
    source = page.content.decode()
    assert "<mark>13800000000</mark>" in source
    assert "学校、电话号码" in page_of(page).text
    assert "&lt;i&gt;" in source


def test_a_double_click_declares_once(client: Client, desk: Desk) -> None:
    """The same form twice gives the same code and one declaration."""
    carried = page_of(preview(client, {**fresh(client), **myself()})).fields
    codes = {code_in(send(client, PATH, {**carried, "confirm": "yes"})) for _ in range(2)}
    assert len(codes) == 1
    assert Declaration.objects.count() == 1


def test_the_same_form_with_other_contents_is_refused(client: Client, desk: Desk) -> None:
    """A form whose key was used for something else says so and stores nothing."""
    fields = fresh(client)
    declare(client, {**fields, **myself()})
    response = declare(client, {**fields, **myself("样本乙")})
    assert response.status_code == 409
    assert "以前提交过，但内容不同" in page_of(response).text
    assert "样本乙" not in response.content.decode()
    assert Declaration.objects.count() == 1


def test_the_answer_tells_nothing_by_its_length(client: Client, desk: Desk) -> None:
    """All answers with a code are of one length, although the words of codes are not."""
    lengths = {len(declare(client, {**fresh(client), **myself()}).content) for _ in range(5)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    ("language", "own", "folded"),
    [("zh-hans", "chinese", "english"), ("zh-hant", "traditional", "english"),
     ("en", "english", "chinese")],
)  # fmt: skip
def test_the_code_is_spelled_in_the_language_of_the_page(
    client: Client, desk: Desk, language: str, own: str, folded: str
) -> None:
    """The page shows its own spelling first and folds digits and the other one."""
    path = f"/{language}/declare/"
    response = declare(client, {**fresh(client, path), **myself()}, path)
    code = parse_code(code_in(response))
    spelled = {
        "chinese": code.chinese(),
        "traditional": code.chinese(traditional=True),
        "english": code.english(),
    }
    text = page_of(response).text
    assert code_in(response) == spelled[own]
    assert spelled[folded] in text
    assert code.digits() in text


def test_an_earlier_receipt_is_linked_and_never_shown(client: Client, desk: Desk) -> None:
    """An earlier code travels through preview and change as a ticket, never as itself."""
    earlier = parse_code(code_in(declare(client, {**fresh(client), **myself()})))
    typed = {**fresh(client), **myself(), "earlier": earlier.english()}
    previewed = preview(client, typed)
    back = send(client, PATH, {**page_of(previewed).fields, "do": "change"})
    for page in (previewed, back):
        shown = page.content.decode()
        assert not any(word in shown for word in (earlier.english(), earlier.digits()))
    again = preview(client, dict(page_of(back).fields))
    send(client, PATH, {**page_of(again).fields, "confirm": "yes"})
    linked = [desk.opened(row).declaration.declared_before for row in Declaration.objects.all()]
    assert sorted(linked) == [False, True]


def test_who_is_counted_already_is_recorded_only(client: Client, desk: Desk) -> None:
    """The tick is told in the preview, survives "Change", and reaches the reviewer."""
    typed = {**fresh(client), **myself(), "counted-before": "yes"}
    previewed = preview(client, typed)
    assert "不再重复计入" in page_of(previewed).text
    back = send(client, PATH, {**page_of(previewed).fields, "do": "change"})
    assert page_of(back).fields["counted-before"] == ["yes"]
    assert code_in(declare(client, dict(page_of(back).fields)))
    assert desk.opened(Declaration.objects.get()).declaration.counted_before


def test_an_unknown_earlier_receipt_is_told(client: Client, desk: Desk) -> None:
    """A whole code that nobody has is refused at its field, and nothing is stored."""
    from tuidang.pure.receipt import Code

    response = declare(client, {**fresh(client), **myself(), "earlier": Code(bytes(11)).digits()})
    assert response.status_code == 422
    assert "没有与它对应的声明" in page_of(response).text
    assert Declaration.objects.count() == 0


def test_without_anybody_to_seal_to_nothing_is_taken(client: Client, db: None) -> None:
    """With no recipient the form says that nothing was recorded, and nothing is."""
    response = declare(client, {**fresh(client), **myself()})
    assert response.status_code == 503
    assert "没有记录任何内容" in page_of(response).text
    assert Declaration.objects.count() == 0


def test_a_whole_declaration_fits_into_five_requests(client: Client, desk: Desk) -> None:
    """Home, safety, form, preview and code together take at most 60 KB on the wire."""
    taken = []

    def weigh(response: HttpResponse) -> HttpResponse:
        headers = sum(len(f"{name}: {value}\r\n") for name, value in response.headers.items())
        taken.append(len(response.content) + headers)
        response.content = gzip.decompress(response.content)
        return response

    packed = {"accept-encoding": "gzip"}
    for path in ("/zh-hans/", "/zh-hans/safety/"):
        weigh(client.get(path, headers=packed))  # type: ignore[arg-type]
    form = page_of(weigh(client.get(PATH, headers=packed)))  # type: ignore[arg-type]
    typed = {**form.fields, **myself(), "do": "preview"}
    previewed = page_of(weigh(send(client, PATH, typed, **packed)))
    done = weigh(send(client, PATH, {**previewed.fields, "confirm": "yes"}, **packed))
    print(f"a whole declaration: {sum(taken)} bytes in {len(taken)} requests")
    assert parse_code(code_in(done))
    assert sum(taken) <= 60_000
