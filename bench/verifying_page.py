# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verifying page in Chromium: how soon it answers, and whether it asks anybody anything."""

import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys.conftest import CHROMIUM, QUIET
from tests.page.running import build
from tests.verify.certificate.cases import all_cases
from tests.verify.certificate.made import LOG_OF_ALL
from tuidang.verify.page import whole_page

RUNS = 7
GOAL_MILLISECONDS = 1000
FILES = {"PDF with its proof": "proof-bound.pdf", "photo of the code": "picture-photo.jpg"}
# Counted from the start of the navigation, or from the moment at which a file was chosen.
_WATCH = """
window.since = 0;
document.addEventListener("change", () => { window.since = performance.now(); }, true);
new MutationObserver(() => {
  if (document.querySelector("#answer [data-outcome]")) window.at ??= performance.now();
}).observe(document, {subtree: true, childList: true});
"""
_ANSWER = "#answer [data-outcome=valid]"


def measure() -> str:
    """Return the section."""
    build()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        all_cases(folder)
        note = (folder / "main.trust.note").read_bytes()
        page = whole_page(LOG_OF_ALL.key.name, LOG_OF_ALL.key.vkey, note)
        (folder / "verify.html").write_bytes(page)
        return "\n".join(_section(folder, page))


def _section(folder: Path, page: bytes) -> Iterator[str]:
    yield "## The verifying page, in Chromium, without a network"
    yield ""
    yield "| what | median ms to the verdict | requests after loading |"
    yield "|---|---|---|"
    sandbox = [] if os.getuid() else ["--no-sandbox"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
        times, asked = zip(*(_opened(browser, folder) for _ in range(RUNS)), strict=True)
        yield f"| opened with a code in the address | {median(times):.0f} | {sum(asked)} |"
        for what, file in FILES.items():
            taken = [_handed_in(browser, folder, file) for _ in range(RUNS)]
            times, asked = zip(*taken, strict=True)
            yield f"| {what}, first of a visit | {median(times):.0f} | {sum(asked)} |"
        browser.close()
    packed = len(gzip.compress(page, 9)) / 1000
    yield ""
    yield f"Each of {RUNS} in a browser context of its own. The file has {len(page) / 1000:,.0f}"
    yield f"KB, {packed:,.0f} KB on the wire. Goal: {GOAL_MILLISECONDS} ms, and no request."


def _visit(browser: Browser, address: str) -> tuple[Page, list[str]]:
    context = browser.new_context(offline=True, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(_WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    return page, asked


def _opened(browser: Browser, folder: Path) -> tuple[float, int]:
    digits = (folder / "code-url.txt").read_text().strip().partition("#")[2]
    page, asked = _visit(browser, f"{(folder / 'verify.html').as_uri()}#{digits}")
    return _answered(page, len(asked[1:]))


def _handed_in(browser: Browser, folder: Path, file: str) -> tuple[float, int]:
    page, asked = _visit(browser, (folder / "verify.html").as_uri())
    asked.clear()
    page.set_input_files("#file", folder / file)
    page.wait_for_selector(_ANSWER)
    return _answered(page, len(asked))


def _answered(page: Page, asked: int) -> tuple[float, int]:
    page.wait_for_selector(_ANSWER)
    taken: float = page.evaluate("window.at - window.since")
    page.context.close()
    return taken, asked
