# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do on the pages, as the stories tell it, and the words they then read.

Everything that is typed goes through here and is remembered, so that the last story can look
for it in what the installation keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

from babel.messages.catalog import Catalog
from playwright.sync_api import Locator, Page, Request

from tests.journeys.conftest import Installation
from tests.web.public.used_words import read_catalogue

TYPED: set[str] = set()
CODES: set[str] = set()
LOCALES = {"zh-hans": "zh_Hans", "zh-hant": "zh_Hant"}
SENTENCE = "这是试验用的样本文字，不是真实声明，也不指任何人。"


def said(language: str, english: str, **facts: int | str) -> str:
    """Return how a page says something, by the catalogues of the public door."""
    if language not in LOCALES:
        return english % facts
    found = [each.get(english) for each in _catalogues(LOCALES[language])]
    (said_so,) = {str(each.string) for each in found if each and each.string}
    return said_so % facts


@cache
def _catalogues(locale: str) -> tuple[Catalog, ...]:
    return tuple(read_catalogue(room, locale) for room in ("shared", "public"))


@dataclass
class Person:
    """One person as somebody types them into the form."""

    name: str
    kind: str = "alias"
    organizations: Sequence[str] = ("unspecified",)
    by: str = ""
    consent: str = ""


@dataclass
class Wire:
    """Counts what a browser sends and gets, headers and all."""

    requests: list[tuple[str, int, int]] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Begin to count."""
        page.on("requestfinished", self._count)

    @property
    def received(self) -> int:
        """Bytes that came in: head and body of every answer."""
        return sum(came for _, _, came in self.requests)

    @property
    def sent(self) -> int:
        """Bytes that went out."""
        return sum(sent for _, sent, _ in self.requests)

    def _count(self, request: Request) -> None:
        if request.url.startswith("data:"):
            return
        sizes = request.sizes()
        sent = sizes["requestHeadersSize"] + sizes["requestBodySize"]
        came = sizes["responseHeadersSize"] + sizes["responseBodySize"]
        path = urlsplit(request.url).path
        self.requests.append((f"{request.method} {path}", sent, came))


def press(page: Page, what: str | Locator) -> None:
    """Press what leads to another page, and be there: the whole of the next page has come.

    A click alone returns while the old page still stands, and whoever reads then reads that one.
    """
    place = page.locator(what) if isinstance(what, str) else what
    with page.expect_navigation():
        place.click()


def type_in(page: Page, place: str, text: str) -> None:
    """Type into the field with this id, unfolding what hides it, and remember the text."""
    TYPED.update(line for line in text.splitlines() if line.strip())
    unfold(page, place)
    page.fill(f"#{place}", text)


def unfold(page: Page, place: str) -> None:
    """Open every folded part around a field."""
    for each in page.locator(f"details:not([open]):has(#{place}) > summary").all():
        each.click()


def open_form(page: Page, installation: Installation, language: str) -> None:
    """Go straight to the form."""
    page.goto(f"{installation.public}/{language}/declare/")


def fill_person(page: Page, number: int, person: Person) -> None:
    """Fill in the fields of one person."""
    place = f"p{number}"
    type_in(page, f"{place}-name", person.name)
    page.check(f'[name="{place}-kind"][value="{person.kind}"]')
    for each in person.organizations:
        page.check(f'[name="{place}-orgs"][value="{each}"]')
    if person.by:
        page.select_option(f"#{place}-by", person.by)
    if person.consent:
        page.select_option(f"#{place}-consent", person.consent)


def preview(page: Page) -> None:
    """Press the button at the end of the form."""
    press(page, 'main form > .acts button[value="preview"]')


def confirm(page: Page) -> str:
    """Press "Declare" on the preview and return the code in the page's own spelling."""
    press(page, 'button[name="confirm"]')
    return read_code(page)


def read_code(page: Page) -> str:
    """Return the code as it stands on the page, and remember it in every spelling."""
    page.locator("#code li").first.wait_for()
    own = " ".join(page.locator("#code li").all_text_contents())
    CODES.add(own)
    return own


def other_spelling(page: Page, number: int) -> str:
    """Unfold another spelling of the code: 0 the digits, 1 the words of the other language."""
    folded = page.locator("details:has(ol.words)").nth(number)
    folded.locator("summary").click()
    return " ".join(folded.locator("li").all_text_contents())


def declare(
    page: Page,
    installation: Installation,
    language: str,
    *people: Person,
    statement: str = "",
    others: int = 0,
) -> str:
    """Declare in one go, others without names by a friend who says they agreed; return the code."""
    open_form(page, installation, language)
    for number, person in enumerate(people, 1):
        fill_person(page, number, person)
    if statement:
        type_in(page, "statement", statement)
    if others:
        fill_others(page, others)
    preview(page)
    return confirm(page)


def fill_others(page: Page, count: int) -> None:
    """Say how many people have no name, for whom a friend speaks."""
    type_in(page, "others-count", "")
    page.fill("#others-count", str(count))
    page.check('[name="others-orgs"][value="unspecified"]')
    page.select_option("#others-by", "friend")
    page.select_option("#others-consent", "agreed")


def come_back(page: Page, installation: Installation, language: str, code: str) -> str:
    """Enter a code on the receipt page and return the sentence that tells the state."""
    page.goto(f"{installation.public}/{language}/receipt/")
    page.fill("#code", code)
    press(page, "main form button")
    return page.inner_text("#state")


def open_item(desk: Page, installation: Installation, name: str) -> None:
    """Open the declaration in the office's queue that shows this name."""
    desk.goto(f"{installation.office}/")
    press(desk, desk.locator("li.item", has_text=name).locator("a.open"))
