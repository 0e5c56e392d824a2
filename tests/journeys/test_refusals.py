# SPDX-License-Identifier: AGPL-3.0-or-later
"""What cannot be recorded gets a clear sentence in the page's language, which repeats nothing."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Installation
from tests.journeys.steps import (
    SENTENCE,
    Person,
    declare,
    fill_others,
    fill_person,
    open_form,
    press,
    preview,
    said,
    type_in,
)
from tuidang.pure.naming import MAX_NAME

LANGUAGES = {"zh-hans": "样本错甲", "zh-hant": "樣本錯甲", "en": "Sample Wrong"}


def problems(page: Page) -> str:
    """Return the summary of what is wrong; the form is shown again with it."""
    expect(page.locator("#problems")).to_be_visible()
    assert page.locator("main form #statement").count() == 1
    return page.inner_text("#problems")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_of_ten_thousand_characters(
    page: Page, installation: Installation, language: str
) -> None:
    """An endless name is refused with the limit, and the sentence does not hold the name."""
    open_form(page, installation, language)
    fill_person(page, 1, Person(LANGUAGES[language]))
    page.fill("#p1-name", "样" * 10_000)
    preview(page)
    told = problems(page)
    english = "This name is too long. At most %(limit)s characters fit."
    assert said(language, english, limit=MAX_NAME) in told
    assert "样样" not in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_consent_that_was_forgotten(page: Page, installation: Installation, language: str) -> None:
    """Whoever names somebody else is asked whether they agreed; the link leads to the field."""
    name = LANGUAGES[language]
    open_form(page, installation, language)
    fill_person(page, 1, Person(name))
    fill_person(page, 2, Person(f"{name}2", by="relative"))
    preview(page)
    told = problems(page)
    assert said(language, "Please say whether this person agreed.") in told
    assert name not in told
    assert page.locator("#problems a").first.get_attribute("href") == "#p2-consent"
    assert page.input_value("#p2-name") == f"{name}2"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_total_that_does_not_add_up(
    page: Page, installation: Installation, language: str
) -> None:
    """A stated total that differs is asked about, with both numbers."""
    open_form(page, installation, language)
    fill_person(page, 1, Person(LANGUAGES[language]))
    fill_others(page, 4)
    type_in(page, "total", "7")
    preview(page)
    english = "You stated %(stated)s people, but %(listed)s are listed. Which is right?"
    assert said(language, english, stated=7, listed=5) in problems(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_code_inside_the_statement(
    page: Page, installation: Installation, language: str
) -> None:
    """A code in the text is pointed out and not shown again, nor is it stored."""
    name = LANGUAGES[language]
    code = declare(page, installation, language, Person(name))
    open_form(page, installation, language)
    fill_person(page, 1, Person(name))
    page.fill("#statement", f"{SENTENCE}\n{code}")
    preview(page)
    english = "A receipt code is written here. Please take it out: nobody else may see it."
    assert said(language, english) in problems(page)
    assert code not in page.content()
    assert page.input_value("#statement") == ""


@pytest.mark.parametrize(
    "name",
    ["样本\u202e错", "样本\u0007错", "=HYPERLINK(样本)", "13800000000", "http://example.org/样本"],
)
def test_what_is_no_name(page: Page, installation: Installation, name: str) -> None:
    """Turned writing, control characters, formulas, numbers and addresses are refused."""
    open_form(page, installation, "zh-hans")
    fill_person(page, 1, Person("样本错乙"))
    page.fill("#p1-name", name)
    preview(page)
    assert "样本" not in problems(page)


def test_a_code_with_a_slip(page: Page, installation: Installation) -> None:
    """One wrong word is noticed before anything is looked up, in the page's language."""
    code = declare(page, installation, "zh-hans", Person("样本错丙"))
    words = code.split()
    words[0], words[1] = words[1], words[0]
    page.goto(f"{installation.public}/zh-hans/receipt/")
    page.fill("#code", " ".join(words))
    press(page, "main form button")
    english = "There is a slip in the receipt code: a word or group is wrong, or two are swapped."
    assert page.inner_text("#code-e") == said("zh-hans", english)
    assert page.input_value("#code") == ""


def test_a_list_with_wrong_lines(
    page: Page, installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file with wrong lines is refused as a whole, with all their numbers and no word of them."""
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    path.write_bytes("样本错丁\n13800000000\n样本错戊\n=1+1\n".encode("gb18030"))
    told = installation.refused("declare", str(path))
    assert "line 2: " in told
    assert "line 4: " in told
    assert "nothing was stored" in told
    assert "样本" not in told
    assert "13800000000" not in told
