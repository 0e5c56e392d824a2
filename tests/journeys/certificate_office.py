# SPDX-License-Identifier: AGPL-3.0-or-later
"""What volunteers do in the certificate office, and a stranger with the command."""

import subprocess
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.conftest import BIN, Installation
from tests.journeys.steps import press, type_in

LINE = 'button[formaction^="/certificates/application/"]'


def open_office(desk: Page, installation: Installation) -> None:
    """Go to the queue of certificates."""
    desk.goto(f"{installation.office}/certificates/")


def open_application(desk: Page, installation: Installation, name: str) -> None:
    """Open one after the other, as the list names nobody, until this name is there."""
    open_office(desk, installation)
    for number in range(desk.locator(LINE).count()):
        press(desk, desk.locator(LINE).nth(number))
        if name in desk.inner_text("main"):
            return
        open_office(desk, installation)
    raise AssertionError(desk.inner_text("main"))


def record_check(desk: Page, check: str, document: str = "") -> None:
    """Record an identity check of the application that is open."""
    desk.check(f'[name="check"][value="{check}"]')
    if document:
        desk.select_option("#document", document)
    press(desk, 'button[value="record"]')


def find_certificate(desk: Page, installation: Installation, number: str) -> None:
    """Look a certificate up by the number on the paper."""
    open_office(desk, installation)
    type_in(desk, "number", number)
    press(desk, 'form[action$="/find/"] button')


def verify(installation: Installation, file: Path) -> tuple[int, str]:
    """Let a stranger's command judge a file by the bundle that the installation publishes."""
    bundle = installation.data / "trust" / "trust.note"
    words = [str(BIN / "tuidang-verify"), str(file), "--bundle", str(bundle)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr
