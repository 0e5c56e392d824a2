# SPDX-License-Identifier: AGPL-3.0-or-later
"""After publication: two volunteers find a repeat, a declarant withdraws, and erases."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import Installation, picture
from tests.journeys.steps import (
    Person,
    come_back,
    declare,
    open_item,
    press,
    said,
)
from tests.journeys.test_pages import OFFICE, _axe_page, has_no_barrier

OWN = {"zh-hans": "样本更正甲", "zh-hant": "樣本更正甲", "en": "Sample Corrected"}


@pytest.fixture
def axe_page(browser: Browser) -> Iterator[Page]:
    """A page on which axe may run, at a phone's width."""
    yield from _axe_page(browser)


def published(page: Page, desk: Page, installation: Installation, language: str) -> str:
    """Declare, have it accepted and published, and return the receipt code."""
    code = declare(page, installation, language, Person(OWN[language]))
    open_item(desk, installation, OWN[language])
    press(desk, 'form[action$="/accept/"] button')
    installation.command("log", "publish", "--now")
    return code


def entry(page: Page) -> str:
    """Return the number of the entry that the receipt page shows."""
    return page.locator("td.n").first.inner_text()


def find(desk: Page, installation: Installation, number: str) -> None:
    """Look an entry up in the office."""
    desk.goto(f"{installation.office}/corrections/")
    desk.fill("#entry", number)
    press(desk, 'form[action$="/find/"] button')


def test_a_repeat_is_found_by_two(
    page: Page,
    browser: Browser,
    first_desk: Page,
    second_desk: Page,
    installation: Installation,
) -> None:
    """Somebody tells the number of their second entry; one volunteer asks, another confirms."""
    code = published(page, first_desk, installation, "zh-hant")
    come_back(page, installation, "zh-hant", code)
    number = entry(page)
    find(first_desk, installation, number)
    assert OWN["zh-hant"] not in first_desk.inner_text("main")
    where = first_desk.url
    for axe_page in _axe_page(browser, first_desk.context.storage_state()):
        for language in OFFICE:
            axe_page.goto(f"{installation.office}/")
            press(axe_page, f'button[value="{language}"]')
            axe_page.locator(f'button[value="{language}"][aria-current]').wait_for()
            axe_page.goto(f"{installation.office}/corrections/")
            has_no_barrier(axe_page)
            picture(axe_page, f"office-corrections-{language}")
            axe_page.goto(where)
            has_no_barrier(axe_page)
            picture(axe_page, f"office-published-{language}")
    press(first_desk, 'form[action$="/open/"] button')
    assert OWN["zh-hant"] in first_desk.inner_text("main")
    first_desk.select_option("#reason", "repeat")
    press(first_desk, 'form[action$="/ask/"] button')
    assert "waits for a second volunteer" in first_desk.inner_text("main")
    find(second_desk, installation, number)
    press(second_desk, 'form[action$="/confirm/"] button')
    assert "goes out with the weekly publication" in second_desk.inner_text("main")
    come_back(page, installation, "zh-hant", code)
    waits = "published; the weekly publication takes it out of the count"
    assert said("zh-hant", waits) in page.inner_text("table")


def test_withdrawing_and_erasing_after_publication(
    page: Page, axe_page: Page, first_desk: Page, installation: Installation
) -> None:
    """The page says plainly what stays and what goes; each takes one tick and one press."""
    language = "zh-hans"
    code = published(page, first_desk, installation, language)
    come_back(axe_page, installation, language, code)
    has_no_barrier(axe_page)
    picture(axe_page, f"receipt-published-{language}")
    come_back(page, installation, language, code)
    page.check('[name="sure"]')
    press(page, 'button[value="withdraw"]')
    assert page.inner_text("#state") == said(language, "Withdrawn.")
    assert page.locator('button[value="withdraw"]').count() == 0
    page.check('[name="sure_erase"]')
    press(page, 'button[value="erase"]')
    assert said(language, "Erased") in page.inner_text("main")
    assert "tlog-proof" not in page.content()
    assert entry(page).isdigit()
    come_back(axe_page, installation, language, code)
    has_no_barrier(axe_page)
    picture(axe_page, f"receipt-erased-{language}")
