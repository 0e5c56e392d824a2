# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the doctor says of issuing, and replacing the keys that issue."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.cli.desk import run_command
from tests.registry.declarations.conftest import installation
from tuidang.cli import certificate_checks
from tuidang.cli import installation as making
from tuidang.cli.certificate_checks import check_issuing, check_verify_host, check_verifying_page
from tuidang.cli.findings import Finding
from tuidang.registry.certificates.keys import read_issuer_keys, replace_issuer_keys
from tuidang.registry.certificates.trusted import hand_down, tell
from tuidang.registry.transparency.stores import open_store
from tuidang.verify import page
from tuidang.verify.certificate.trust import read_bundle

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["installation"]


@pytest.fixture
def data(installation: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an installation with its keys; every font is there."""
    settings.DATA = installation
    settings.DEMONSTRATION = True
    monkeypatch.setattr(certificate_checks, "missing_fonts", list)
    making.install()
    return installation


def wrong(findings: Iterator[Finding]) -> str:
    """Return the words of all that is wrong, in one string."""
    return " ".join(each.words for each in findings if each.level == "wrong")


def notes(findings: Iterator[Finding]) -> str:
    """Return the words of all that is to be noted, in one string."""
    return " ".join(each.words for each in findings if each.level == "note")


def test_a_sound_installation_can_issue(data: Path) -> None:
    """Keys, certificate and bundle fit together."""
    assert [each.level for each in check_issuing()] == ["ok"]


def test_the_doctor_misses_keys_fonts_and_the_bundle(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is named with what to do."""
    monkeypatch.setattr(certificate_checks, "missing_fonts", lambda: ["Install sample-fonts."])
    assert "sample-fonts" in wrong(check_issuing())
    note = data / "trust/trust.note"
    kept = note.read_bytes()
    note.write_bytes(kept[:-1])
    assert "No certificate can be issued" in wrong(check_issuing())
    note.unlink()
    assert "tuidang install" in wrong(check_issuing())
    note.write_bytes(kept)
    (data / "keys/paper.pem").unlink()
    assert "paper.pem" in wrong(check_issuing())


def test_the_doctor_sees_a_key_that_nobody_is_told_of(data: Path) -> None:
    """A key in the folder that the bundle does not name would sign what nobody accepts."""
    replace_issuer_keys(data / "keys", issuer="sample", day=datetime.now(UTC).date())
    assert "does not name the key" in wrong(check_issuing())
    hand_down(now=datetime.now(UTC))
    assert wrong(check_issuing()) == ""


@pytest.mark.parametrize(
    ("days", "level", "words"),
    [(-3660, "wrong", "ended on"), (-3400, "note", "ends on")],
    ids=["past", "near"],
)
def test_the_doctor_sees_the_end_of_the_paper_key(
    data: Path, days: int, level: str, words: str
) -> None:
    """A year before it a note, after it an error, both with the command."""
    made = datetime.now(UTC).date() + timedelta(days=days)
    replace_issuer_keys(data / "keys", issuer="sample", day=made)
    hand_down(now=datetime.now(UTC))
    found = [each for each in check_issuing() if each.level == level]
    assert [words in each.words and "--replace" in each.words for each in found] == [True]


def test_a_production_origin_has_a_host_that_verifies(data: Path, settings: Settings) -> None:
    """It stands in every code for good, so a sample's host is refused in time."""
    assert wrong(check_verify_host()) == ""
    settings.DEMONSTRATION = False
    assert "TUIDANG_VERIFY_HOST" in wrong(check_verify_host())
    settings.VERIFY_HOST = "verify.registry.org"
    assert wrong(check_verify_host()) == ""
    for no_host in (
        "https://verify.registry.org",
        "Verify.Registry.org",
        "registry.org/verify",
        "",
    ):
        settings.VERIFY_HOST = no_host
        assert "the host alone" in wrong(check_verify_host())


def test_the_doctor_knows_whether_the_page_is_in_the_log(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not built: a note. Built anew: wrong until it is installed. Else fine."""
    monkeypatch.setattr(page, "BUILT", tmp_path / "verify.html")
    assert "scripts/page.sh" in notes(check_verifying_page())
    page.BUILT.write_text("a sample page @INSTALLATION@")
    assert "tuidang install" in wrong(check_verifying_page())
    making.install()
    assert [each.level for each in check_verifying_page()] == ["ok"]
    (data / "keys/log.key").unlink()
    assert "log.key" in wrong(check_verifying_page())


def test_keys_are_shown_and_replaced(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The old one is told until today, or, if it was stolen, not at all."""
    first = read_issuer_keys(data / "keys").cose.public
    assert run_command("certificate", "key") == 0
    printed = capsys.readouterr().out
    assert first.fingerprint in printed
    assert "signs now" in printed
    assert run_command("certificate", "key", "--replace") == 0
    second = read_issuer_keys(data / "keys").cose.public
    assert f"until {datetime.now(UTC).date()}" in capsys.readouterr().out
    bundle = read_bundle((data / "trust/trust.note").read_bytes())
    assert set(bundle.issuers) == {first.kid, second.kid}
    assert run_command("certificate", "key", "--replace", "--stolen") == 0
    assert "stolen" in capsys.readouterr().out
    bundle = read_bundle((data / "trust/trust.note").read_bytes())
    assert set(bundle.issuers) == {read_issuer_keys(data / "keys").cose.kid}


def test_what_cannot_be_replaced_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the old key, and with half of the words, nothing is changed."""
    assert run_command("certificate", "key", "--stolen") == 2
    (data / "keys/issuer.pem").unlink()
    assert run_command("certificate", "key", "--replace") == 1
    assert "issuer.pem" in capsys.readouterr().err


def test_keys_are_replaced_once_while_somebody_publishes(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command does not fail then, since nobody shall run it a second time."""
    with open_store().alone():
        assert run_command("certificate", "key", "--replace") == 0
    assert "timetable" in capsys.readouterr().out
    assert "does not name the key" in wrong(check_issuing())
    tell(datetime.now(UTC))
    assert wrong(check_issuing()) == ""
