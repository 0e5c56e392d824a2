# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making an installation, enrolling volunteers, and what the doctor says of them."""

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings

from tests.cli.desk import run_command
from tests.registry.declarations.conftest import installation
from tuidang.cli import installation as making
from tuidang.cli import jobs, samples
from tuidang.cli.checks import CHECKS, Finding, check_demonstration, check_files
from tuidang.registry.accounts.actions import sign_in
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency.errors import LockMissing
from tuidang.registry.transparency.models import Batch
from tuidang.registry.vault.models import RingKey

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["installation"]


@pytest.fixture
def data(installation: Path, settings: Settings) -> Path:
    """Give a demonstration of its own that nothing was made in yet."""
    settings.DATA = installation
    settings.DEMONSTRATION = True
    settings.ORIGIN = "demo.invalid/registry"
    settings.PUBLIC_ROLE = ""
    return installation


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Answer each question of a command with the next of these words."""
    answers = ["sample.one", "sample.two"]
    monkeypatch.setattr("builtins.input", lambda _question: answers.pop(0))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    return iter([answers])


def levels() -> dict[str, list[str]]:
    """Return what the doctor finds, by level."""
    found: dict[str, list[str]] = {"ok": [], "note": [], "wrong": []}
    for check in CHECKS:
        for finding in check():
            found[finding.level].append(finding.words)
    return found


def wrong(findings: Iterator[Finding]) -> str:
    """Return the words of all that is wrong, in one string."""
    return " ".join(each.words for each in findings if each.level == "wrong")


def test_a_demonstration_has_two_logins_that_work(data: Path) -> None:
    """Both login files sign in with what they say, and only their owner may read them."""
    made = making.install()
    assert made.recovery_secret
    assert [path.name for path in made.login_files] == [
        "first-volunteer.json",
        "second-volunteer.json",
    ]
    for path in made.login_files:
        login = json.loads(path.read_text())
        assert set(login) == {"username", "passphrase", "totp_secret"}
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        now = datetime.now(UTC)
        code = pyotp.TOTP(login["totp_secret"]).at(now)
        volunteer, keys = sign_in(login["username"], login["passphrase"], code, now=now)
        assert volunteer.username == login["username"]
        assert keys.keys


def test_installing_again_changes_nothing(data: Path) -> None:
    """A second run makes no key, no volunteer and no recovery secret anew."""
    making.install()
    before = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    rings = list(RingKey.objects.values_list("id", flat=True).order_by("id"))
    again = making.install()
    assert again.recovery_secret is None
    assert {path: path.read_bytes() for path in data.rglob("*") if path.is_file()} == before
    assert list(RingKey.objects.values_list("id", flat=True).order_by("id")) == rings
    assert Volunteer.objects.count() == 2


def test_production_asks_for_its_volunteers(
    data: Path, settings: Settings, terminal: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside a demonstration nothing is written to files: two logins are shown once."""
    settings.DEMONSTRATION = False
    assert run_command("install") == 0
    printed = capsys.readouterr().out
    assert "AGE-SECRET-KEY-1" in printed
    assert "sample.one" in printed
    assert "sample.two" in printed
    assert list(data.glob("*-volunteer.json")) == []
    assert RingKey.objects.exists()


def test_production_without_a_terminal_says_what_to_do(
    data: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody can be asked there, so the command ends with words and an error."""
    settings.DEMONSTRATION = False
    assert run_command("install") == 1
    assert "in a terminal" in capsys.readouterr().err
    assert not Volunteer.objects.exists()


def test_a_volunteer_hands_on_what_they_can_open(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Enrolled with a login, the new volunteer opens this month; the login is shown once."""
    first, _ = making.install().login_files
    assert run_command("volunteer", "enrol", "sample.three", "--login", str(first)) == 0
    assert "shown once" in capsys.readouterr().out.lower()
    assert Volunteer.objects.get(username="sample.three")
    for key in RingKey.objects.all():
        assert key.wraps.count() == 3


def test_a_name_that_is_taken_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Enrolling twice under one name ends with an error and makes nobody."""
    making.install()
    assert run_command("volunteer", "enrol", "first") == 2
    assert capsys.readouterr().err
    assert Volunteer.objects.count() == 2


def test_samples_say_that_they_are_samples(data: Path) -> None:
    """Each sample is marked, and its text says in three languages what it is."""
    making.install()
    assert run_command("samples") == 0
    assert Declaration.objects.filter(sample=True).count() == len(samples.bodies())
    for body in samples.bodies():
        assert all(word in body["statement"] for word in ("样本", "範例", "sample"))


def test_samples_stay_off_a_production_origin(data: Path, settings: Settings) -> None:
    """Under another origin the command refuses, and nothing is stored."""
    making.install()
    settings.ORIGIN = "registry.example.org/log"
    assert run_command("samples") == 2
    assert not Declaration.objects.exists()


def test_a_sound_installation_has_nothing_wrong(
    data: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After installing and publishing, the doctor finds nothing wrong and says what it saw."""
    making.install()
    monkeypatch.setattr("tuidang.cli.checks._file_system", lambda _folder: "tmpfs")
    settings.PUBLIC_ROLE = ""
    assert "Nothing has been published yet." in levels()["note"]
    publish_batch(now=datetime.now(UTC), at_once=True)
    found = levels()
    vendor_needs_a_role = [words for words in found["wrong"] if "TUIDANG_PUBLIC_DATABASE" in words]
    assert found["wrong"] == vendor_needs_a_role
    size = Batch.objects.get().size
    assert any(f"passes the audit: {size} entries" in words for words in found["ok"])


def test_a_log_from_before_the_lock_store_gets_one(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Updating an older installation puts the public checkpoint there, and the log goes on."""
    making.install()
    publish_batch(now=datetime.now(UTC), at_once=True)
    shutil.rmtree(data / "lock")
    making.install()
    with pytest.raises(LockMissing):
        publish_batch(now=datetime.now(UTC), at_once=True)

    class Before(MigrationRecorder):
        def applied_migrations(self) -> dict[tuple[str, str], object]:
            later = ("transparency", "0002_publication_in_steps")
            return {k: v for k, v in super().applied_migrations().items() if k != later}

    monkeypatch.setattr(making, "MigrationRecorder", Before)
    making.install()
    assert publish_batch(now=datetime.now(UTC), at_once=True) is not None


def test_the_doctor_sees_a_changed_log(data: Path) -> None:
    """One flipped bit in the log's folder is wrong, and the file is named."""
    making.install()
    publish_batch(now=datetime.now(UTC), at_once=True)
    (bundle,) = (data / "log").glob("tile/entries/000.p/*")
    bundle.chmod(0o644)
    bundle.write_bytes(bytes([bundle.read_bytes()[0] ^ 1]) + bundle.read_bytes()[1:])
    assert any("tile/entries/000.p" in words for words in levels()["wrong"])


def test_the_doctor_sees_who_could_read_keys(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key file that others may read, and day keys on a disk, are wrong."""
    making.install()
    (data / "keys" / "office.key").chmod(0o644)
    monkeypatch.setattr("tuidang.cli.checks._file_system", lambda _folder: "ext4")
    told = wrong(check_files())
    assert "office.key" in told
    assert "not in memory" in told


def test_the_doctor_refuses_logins_under_a_production_origin(
    data: Path, settings: Settings
) -> None:
    """Login files, and a demonstration, do not belong under a real name."""
    making.install()
    settings.ORIGIN = "registry.your.org/log"
    told = wrong(check_demonstration())
    assert "Login files" in told
    assert "production origin" in told


def test_the_doctor_ends_with_an_error_where_something_is_wrong(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1 and a line that begins with WRONG."""
    making.install()
    (data / "keys" / "office.key").chmod(0o644)
    assert run_command("doctor") == 1
    assert "WRONG" in capsys.readouterr().out


def test_the_doctor_looks_at_a_folder_in_which_nothing_was_made(tmp_path: Path) -> None:
    """Before the first installation it says what to do, and does not fall over."""
    inherited = {n: v for n, v in os.environ.items() if not n.startswith(("TUIDANG_", "DJANGO_"))}
    folders = {"TUIDANG_DATA": str(tmp_path / "var"), "TUIDANG_MEMORY": str(tmp_path / "memory")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("tuidang")), "doctor"],
        env=inherited | folders,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "WRONG  The tables are not current. Run: tuidang install" in done.stdout


def test_the_timetable_outlives_a_job_that_fails(
    data: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A failing job is named without its data, and the others run all the same."""
    making.install()
    ran = []

    def broken_job(_now: datetime) -> None:
        raise RuntimeError("样本甲")

    monkeypatch.setattr(jobs, "timetable", lambda: (broken_job, ran.append))
    assert run_command("jobs", "--once") == 0
    assert len(ran) == 1
    assert "broken_job failed: RuntimeError" in caplog.text
    assert "样本甲" not in caplog.text


def test_the_whole_timetable_runs_on_a_new_installation(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Every job runs where nothing has come in yet, and none fails."""
    making.install()
    jobs.run_all(datetime.now(UTC))
    assert caplog.text == ""
