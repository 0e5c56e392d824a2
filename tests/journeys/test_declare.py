# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who declare: on an old phone, for a family, for many."""

from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import Installation, picture
from tests.journeys.steps import (
    SENTENCE,
    Person,
    Wire,
    come_back,
    declare,
    fill_others,
    fill_person,
    open_form,
    other_spelling,
    press,
    preview,
    read_code,
    said,
    type_in,
)
from tuidang.pure.receipt import parse_code

FORM_BYTES = 14_336
WHOLE_BYTES = 61_440
WHOLE_REQUESTS = 5
WAITS = "Received. It waits for a volunteer."


def test_alone_on_an_old_phone_under_an_alias(page: Page, installation: Installation) -> None:
    """From the home page past the advice on safety to a code, in five requests; then back again."""
    wire = Wire()
    wire.watch(page)
    page.goto(f"{installation.public}/zh-hans/")
    assert page.locator("html").get_attribute("lang") == "zh-Hans"
    press(page, "main li.first a")
    assert page.url.endswith("/zh-hans/safety/")
    press(page, 'main a[href$="/declare/"]')
    fill_person(page, 1, Person("样本阿甲", organizations=("league", "pioneers")))
    preview(page)
    assert "样本阿甲" in page.inner_text("main")
    press(page, 'button[name="confirm"]')
    code = read_code(page)
    _report(wire)
    digits = other_spelling(page, 0)
    assert parse_code(digits) == parse_code(code)
    assert come_back(page, installation, "zh-hans", digits) == said("zh-hans", WAITS)
    assert "样本阿甲" not in page.content()


def _report(wire: Wire) -> None:
    (form,) = [came for what, _, came in wire.requests if what == "GET /zh-hans/declare/"]
    print(f"\nform page: {form:,} bytes in 1 request (at most {FORM_BYTES:,})")
    print(
        f"whole declaration: {wire.received:,} bytes received and {wire.sent:,} sent in "
        f"{len(wire.requests)} requests (at most {WHOLE_BYTES:,} in {WHOLE_REQUESTS})"
    )
    assert form <= FORM_BYTES
    assert wire.received + wire.sent <= WHOLE_BYTES
    assert len(wire.requests) <= WHOLE_REQUESTS


def test_a_family_of_four_each_leaving_something_else(
    page: Page, installation: Installation
) -> None:
    """A mother declares for herself and three others, binds her legal name, and reads a preview."""
    open_form(page, installation, "zh-hant")
    family = (
        Person("樣本乙女", "real", ("party", "league", "pioneers")),
        Person("樣本丙男", "real", ("league", "pioneers"), "relative", "agreed"),
        Person("樣本丁兒", "real", ("pioneers",), "relative", "asked"),
        Person("樣本戊公", "alias", ("unspecified",), "relative", "unasked"),
    )
    for number, person in enumerate(family, 1):
        fill_person(page, number, person)
    type_in(page, "surname", "YANGBEN")
    type_in(page, "given", "YI")
    type_in(page, "birth", "1970-01-01")
    preview(page)
    rows = page.locator("main tbody tr")
    assert rows.count() == 4
    assert said("zh-hant", "recorded, not counted") in rows.nth(3).inner_text()
    assert "YANGBEN<<YI" in page.inner_text("main")
    press(page, 'button[name="confirm"]')
    english = other_spelling(page, 1)
    read_code(page)
    assert come_back(page, installation, "zh-hant", english.upper()) == said("zh-hant", WAITS)
    assert "YANGBEN" not in page.content()


def test_three_names_and_seventeen_others(page: Page, installation: Installation) -> None:
    """A friend enters three names at once and seventeen people without; twenty in all."""
    open_form(page, installation, "en")
    type_in(page, "names", "Sample Ann, Sample Bo\nSample Cy")
    page.check('[name="names-orgs"][value="unspecified"]')
    page.select_option("#names-consent", "agreed")
    fill_others(page, 17)
    type_in(page, "total", "20")
    preview(page)
    assert "20 people in all." in page.inner_text("main")
    press(page, 'button[name="confirm"]')
    code = read_code(page)
    assert come_back(page, installation, "en", code) == WAITS
    assert page.locator("main tbody th").all_text_contents() == ["1–20"]


def test_going_back_from_the_preview_keeps_what_was_typed(
    page: Page, installation: Installation
) -> None:
    """ "Change" leads back to the filled form; nothing has been recorded by then."""
    open_form(page, installation, "zh-hans")
    fill_person(page, 1, Person("样本阿改"))
    type_in(page, "statement", SENTENCE)
    preview(page)
    press(page, 'button[value="change"]')
    assert page.input_value("#p1-name") == "样本阿改"
    assert page.input_value("#statement") == SENTENCE


def test_withdrawing_takes_one_tick_and_one_press(page: Page, installation: Installation) -> None:
    """Who changes their mind before publication withdraws, and the state says so at once."""
    code = declare(page, installation, "zh-hans", Person("样本阿退"))
    come_back(page, installation, "zh-hans", code)
    press(page, 'button[value="withdraw"]')
    unsure = said("zh-hans", "To withdraw, please tick the box first.")
    assert unsure in page.inner_text('[role="alert"]')
    page.check('[name="sure"]')
    press(page, 'button[value="withdraw"]')
    assert page.inner_text("#state") == said("zh-hans", "Withdrawn.")
    assert page.locator('button[value="withdraw"]').count() == 0


def test_pressing_twice_declares_once(
    page: Page, context: BrowserContext, installation: Installation
) -> None:
    """The same form sent twice, and a real double click, give one and the same code."""
    open_form(page, installation, "en")
    fill_person(page, 1, Person("Sample Twice"))
    preview(page)
    hidden = page.locator("main form input[type=hidden]")
    fields = {each.get_attribute("name"): each.get_attribute("value") for each in hidden.all()}
    sent = context.request.post(page.url, form={**fields, "confirm": "yes"})
    page.dblclick('button[name="confirm"]')
    page.locator("#code").wait_for()
    page.wait_for_load_state("networkidle")
    code = read_code(page)
    assert "".join(f"<li>{word}</li>" for word in code.split()) in sent.text()


def test_pictures_of_declaring(page: Page, installation: Installation) -> None:
    """Form, preview, code and state are kept as pictures, in three languages."""
    for language, name in (("zh-hans", "样本阿图"), ("zh-hant", "樣本阿圖"), ("en", "Sample Pic")):
        open_form(page, installation, language)
        picture(page, f"declare-{language}")
        fill_person(page, 1, Person(name))
        type_in(page, "statement", SENTENCE)
        preview(page)
        picture(page, f"preview-{language}")
        press(page, 'button[name="confirm"]')
        code = read_code(page)
        picture(page, f"code-{language}")
        come_back(page, installation, language, code)
        picture(page, f"receipt-{language}")
