# SPDX-License-Identifier: AGPL-3.0-or-later
"""An officer with a phone: the verifying page in a real browser, from a memory stick, offline."""

import io
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.journeys.conftest import CHROMIUM, QUIET, Installation, picture
from tests.page.running import build
from tests.verify.certificate.cases import BUNDLES, Case, all_cases
from tests.verify.certificate.code_cases import GENUINE, symbol
from tests.verify.certificate.made import LOG_OF_ALL, VERIFY_HOST
from tuidang.pure.credential.face_code import to_decimal, to_url
from tuidang.verify.certificate.verdict import words
from tuidang.verify.page import whole_page

ANSWER = "#answer [data-outcome]"
MOST_MILLISECONDS = 1000
# Tells when the verdict stands on the page, counted from the start of the navigation.
WATCH = """new MutationObserver((_, observer) => {
  if (!document.querySelector("#answer [data-outcome]")) return;
  window.answeredAt = performance.now();
  observer.disconnect();
}).observe(document, {subtree: true, childList: true})"""


@dataclass(frozen=True)
class Stick:
    """A folder like a memory stick: the page with the first bundle, and the common set."""

    folder: Path
    cases: list[Case]

    @property
    def address(self) -> str:
        """Where a browser opens the page."""
        return (self.folder / "verify.html").as_uri()

    def with_bundle(self, name: str) -> str:
        """Write the page with another bundle in it and return its address."""
        file = self.folder / f"verify-{name}.html"
        note = (self.folder / f"{name}.trust.note").read_bytes()
        file.write_bytes(whole_page(LOG_OF_ALL.key.name, LOG_OF_ALL.key.vkey, note))
        return file.as_uri()


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Stick:
    """The page is built if need be; the installation is a sample."""
    build()
    folder = tmp_path_factory.mktemp("stick")
    # In a thread of its own: the driver of the browser has a loop in this one, and the signer of
    # papers wants one too.
    with ThreadPoolExecutor(1) as worker:
        cases = worker.submit(all_cases, folder).result()
    note = (folder / f"{BUNDLES[0]}.trust.note").read_bytes()
    page = whole_page(LOG_OF_ALL.key.name, LOG_OF_ALL.key.vkey, note)
    (folder / "verify.html").write_bytes(page)
    return Stick(folder, cases)


@pytest.fixture
def offline(browser: Browser) -> Iterator[BrowserContext]:
    """A phone with JavaScript and without a network."""
    made = browser.new_context(viewport={"width": 360, "height": 740}, locale="zh-TW", offline=True)
    made.set_default_timeout(20_000)
    yield made
    made.close()


def hand_in(page: Page, file: Path) -> tuple[str, str, bool]:
    """Choose a file and return what the page says: outcome, reason, fresh."""
    page.evaluate("document.getElementById('answer').replaceChildren()")
    page.set_input_files("#file", file)
    found = page.wait_for_selector(ANSWER)
    assert found is not None
    said = found.evaluate("({dataset}) => [dataset.outcome, dataset.reason, dataset.fresh]")
    return said[0], said[1], said[2] == "true"


def use_bundle(page: Page, file: Path) -> str | None:
    """Give the page another trust bundle and return what it says of it."""
    page.evaluate("delete document.getElementById('bundle_said').dataset.said")
    page.set_input_files("#note", file)
    said = page.locator("#bundle_said[data-said]")
    said.wait_for()
    return said.get_attribute("data-said")


def test_the_page_says_of_every_case_what_the_command_says(
    offline: BrowserContext, stick: Stick
) -> None:
    """In one visit without a network: outcome, reason and freshness, as the command is tested."""
    asked: list[str] = []
    page = offline.new_page()
    page.goto(stick.address)
    page.on("request", lambda request: asked.append(request.url))
    bundle, different = BUNDLES[0], []
    for case in stick.cases:
        name = case.bundle.name.partition(".")[0]
        if name != bundle:
            bundle = name
            assert use_bundle(page, case.bundle) == "bundle_taken"
        said = hand_in(page, case.path)
        wanted = (case.expected_outcome, case.expected_reason)
        fresh = case.fresh if case.expected_outcome == "valid" else said[2]
        if said != (*wanted, fresh):
            different.append((case.name, said, wanted))
    assert different == []
    assert len(stick.cases) > 100
    assert asked == []


def test_a_code_in_the_address_is_answered_within_a_second(
    offline: BrowserContext, stick: Stick
) -> None:
    """From the start of loading to the verdict on the screen, and nothing is asked of anybody."""
    page = offline.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    page.add_init_script(WATCH)
    address = stick.with_bundle("main")
    times = []
    for _ in range(3):
        page.goto("about:blank")
        page.goto(f"{address}#{to_decimal(GENUINE)}")
        page.locator(ANSWER).wait_for()
        times.append(page.evaluate("window.answeredAt"))
    assert page.locator(ANSWER).get_attribute("data-reason") == "dates_stated"
    assert "ZHANG, SAN" in page.inner_text("#answer")
    assert min(times) < MOST_MILLISECONDS
    assert set(asked) <= {address, "about:blank", "data:,"}


def test_the_verdict_is_said_in_two_languages_and_by_more_than_colour(
    offline: BrowserContext, stick: Stick
) -> None:
    """English stands beside the chosen Chinese script, with a sign; a phone need not scroll."""
    page = offline.new_page()
    page.goto(stick.with_bundle("main"))
    altered = stick.folder / "code-changed-name.txt"
    hand_in(page, altered)
    english, simplified, traditional = (
        words("signature", language).title for language in ("en", "zh-Hans", "zh-Hant")
    )
    assert page.inner_text("#answer h2").split() == [english, traditional]
    page.click("button[data-to=Hans]")
    assert page.inner_text("#answer h2").split() == [english, simplified]
    assert page.inner_text("#answer .sign") == "✕"
    picture(page, "verify-page-altered")
    genuine = next(each for each in stick.cases if each.expected_reason == "dates_proven")
    hand_in(page, genuine.path)
    picture(page, "verify-page-valid")
    page.set_viewport_size({"width": 360, "height": 740})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == 360


def test_axe_knows_no_barrier_on_the_page(browser: Browser, stick: Stick) -> None:
    """The page and its verdict can be used without a mouse, without eyes, with large letters."""
    context = browser.new_context(bypass_csp=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{stick.with_bundle('main')}#{to_decimal(GENUINE)}")
    page.locator(ANSWER).wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    context.close()


def test_an_older_trust_bundle_is_refused_during_a_visit(
    offline: BrowserContext, stick: Stick
) -> None:
    """Nobody can make the page forget a revocation; a file that is no bundle changes nothing."""
    page = offline.new_page()
    page.goto(stick.with_bundle("main"))
    assert use_bundle(page, stick.folder / "old.trust.note") == "bundle_older"
    assert use_bundle(page, stick.folder / "code-revoked.txt") == "bundle_refused"
    assert hand_in(page, stick.folder / "code-revoked.txt")[0] == "revoked"


def test_without_a_trust_bundle_nothing_is_called_valid(
    offline: BrowserContext, stick: Stick
) -> None:
    """A page that knows no keys says so, until it is given a bundle of the log it believes."""
    key = LOG_OF_ALL.key
    (stick.folder / "bare.html").write_bytes(whole_page(key.name, key.vkey, None))
    page = offline.new_page()
    page.goto(f"{(stick.folder / 'bare.html').as_uri()}#{to_decimal(GENUINE)}")
    assert page.locator(ANSWER).get_attribute("data-outcome") == "no_bundle"
    assert "ZHANG" not in page.inner_text("body")
    assert use_bundle(page, stick.folder / "main.trust.note") == "bundle_taken"
    page.fill("#text", to_url(GENUINE, VERIFY_HOST))
    page.click("#pasted button")
    page.locator(f"{ANSWER}[data-outcome=valid]").wait_for()


def test_the_camera_reads_the_code_on_a_paper(
    playwright: Playwright, stick: Stick, tmp_path: Path
) -> None:
    """Held before the camera, the square code of a page is found, checked, and the camera stops."""
    sandbox = [] if os.getuid() else ["--no-sandbox"]
    film = tmp_path / "film.mjpeg"
    film.write_bytes(_frame() * 3)
    started = playwright.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            *QUIET,
            *sandbox,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
    page = started.new_context(offline=True).new_page()
    page.goto(stick.with_bundle("main"))
    page.click("#camera")
    page.locator(f"{ANSWER}[data-outcome=valid]").wait_for(timeout=20_000)
    assert page.locator(ANSWER).get_attribute("data-via") == "picture"
    assert page.evaluate("document.getElementById('video').srcObject") is None
    started.close()


def _frame() -> bytes:
    """Return a picture of a camera, in which the code of a genuine certificate is seen askew."""
    code = symbol(to_url(GENUINE, VERIFY_HOST), module=5).rotate(4, expand=True, fillcolor=200)
    image = Image.new("L", (1280, 720), 200)
    image.paste(code, (400, 120))
    file = io.BytesIO()
    image.convert("RGB").save(file, "JPEG", quality=80)
    return file.getvalue()


def test_the_installation_serves_the_page_with_its_own_bundle(
    browser: Browser, installation: Installation
) -> None:
    """Over HTTP too it runs under its policy, knows its log, and asks for nothing more."""
    build()
    if not (installation.data / "trust" / "trust.note").exists():
        installation.command("log", "publish", "--now")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{installation.public}/verify.html")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.click("#believed summary")
    note = (installation.data / "trust" / "trust.note").read_text()
    assert json.loads(note.splitlines()[0])["log_vkey"] in page.inner_text("#bundle")
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"letter"})
    assert page.get_attribute(ANSWER, "data-reason") == "not_a_code"
    assert (asked, said) == ([], [])
    context.close()
