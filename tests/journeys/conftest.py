# SPDX-License-Identifier: AGPL-3.0-or-later
"""A running installation and a real browser, for stories about people.

The installation is the one that `make run` starts, with a data folder and ports of its own. The
browser is Debian's Chromium, JavaScript off; a second context with JavaScript on is for axe alone.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
PICTURES = ROOT / "out" / "screenshots"
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOTP_SECONDS = 30


@dataclass(frozen=True)
class Installation:
    """Addresses and data folder of the installation that runs for the tests."""

    public: str
    office: str
    data: Path
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """Run a `tuidang` command that must succeed and return what it printed."""
        done = self._run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: str) -> str:
        """Run a `tuidang` command that must be refused and return why."""
        done = self._run(*words)
        assert (done.returncode, done.stdout) == (2, ""), done.stdout
        return done.stderr

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(BIN / "tuidang"), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def login(self, which: str) -> dict[str, str]:
        """Return the login of the `first` or `second` volunteer."""
        login: dict[str, str] = json.loads((self.data / f"{which}-volunteer.json").read_text())
        return login


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A complete installation on SQLite, started as `make run` starts it."""
    folder = tmp_path_factory.mktemp("installation")
    public, office = free_port(), free_port()
    # Of our own settings those that the tests made are left out: this is no test installation.
    inherited = {n: v for n, v in os.environ.items() if not n.startswith(("TUIDANG_", "DJANGO_"))}
    environment = inherited | {
        "TUIDANG_DATA": str(folder / "var"),
        "TUIDANG_MEMORY": str(folder / "memory"),
        "TUIDANG_PUBLIC_PORT": str(public),
        "TUIDANG_OFFICE_PORT": str(office),
        # Far from now: the stories publish themselves, and nothing is to come between.
        "TUIDANG_PUBLISH_HOUR": str((datetime.now(UTC).hour + 12) % 24),
    }
    with (folder / "out.txt").open("w") as out, (folder / "err.txt").open("w") as err:
        process = subprocess.Popen(
            [str(BIN / "tuidang"), "run"], env=environment, stdout=out, stderr=err
        )
    wait_for(folder / "out.txt", "Ctrl-C", process)
    yield Installation(
        public=f"http://127.0.0.1:{public}",
        office=f"http://127.0.0.1:{office}",
        data=folder / "var",
        environment=environment,
    )
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    # A log line of a healthy installation does not exist; anything here is a fault or a leak.
    assert (folder / "err.txt").read_text() == ""


def wait_for(path: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until `words` stand in the file, or fail with what stands there."""
    end = time.monotonic() + 60
    while words not in path.read_text():
        assert process.poll() is None, path.with_name("err.txt").read_text()
        assert time.monotonic() < end, path.read_text()
        time.sleep(0.1)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright from PyPI; it brings no browser of its own."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    # Chromium's own sandbox refuses to start as root, which is what CI is.
    sandbox = [] if os.getuid() else ["--no-sandbox"]
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *sandbox])
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser as a declarant has it: nothing cached, JavaScript off, a phone's width."""
    made = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, locale="zh-CN"
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """One page of that browser."""
    return context.new_page()


@pytest.fixture(scope="session")
def first_desk(browser: Browser, installation: Installation) -> Iterator[Page]:
    """The first volunteer's browser, signed in once for all stories: a code is good once."""
    yield from _desk(browser, installation, "first")


@pytest.fixture(scope="session")
def second_desk(browser: Browser, installation: Installation) -> Iterator[Page]:
    """The second volunteer's browser, signed in as well."""
    yield from _desk(browser, installation, "second")


def _desk(browser: Browser, installation: Installation, which: str) -> Iterator[Page]:
    made = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}, locale="en-GB"
    )
    made.set_default_timeout(15_000)
    page = made.new_page()
    sign_in(page, installation, which)
    yield page
    made.close()


_last_code: dict[str, str] = {}


def fresh_code(secret: str) -> str:
    """Return a TOTP code that has not been used yet, waiting for the next one if need be."""
    code = pyotp.TOTP(secret).now()
    while _last_code.get(secret) == code:
        time.sleep(0.5)
        code = pyotp.TOTP(secret).now()
    _last_code[secret] = code
    return code


def sign_in(page: Page, installation: Installation, which: str) -> None:
    """Sign a volunteer in to the office; where a command took the code, wait for the next."""
    login = installation.login(which)
    page.goto(f"{installation.office}/login/")
    for _ in range(3):
        page.fill("#username", login["username"])
        page.fill("#passphrase", login["passphrase"])
        page.fill("#code", fresh_code(login["totp_secret"]))
        with page.expect_navigation():
            page.click("main button")
        if page.url == f"{installation.office}/":
            return
    raise AssertionError(page.inner_text("main"))


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page at 360 pixels and at desktop width."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
