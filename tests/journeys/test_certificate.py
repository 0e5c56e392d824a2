# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody who needs a certificate: from the receipt code to an application that waits."""

import pytest
from playwright.sync_api import Page

from tests.journeys.certificate_steps import (
    choose_word,
    fill_application,
    open_certificates,
    preview_application,
)
from tests.journeys.conftest import Installation, picture
from tests.journeys.steps import (
    SENTENCE,
    Person,
    Wire,
    come_back,
    declare,
    open_form,
    press,
    said,
    type_in,
)
from tests.journeys.test_pages import axe_page, has_no_barrier

__all__ = ["axe_page"]
FORM_BYTES = 20_480
NAMES = {"zh-hans": "样本证甲", "zh-hant": "樣本證甲", "en": "Sample Holder"}
each_language = pytest.mark.parametrize("language", NAMES)


@each_language
def test_an_application_from_code_to_waiting(
    page: Page, installation: Installation, language: str
) -> None:
    """The holder reads what a seized certificate proves, fills in, previews, sends, comes back."""
    wire = Wire()
    code = declare(page, installation, language, Person(NAMES[language], "real", ("party",)))
    wire.watch(page)
    open_certificates(page, installation, language, code)
    press(page, 'button[value="form"]')
    picture(page, f"certificate-form-{language}")
    preview_application(page)
    assert page.locator("#problems li").count() == 4
    page.fill("#c1-chinese", "样本")
    press(page, 'button[value="suggest"]:visible')
    assert page.input_value("#c1-given") == "BEN"
    fill_application(page, 1, "Samplesson", "Holding", "1990-01-02")
    page.check('[name="c1-orgs"][value="party"]')
    page.check('[name="urgency"][value="1"]')
    choose_word(page)
    preview_application(page)
    assert "SAMPLESSON<<HOLDING" in page.inner_text("main")
    picture(page, f"certificate-preview-{language}")
    press(page, 'button[value="send"]')
    state = said(language, "It waits for a volunteer who records the identity check.")
    assert state in page.inner_text("#application-1")
    picture(page, f"certificate-state-{language}")
    largest = max(came for what, _, came in wire.requests)
    print(f"\n{language}: the largest page of an application has {largest:,} bytes")
    assert largest <= FORM_BYTES
    come_back(page, installation, language, code)
    press(page, f'form[action="/{language}/certificate/"] button')
    assert state in page.inner_text("#application-1")
    assert "SAMPLESSON" not in page.content().upper()


def test_a_reply_and_a_withdrawal(page: Page, installation: Installation) -> None:
    """Whoever waits writes to the office, and takes the application back; then applies anew."""
    code = declare(page, installation, "en", Person("Sample Waiter"))
    open_certificates(page, installation, "en", code)
    press(page, 'button[value="form"]')
    fill_application(page, 1, "SAMPLESSON", "WAITING", "1985-05-06")
    choose_word(page)
    preview_application(page)
    press(page, 'button[value="send"]')
    type_in(page, "text-1", SENTENCE)
    press(page, 'button[value="reply"]')
    assert "Your reply is sealed and sent." in page.inner_text("main")
    page.click('details:has(button[value="withdraw"]) > summary')
    page.check('#application-1 [name="sure"]')
    press(page, 'button[value="withdraw"]')
    assert "You have withdrawn this application." in page.inner_text("#application-1")


def test_who_stood_in_a_list_declares_anew(page: Page, installation: Installation) -> None:
    """The road of those without a code of their own: recorded today, and not counted again."""
    open_form(page, installation, "en")
    type_in(page, "p1-name", "Sample Listed")
    page.check('[name="p1-orgs"][value="pioneers"]')
    page.click('details:has([name="counted-before"]) > summary')
    page.check('[name="counted-before"]')
    press(page, 'main form > .acts button[value="preview"]')
    assert "you are recorded today and not counted again" in page.inner_text("main")
    press(page, 'button[name="confirm"]')
    assert page.locator("#code li").count() == 9


def test_the_way_of_an_application_has_no_barrier(
    axe_page: Page, installation: Installation
) -> None:
    """axe has nothing to say about the form, unfolded and refused, the preview and the state."""
    page, language = axe_page, "zh-hant"
    people = (
        Person(NAMES[language], "alias", ("party",)),
        Person(NAMES[language] + "2", "alias", ("unspecified",), "relative", "agreed"),
    )
    code = declare(page, installation, language, *people)
    open_certificates(page, installation, language, code)
    has_no_barrier(page)
    page.check('[name="person"][value="1"]')
    page.check('[name="person"][value="2"]')
    press(page, 'button[value="form"]')
    for folded in page.locator("main details > summary").all():
        folded.click()
    has_no_barrier(page)
    fill_application(page, 1, "Samplesson", "Mother", "1990-01-02")
    fill_application(page, 2, "Samplesson", "Daughter", "2015-01-02")
    choose_word(page)
    preview_application(page)
    page.locator("#problems").wait_for()
    has_no_barrier(page)
    page.select_option("#c2-relation", "relative")
    preview_application(page)
    has_no_barrier(page)
    press(page, 'button[value="send"]')
    for folded in page.locator("main details > summary").all():
        folded.click()
    has_no_barrier(page)
