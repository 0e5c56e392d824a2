# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log collect`, and a publication that its policy holds up."""

from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.transparency.samples import at, publish_on
from tests.verify.witness.running import NAME, honest
from tuidang.cli.cosigner_checks import check_cosigners, check_timestamps
from tuidang.cli.main import main
from tuidang.pure.merkle.notes import Signer
from tuidang.registry.transparency.actions import install
from tuidang.registry.transparency.models import Batch, Timestamp

pytestmark = pytest.mark.django_db


@pytest.fixture
def installed(tmp_path: Path, settings: Settings) -> Path:
    """Point the settings to an installation whose log is about to begin."""
    for name in ("LOG", "TRUST", "KEYS", "LOCK"):
        setattr(settings, f"{name}_FOLDER", tmp_path / name.lower())
    settings.POLICY_FILE = tmp_path / "policy"
    settings.WITNESS_SECONDS, settings.WITNESSES_SECONDS = 5.0, 12.5
    settings.MIN_BATCH = settings.MIN_CELL = 1
    install(now=at(0))
    return tmp_path


def test_what_is_missing_is_collected(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A witness that was named after publication signs, and the command says who did."""
    publish_on(0)
    log = Signer.parse((installed / "keys" / "log.key").read_text().strip())
    with honest(log.vkey) as witness:
        (installed / "policy").write_text(f"witness w {witness.vkey} {witness.url}\nquorum w\n")
        assert main(["log", "collect"]) == 0
        assert f"cosignatures added: {NAME}\ntimestamps added: none\n" in capsys.readouterr().out
        assert main(["log", "collect"]) == 0
        assert "cosignatures added: none" in capsys.readouterr().out


def test_what_cannot_be_followed_is_said(
    installed: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong policy and a wrong list of services each give exit status 1 and the reason."""
    publish_on(0)
    settings.TIMESTAMP_SERVICES = ["nobody"]
    assert main(["log", "collect"]) == 1
    assert "TUIDANG_TIMESTAMPS" in capsys.readouterr().err
    (installed / "policy").write_text("# nobody\nquorum w\n")
    assert main(["log", "collect"]) == 1
    assert "line 2: a quorum that is not defined before" in capsys.readouterr().err


def test_a_missed_quorum_is_said_plainly(
    installed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tuidang log publish` names who is needed, and ends with status 1."""
    vkey = Signer("away.invalid/witness", bytes(32)).cosignature_vkey
    (installed / "policy").write_text(f"witness away {vkey} http://127.0.0.1:1/\nquorum away\n")
    assert main(["log", "publish", "--now"]) == 1
    said = capsys.readouterr().err
    assert "The policy asks for away, and 0 have signed. No cosignature came from: away." in said
    assert not (installed / "log" / "checkpoint").exists()


def said(*levels: str) -> str:
    """Return what the doctor says about cosigners and timestamps at these levels."""
    found = [*check_cosigners(), *check_timestamps()]
    return "\n".join(each.words for each in found if each.level in levels)


def test_the_doctor_knows_a_log_without_witnesses(installed: Path, settings: Settings) -> None:
    """Before anybody is named, and when nothing is published, it says what dates rest on."""
    assert "No quorum of witnesses" in said("note")
    assert "Fewer than two timestamp services" in said("note")
    publish_on(0)
    settings.TIMESTAMP_SERVICES = ["one=console:", "two=console:"]
    assert "No timestamp yet by one, two." in said("note")
    assert said("wrong") == ""
    batch = Batch.objects.get()
    for name in ("one", "two"):
        Timestamp.objects.create(batch=batch, service=name, response=b"sample")
    assert said("ok") == "The newest checkpoint has its timestamps."


def test_the_doctor_knows_who_has_not_signed(installed: Path) -> None:
    """A quorum that the newest checkpoint has not got is wrong, and it says by whom."""
    publish_on(0)
    log = Signer.parse((installed / "keys" / "log.key").read_text().strip())
    away = Signer("away.invalid/witness", bytes(32)).cosignature_vkey
    with honest(log.vkey) as witness:
        rows = f"witness w {witness.vkey} {witness.url}\nwitness away {away}\n"
        (installed / "policy").write_text(f"{rows}group g any w away\nquorum g\n")
        assert "not signed by 1 of (w, away)" in said("wrong")
        assert "No address in the policy file for away." in said("wrong")
        main(["log", "collect"])
    assert said("ok") == "The newest checkpoint is signed by 1 of (w, away)."
    assert "No quorum" not in said("note")
    assert "The newest checkpoint has no line by away." in said("note")


def test_the_doctor_reads_policy_and_services(installed: Path, settings: Settings) -> None:
    """What cannot be followed is wrong, before a publication finds it out."""
    (installed / "policy").write_text("quorum w\n")
    assert said("wrong").count("The policy file cannot be used: line 1") == 2
    settings.TIMESTAMP_SERVICES = ["nobody"]
    assert "TUIDANG_TIMESTAMPS cannot be used" in said("wrong")
