# SPDX-License-Identifier: AGPL-3.0-or-later
"""A running installation and a real browser, for stories about people.

The installation is the one that `make run` starts, with a data folder and ports of its own. The
browser is Debian's Chromium, JavaScript off; a second context with JavaScript on is for axe alone.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

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

    def command(self, *words: str, expect: int = 0) -> str:
        """Run a `tuidang` command in this installation and return what it printed."""
        done = subprocess.run(
            [str(BIN / "tuidang"), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout

    def login(self, which: str) -> dict[str, str]:
        """Return the login of the `first` or `second` volunteer."""
        login: dict[str, str] = json.loads((self.data / f"{which}-volunteer.json").read_text())
        return login


def free_port() -> int:
    """Return a port of the loopback interface that nothing uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A complete installation on SQLite, started as `make run` starts it."""
    folder = tmp_path_factory.mktemp("installation")
    public, office = free_port(), free_port()
    environment = os.environ | {
        "TUIDANG_DATA": str(folder / "var"),
        "TUIDANG_MEMORY": str(folder / "memory"),
        "TUIDANG_PUBLIC_PORT": str(public),
        "TUIDANG_OFFICE_PORT": str(office),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    process = subprocess.Popen(
        [str(BIN / "tuidang"), "run"],
        env=environment,
        stdout=(folder / "out.txt").open("w"),
        stderr=(folder / "err.txt").open("w"),
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


@pytest.fixture
def office_page(browser: Browser) -> Iterator[Page]:
    """A volunteer's browser: desktop width, JavaScript off as well."""
    made = browser.new_context(
        java_script_enabled=False, viewport={"width": 1280, "height": 900}, locale="en-GB"
    )
    made.set_default_timeout(15_000)
    yield made.new_page()
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
    """Sign a volunteer in to the office."""
    login = installation.login(which)
    page.goto(f"{installation.office}/login/")
    page.fill("#username", login["username"])
    page.fill("#passphrase", login["passphrase"])
    page.fill("#code", fresh_code(login["totp_secret"]))
    page.click("main button")
    page.wait_for_url(f"{installation.office}/")


def picture(page: Page, name: str) -> None:
    """Keep a picture of the whole page at 360 pixels and at desktop width."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
