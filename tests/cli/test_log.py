# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log`: a stranger's audit without Django, and the publisher's round."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.tally.samples import DAY, declare
from tests.verify.auditors import by_package, by_single_file, fault
from tests.verify.sample_logs import TRUST, log_files, sample_log, write_files
from tuidang.cli.main import main
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.transparency.models import Batch
from tuidang.registry.vault.actions import create_member, renew_rings
from tuidang.registry.vault.recipients import forget_recipients
from tuidang.verify import audit_log

SINGLE_FILE = Path(audit_log.__file__)
# What a stranger has: the package without Django, or one file without the package.
WITHOUT_DJANGO = (
    "import sys; sys.modules['django'] = None\n"
    "from tuidang.cli.main import main; sys.exit(main(['log', 'audit', *sys.argv[1:]]))"
)
COMMANDS = {
    "package": [sys.executable, "-W", "error", "-c", WITHOUT_DJANGO],
    "single file": [sys.executable, "-W", "error", "-I", "-S", str(SINGLE_FILE)],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the sample log and its trusted keys."""
    write_files(tmp_path / "log", log_files(sample_log()))
    write_files(tmp_path / "trust", {"trust.json": TRUST})
    return tmp_path


def run(command: str, data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run one of the two commands as a process of its own."""
    environment = os.environ | {"TUIDANG_DATA": str(data)}
    return subprocess.run(
        [*COMMANDS[command], *words], env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_an_audit_needs_no_words_and_no_django(command: str, data: Path) -> None:
    """By default the installation's log is audited under its trust file; exit status 0."""
    done = run(command, data)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == by_package(data / "log") + "\n"


def test_output_that_nobody_reads_is_no_fault_of_the_log(data: Path) -> None:
    """`| head` that went away early ends the command without a traceback, as SIGPIPE would."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        COMMANDS["package"],
        env=os.environ | {"TUIDANG_DATA": str(data)},
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, "")


def test_the_three_answers_of_an_audit(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0 and the totals, 1 and the file at fault, 2 without keys to trust."""
    words = ["log", "audit", str(data / "log"), "--vkey", str(data / "trust/trust.json")]
    assert main(words) == 0
    assert "495  persons" in capsys.readouterr().out
    (data / "log/checkpoint").write_bytes(b"")
    assert main(words) == 1
    assert "FAILED 'checkpoint': " in capsys.readouterr().err
    assert main([*words[:3], "--vkey", str(data / "log/checkpoint")]) == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_a_changed_byte_is_named(command: str, data: Path) -> None:
    """A log that fails gives exit status 1 and the name of the file."""
    tile = data / "log/tile/0/001"
    tile.write_bytes(tile.read_bytes()[:-1] + b"\x00")
    done = run(command, data)
    assert (done.returncode, done.stdout) == (1, "")
    assert "FAILED 'tile/0/001': " in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_the_folder_and_the_keys_can_be_named(command: str, data: Path, tmp_path: Path) -> None:
    """A log elsewhere is audited under the keys that the user names."""
    (data / "log").rename(tmp_path / "mirror")
    (data / "trust/trust.json").rename(tmp_path / "keys.txt")
    named = (str(tmp_path / "mirror"), "--vkey", str(tmp_path / "keys.txt"))
    assert run(command, data, *named).returncode == 0


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "words", [["--vkey", "missing"], ["--key", "x"], ["a", "b"], ["--vkey", str(SINGLE_FILE)]]
)
def test_wrong_words_are_status_2(command: str, words: list[str], data: Path) -> None:
    """Unknown options and files without keys are mistakes of the command, not of the log."""
    done = run(command, data, *words)
    assert (done.returncode, done.stdout) == (2, "")


@pytest.mark.parametrize("command", COMMANDS)
def test_keys_are_never_taken_from_the_log(command: str, data: Path) -> None:
    """A trust file inside the log's folder is not looked for."""
    (data / "trust/trust.json").rename(data / "log/trust.json")
    assert run(command, data).returncode == 2


def test_a_trust_file_in_the_log_is_an_intruder(data: Path) -> None:
    """The whole folder is looked at, so keys that lie in it are named."""
    (data / "trust/trust.json").rename(data / "log/trust.json")
    done = run("package", data, "--vkey", str(data / "log/trust.json"))
    assert done.returncode == 1
    assert "'trust.json'" in done.stderr


def test_names_of_intruders_cannot_steer_the_terminal(data: Path) -> None:
    """Control characters in a file's name are printed as escapes."""
    (data / "log" / "a\x1b[2J").write_bytes(b"")
    done = run("package", data)
    assert done.returncode == 1
    assert "\x1b" not in done.stderr


@pytest.fixture
def installation(tmp_path: Path, settings: Settings, db: None) -> Path:
    """An installation with a review ring, in which every batch may go out at any hour."""
    settings.LOG_FOLDER, settings.TRUST_FOLDER = tmp_path / "log", tmp_path / "trust"
    settings.LOCK_FOLDER = tmp_path / "lock"
    settings.KEYS_FOLDER, settings.MEMORY_FOLDER = tmp_path / "keys", tmp_path / "memory"
    settings.MIN_BATCH = settings.MIN_CELL = 1
    settings.PUBLISH_HOUR = 0
    forget_recipients()
    create_member(uuid.UUID(int=7), "a sample passphrase of words", by=REGISTRY, day=DAY)
    renew_rings(by=REGISTRY, day=DAY)
    return tmp_path


def test_publishing_prints_what_both_auditors_then_find(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The counts, size and root that are printed are those that strangers recompute."""
    declare(3, manner="single")
    declare(2)
    assert main(["log", "publish", "--now"]) == 0
    printed = capsys.readouterr().out
    assert "published    batch 0" in printed
    assert "3  persons counted in this batch" in printed
    assert "5  commitments received" in printed
    for name in ("trust.json", "trust.note"):
        trust = (installation / "trust" / name).read_bytes()
        assert fault(installation / "log", trust) is None
        found = by_single_file(installation / "log", trust)
        assert found == by_package(installation / "log", trust)
        assert "3  persons, each counted once" in found
        root = found.partition("root         ")[2].partition("\n")[0]
        assert f"root         {root}\n" in printed


def test_without_now_a_day_has_one_batch(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second round of a day publishes nothing and says so; `--now` does."""
    assert main(["log", "publish"]) == 0
    capsys.readouterr()
    assert main(["log", "publish"]) == 0
    assert "nothing was published" in capsys.readouterr().out
    assert Batch.objects.count() == 1
    assert main(["log", "publish", "--now"]) == 0
    assert "published    batch 1" in capsys.readouterr().out


def test_a_refusal_to_publish_is_told(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where signing would be wrong, the reason is printed and the exit status is 1."""
    assert main(["log", "publish", "--now"]) == 0
    (installation / "log/checkpoint").write_bytes(b"not signed by anybody\n")
    assert main(["log", "publish", "--now"]) == 1
    assert "not published: The checkpoint" in capsys.readouterr().err
