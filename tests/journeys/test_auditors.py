# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stranger who recounts, a journalist who cites: by what the pages say, and nothing else."""

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import BIN, Installation, picture
from tests.journeys.test_log import publish, tally
from tests.journeys.test_pages import LANGUAGES, axe_page, has_no_barrier
from tuidang.pure.periods import quarter_of

__all__ = ["axe_page"]


def test_the_commands_of_the_page_recount_the_total(
    page: Page, installation: Installation, tmp_path: Path
) -> None:
    """Typed as they stand into a shell in an empty folder, they end with the published total."""
    publish(installation)
    page.goto(f"{installation.public}/en/audit/")
    commands = page.locator("pre").first.inner_text()
    environment = os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    persons = tally(installation)["totals"]["persons"]
    assert f"{persons:>15,}  persons, each counted once" in done.stdout
    assert f"{persons:,}" == _shown_total(page, installation)


def _shown_total(page: Page, installation: Installation) -> str:
    page.goto(f"{installation.public}/en/tally/")
    return page.inner_text("#persons")


def test_a_part_says_how_long_it_is_before_it_is_sent(installation: Installation) -> None:
    """The server sends a length and no chunks, and a look at the headers costs no file."""
    publish(installation)
    with urlopen(f"{installation.public}/log/parts.json") as answer:
        top = json.loads(answer.read())["top"]
    address = f"{installation.public}{top['path']}"
    with urlopen(Request(address, method="HEAD")) as answer:
        assert (answer.headers["Content-Length"], answer.read()) == (str(top["bytes"]), b"")
    with urlopen(address) as answer:
        assert answer.headers["Transfer-Encoding"] is None
        assert len(answer.read()) == top["bytes"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_to_cite_have_no_barrier(
    axe_page: Page, installation: Installation, language: str
) -> None:
    """axe has nothing to say about the index and the page of the running quarter."""
    publish(installation)
    for path in ("figures/", f"figures/{quarter_of(datetime.now(UTC).date()).name}/"):
        axe_page.goto(f"{installation.public}/{language}/{path}")
        has_no_barrier(axe_page)
        picture(axe_page, f"{path.replace('/', '-').strip('-')}-{language}")
