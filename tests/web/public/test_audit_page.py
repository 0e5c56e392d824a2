# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page for whoever recounts: what it tells to type and to expect is what there is."""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from tests.verify.sample_logs import sample_log
from tests.web.public.browsing import page_of
from tests.web.public.sealed import write_log
from tuidang.web.public.log_files import AUDITOR
from tuidang.web.shared.languages import LANGUAGES

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_the_auditor_can_be_compared(client: Client, language: str) -> None:
    """Length and SHA-256 on the page are those of the file that is handed out."""
    text = page_of(client.get(f"/{language}/audit/")).text
    handed_out = client.get("/audit_log.py").content
    assert hashlib.sha256(handed_out).hexdigest() in text
    assert f"{len(handed_out):,}" in text
    assert f"{len(handed_out.splitlines())}" in text


@each_language
def test_every_address_to_type_is_there(
    client: Client, installation: Path, db: None, language: str
) -> None:
    """Each address in the commands, which carry this site's own, answers."""
    write_log(installation / "log", sample_log())
    (installation / "trust").mkdir()
    (installation / "trust" / "trust.json").write_text("{}")
    text = page_of(client.get(f"/{language}/audit/")).text
    typed = set(re.findall(r"http://testserver(/[^ ]*[a-z/])(?= |$)", text)) - {"/log/"}
    assert typed == {"/audit_log.py", "/.well-known/tuidang/trust.json", "/log/parts/"}
    assert {client.get(path).status_code for path in typed} == {200}


@each_language
def test_the_words_to_expect_are_those_of_the_auditor(
    client: Client, installation: Path, db: None, language: str
) -> None:
    """Every word that the page explains is one that the single-file auditor says."""
    trusted = write_log(installation / "log", sample_log())
    command = [sys.executable, "-I", "-S", str(AUDITOR), str(installation / "log")]
    done = subprocess.run([*command, "--vkey", str(trusted)], capture_output=True, text=True)
    (installation / "log" / "tile/1/000.p/2").unlink()
    failed = subprocess.run([*command, "--vkey", str(trusted)], capture_output=True, text=True)
    source = client.get(f"/{language}/audit/").content.decode()
    explained = re.findall(r"<code>([A-Za-z, ]+)</code>", source)
    assert len(explained) == 6
    assert failed.returncode == 1
    assert [each for each in explained if each not in done.stdout + failed.stderr] == []


@each_language
def test_the_page_says_what_a_recount_does_not_show(client: Client, language: str) -> None:
    """What it does not show stands beside what it shows, and takes no less room."""
    source = client.get(f"/{language}/audit/").content.decode()
    lists = [each.count("<li>") for each in source.split("<h2>") if each.count("<li>")]
    shows, not_shown = lists[1:3]
    assert not_shown >= shows
