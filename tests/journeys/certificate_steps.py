# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a receipt code does for a certificate, on pages without scripts."""

from playwright.sync_api import Page

from tests.journeys.conftest import Installation
from tests.journeys.steps import TYPED, press, type_in

WORD = "sample second word"


def open_certificates(page: Page, installation: Installation, language: str, code: str) -> None:
    """Enter a receipt code on the page about certificates."""
    page.goto(f"{installation.public}/{language}/certificate/")
    page.fill("#code", code)
    press(page, "form:has(#code) button")


def fill_application(page: Page, person: int, surname: str, given: str, born: str) -> None:
    """Fill in what an application cannot do without, for one person."""
    type_in(page, f"c{person}-surname", surname)
    type_in(page, f"c{person}-given", given)
    type_in(page, f"c{person}-birth", born)


def choose_word(page: Page, word: str = WORD) -> None:
    """Choose the second word, and say that the warning was read."""
    TYPED.add(word)
    page.fill("#word", word)
    page.fill("#word2", word)
    page.check('[name="read"]')


def preview_application(page: Page) -> None:
    """Press "Preview" at the end of the form."""
    press(page, 'main form > .acts button[value="preview"]')


def apply_for_certificate(
    page: Page,
    installation: Installation,
    language: str,
    code: str,
    *,
    name: tuple[str, str] = ("SAMPLESSON", "FETCHING"),
    born: str = "1990-01-02",
    organizations: tuple[str, ...] = (),
) -> None:
    """Apply for the only person of a declaration, from the code to "sent"."""
    open_certificates(page, installation, language, code)
    press(page, 'button[value="form"]')
    fill_application(page, 1, *name, born)
    for each in organizations:
        page.check(f'[name="c1-orgs"][value="{each}"]')
    choose_word(page)
    preview_application(page)
    press(page, 'button[value="send"]')
    page.locator("#application-1").wait_for()


def open_files(
    page: Page, installation: Installation, language: str, code: str, word: str = WORD
) -> None:
    """Enter the code, then the second word: the files lie ready."""
    open_certificates(page, installation, language, code)
    page.fill("#word", word)
    press(page, 'button[value="open"]')


def fetch_file(page: Page, name: str) -> bytes:
    """Press the button of one file and return what comes."""
    with page.expect_download() as coming:
        page.click(f'form:has([name="file"][value="{name}"]) button')
    assert coming.value.suggested_filename == name
    return coming.value.path().read_bytes()


def make_pickup_code(page: Page) -> str:
    """Make a pick-up code for a lawyer and return it as the page spells it."""
    page.click('details:has(button[value="pickup"]) > summary')
    press(page, 'button[value="pickup"]')
    return " ".join(page.locator("#code li").all_text_contents())


def pick_up(page: Page, installation: Installation, language: str, code: str) -> bytes:
    """Fetch the PDF with a pick-up code, as a lawyer does."""
    page.goto(f"{installation.public}/{language}/certificate/pickup/")
    page.fill("#code", code)
    with page.expect_download() as coming:
        page.click('button[value="pdf"]')
    return coming.value.path().read_bytes()
