# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole road of a certificate: from a declaration to the day on which it is revoked."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.journeys.certificate_office import (
    find_certificate,
    open_application,
    open_office,
    record_check,
    verify,
)
from tests.journeys.certificate_steps import (
    WORD,
    apply_for_certificate,
    fetch_file,
    make_pickup_code,
    open_files,
    pick_up,
)
from tests.journeys.conftest import Installation, picture
from tests.journeys.steps import (
    CODES,
    TYPED,
    Person,
    confirm,
    fill_person,
    open_form,
    open_item,
    press,
    preview,
    said,
    type_in,
)
from tests.journeys.test_pages import OFFICE, _axe_page, has_no_barrier
from tuidang.pure.credential.numbers import shown
from tuidang.verify.certificate.check import check_bytes
from tuidang.verify.certificate.trust import read_bundle

LANGUAGE = "zh-hans"
NAME = "样本程甲"
SURNAME, GIVEN, BORN = "SAMPLESSON", "TRAVELLING", "1988-07-06"


def declare_bound(page: Page, installation: Installation) -> str:
    """Declare by one's own name, and fix the legal name; return the code."""
    open_form(page, installation, LANGUAGE)
    fill_person(page, 1, Person(NAME, "real", ("league",)))
    for place, text in (("surname", SURNAME), ("given", GIVEN), ("birth", BORN)):
        type_in(page, place, text)
    preview(page)
    return confirm(page)


def number_on(installation: Installation, pdf: bytes) -> str:
    """Read the number off the paper."""
    bundle = read_bundle((installation.data / "trust" / "trust.note").read_bytes())
    claims = check_bytes(pdf, bundle, today=datetime.now(UTC).date()).claims
    assert claims is not None
    return shown(claims.number)


def test_from_a_declaration_to_a_revoked_certificate(
    page: Page, first_desk: Page, second_desk: Page, installation: Installation, tmp_path: Path
) -> None:
    """Declared, reviewed, published, applied, checked, published, signed, fetched, verified;
    handed to a lawyer once; then revoked, and the verifier says so.
    """
    code = declare_bound(page, installation)
    open_item(first_desk, installation, NAME)
    press(first_desk, 'form[action$="/accept/"] button')
    installation.command("log", "publish", "--now")
    name = (SURNAME, GIVEN)
    apply_for_certificate(
        page, installation, LANGUAGE, code, name=name, born=BORN, organizations=("league",)
    )
    open_application(first_desk, installation, GIVEN)
    record_check(first_desk, "V", "passport")
    assert "Another volunteer signs" in first_desk.inner_text('[role="status"]')
    installation.command("log", "publish", "--now")
    open_application(first_desk, installation, GIVEN)
    assert "checked by you" in first_desk.inner_text("main")
    assert first_desk.locator('form[action$="/sign/"]').count() == 0
    open_application(second_desk, installation, GIVEN)
    press(second_desk, 'form[action$="/sign/"] button')
    assert "in the holder’s mailbox" in second_desk.inner_text('[role="status"]')
    open_files(page, installation, LANGUAGE, code)
    file = tmp_path / "certificate.pdf"
    file.write_bytes(fetch_file(page, "certificate.pdf"))
    status, words = verify(installation, file)
    assert status == 0, words
    assert "proven" in words
    assert "by the registry’s own clock" in words
    handed_over_once(page, installation, file)
    number = number_on(installation, file.read_bytes())
    find_certificate(first_desk, installation, number)
    first_desk.select_option("#reason", "holder_asked")
    first_desk.check('[name="sure"]')
    press(first_desk, 'form[action$="/revoke/"] button')
    assert "Revoked." in first_desk.inner_text('[role="status"]')
    picture(first_desk, "office-certificate-revoked-en")
    installation.command("jobs", "--once")
    status, words = verify(installation, file)
    assert status == 1
    assert "revoked" in words.splitlines()[0]


def handed_over_once(page: Page, installation: Installation, file: Path) -> None:
    """A lawyer gets the very same file with a pick-up code, once."""
    pickup = make_pickup_code(page)
    CODES.add(pickup)
    assert pick_up(page, installation, "en", pickup) == file.read_bytes()
    page.goto(f"{installation.public}/{LANGUAGE}/certificate/pickup/")
    page.fill("#code", pickup)
    press(page, 'button[value="pdf"]')
    used = "This pick-up code was used already; it works once. If it was not you, tell whoever "
    assert said(LANGUAGE, f"{used}gave it to you.") in page.inner_text("#code-e")


def fill_visit(desk: Page, installation: Installation) -> None:
    """Fill in the form of a visit: two organisations declared, one of them on the page."""
    desk.goto(f"{installation.office}/certificates/visit/")
    type_in(desk, "name", "样本访客")
    for place, text in (("surname", "Samplesson"), ("given", "Visiting"), ("birth", BORN)):
        type_in(desk, place, text)
    for each in ('[name="orgs"][value="party"]', '[name="orgs"][value="pioneers"]'):
        desk.check(each)
    desk.check('[name="page_orgs"][value="pioneers"]')
    desk.check('[name="check"][value="V"]')
    desk.select_option("#document", "travel_document")


def test_a_visit_at_the_desk(
    first_desk: Page, second_desk: Page, installation: Installation, tmp_path: Path
) -> None:
    """One form and two volunteers: the visitor leaves with a paper that says "date proof follows",
    and once the log proves the days the dated one takes its place.
    """
    fill_visit(first_desk, installation)
    press(first_desk, "main form button")
    assert first_desk.locator("#problems li").count() == 2
    TYPED.add(WORD)
    for place in ("word", "word2"):
        first_desk.fill(f"#{place}", WORD)
    first_desk.check("#read")
    picture(first_desk, "office-visit-en")
    press(first_desk, "main form button")
    CODES.add(" ".join(first_desk.locator("#code li").all_text_contents()))
    picture(first_desk, "office-visit-code-en")
    open_application(second_desk, installation, "VISITING")
    press(second_desk, 'form[action$="/sign/"] button')
    picture(second_desk, "office-print-en")
    file = tmp_path / "certificate.pdf"
    with second_desk.expect_download() as coming:
        second_desk.click('a[download="certificate.pdf"]')
    file.write_bytes(coming.value.path().read_bytes())
    installation.command("jobs", "--once")
    status, words = verify(installation, file)
    assert status == 0, words
    assert "follow" in words
    installation.command("log", "publish", "--now")
    open_office(second_desk, installation)
    picture(second_desk, "office-certificates-ready-en")
    press(second_desk, 'button[value="all"]')
    assert "Signed: 1." in second_desk.inner_text('[role="status"]')
    installation.command("jobs", "--once")
    status, words = verify(installation, file)
    assert status == 1
    assert "superseded" in words.splitlines()[0]


def test_the_certificate_office_has_no_barrier(
    page: Page, browser: Browser, first_desk: Page, installation: Installation
) -> None:
    """axe has nothing to say about the list, an application, a visit and a certificate, in any
    language; each is kept as a picture, all of samples.
    """
    code = declare_bound(page, installation)
    name = ("SAMPLESSON", "LOOKED")
    apply_for_certificate(page, installation, LANGUAGE, code, name=name, born=BORN)
    open_application(first_desk, installation, "LOOKED")
    path = urlsplit(first_desk.url).path
    first_desk.check('[name="check"][value="S"]')
    press(first_desk, 'button[value="look"]')
    picture(first_desk, "office-application-page")
    for axe_page in _axe_page(browser, first_desk.context.storage_state()):
        for language in OFFICE:
            axe_page.goto(f"{installation.office}/")
            press(axe_page, f'button[value="{language}"]')
            open_office(axe_page, installation)
            has_no_barrier(axe_page)
            picture(axe_page, f"office-certificates-{language}")
            press(axe_page, f'button[formaction="{path}"]')
            has_no_barrier(axe_page)
            picture(axe_page, f"office-application-{language}")
            axe_page.goto(f"{installation.office}/certificates/visit/")
            has_no_barrier(axe_page)
            picture(axe_page, f"office-visit-{language}")
