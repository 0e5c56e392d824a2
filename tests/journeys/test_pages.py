# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page in every language: no barrier that axe knows, and a picture to look at.

axe needs JavaScript and leave to run, so it has a browser context of its own with both; the
pages are the same.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.journeys.conftest import Installation, picture
from tests.journeys.steps import (
    SENTENCE,
    Person,
    come_back,
    declare,
    fill_person,
    open_form,
    press,
    preview,
    type_in,
)
from tuidang.web.public.pages import PAGES

LANGUAGES = {"zh-hans": "样本页甲", "zh-hant": "樣本頁甲", "en": "Sample Page"}
FORMS = {"certificate/": "certificate", "certificate/pickup/": "certificate-pickup"}
PUBLIC = [*PAGES, *FORMS, "declare/", "receipt/", "tally/", "nowhere/"]
OFFICE = ("zh-hans", "zh-hant", "en")


@pytest.fixture
def axe_page(browser: Browser) -> Iterator[Page]:
    """A page on which axe may run, at a phone's width."""
    yield from _axe_page(browser)


def _axe_page(browser: Browser, state: StorageState | None = None) -> Iterator[Page]:
    made: BrowserContext = browser.new_context(
        bypass_csp=True, viewport={"width": 360, "height": 740}, storage_state=state
    )
    yield made.new_page()
    made.close()


def has_no_barrier(page: Page) -> None:
    """Let axe look at the page, with every rule that it has."""
    found = Axe().run(page)
    assert len(found.response["passes"]) > 10
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_have_no_barrier(
    axe_page: Page, installation: Installation, language: str
) -> None:
    """axe has nothing to say about any public page, one that is not there among them."""
    for path in PUBLIC:
        axe_page.goto(f"{installation.public}/{language}/{path}")
        has_no_barrier(axe_page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_way_of_a_declaration_has_no_barrier(
    axe_page: Page, installation: Installation, language: str
) -> None:
    """Nor about the form, unfolded and refused, the preview, the code, and the state."""
    open_form(axe_page, installation, language)
    for folded in axe_page.locator("main details > summary").all():
        folded.click()
    has_no_barrier(axe_page)
    fill_person(axe_page, 1, Person(LANGUAGES[language]))
    type_in(axe_page, "total", "9")
    preview(axe_page)
    axe_page.locator("#problems").wait_for()
    has_no_barrier(axe_page)
    axe_page.fill("#total", "1")
    type_in(axe_page, "statement", f"{SENTENCE} 13800000000")
    preview(axe_page)
    axe_page.locator('button[name="confirm"]').wait_for()
    has_no_barrier(axe_page)
    press(axe_page, 'button[name="confirm"]')
    axe_page.locator("#code").wait_for()
    has_no_barrier(axe_page)
    code = " ".join(axe_page.locator("#code li").all_text_contents())
    come_back(axe_page, installation, language, code)
    has_no_barrier(axe_page)


def test_office_pages_have_no_barrier(
    browser: Browser, page: Page, first_desk: Page, installation: Installation
) -> None:
    """Nor about the office: signing in, the queue, a declaration, and what is not there."""
    declare(page, installation, "zh-hans", Person("样本页乙"), statement=SENTENCE)
    for axe_page in _axe_page(browser, first_desk.context.storage_state()):
        for language in OFFICE:
            axe_page.goto(f"{installation.office}/")
            press(axe_page, f'button[value="{language}"]')
            axe_page.locator(f'button[value="{language}"][aria-current]').wait_for()
            has_no_barrier(axe_page)
            press(axe_page, axe_page.locator("a.open").first)
            axe_page.locator("#accept-title").wait_for()
            has_no_barrier(axe_page)
            axe_page.goto(f"{installation.office}/nowhere/")
            has_no_barrier(axe_page)
    for axe_page in _axe_page(browser):
        axe_page.goto(f"{installation.office}/login/")
        has_no_barrier(axe_page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_the_public_pages(
    page: Page, installation: Installation, language: str
) -> None:
    """Each page that says the same to everybody is kept as a picture, at both widths."""
    for path, name in {**PAGES, **FORMS}.items():
        page.goto(f"{installation.public}/{language}/{path}")
        assert page.locator("h1").count() == 1
        picture(page, f"{name}-{language}")


def test_pictures_of_the_office(page: Page, first_desk: Page, installation: Installation) -> None:
    """The queue and a declaration are kept as pictures in each language; all are samples."""
    declare(page, installation, "zh-hans", Person("样本页丙"), statement=SENTENCE)
    for language in OFFICE:
        first_desk.goto(f"{installation.office}/")
        press(first_desk, f'button[value="{language}"]')
        first_desk.locator(f'button[value="{language}"][aria-current]').wait_for()
        picture(first_desk, f"office-queue-{language}")
        press(first_desk, first_desk.locator("a.open").first)
        first_desk.locator("#accept-title").wait_for()
        picture(first_desk, f"office-declaration-{language}")
    assert first_desk.locator('html[lang="en"]').count() == 1
