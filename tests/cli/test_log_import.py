# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log import`: earlier records, from a file into the log, through any number of deaths."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.verify.auditors import by_package, by_single_file

COMMAND = [sys.executable, "-m", "tuidang.cli.main"]
CELLS = {
    "party,self_named": "Party; by the person, own name, carried over",
    "league,other_named": "Youth League; by someone else, named, carried over",
    "unspecified,other_unnamed": "not specified; by someone else, unnamed, carried over",
}
PERSONS, BATCH, KILLS = 6_000, 300, 6


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one installation for all tests here, and a file of sample persons beside it."""
    folder = tmp_path_factory.mktemp("import")
    lines = [f"{cell}\n" for cell in CELLS for _ in range(PERSONS // len(CELLS))]
    random.Random(8).shuffle(lines)
    (folder / "sample.csv").write_text("organizations,class\n" + "".join(lines))
    done = tuidang(folder, "install")
    assert done.returncode == 0, done.stderr
    return folder


def environment(data: Path) -> dict[str, str]:
    """Return the environment of an installation on SQLite in this folder."""
    folders = {"TUIDANG_DATA": str(data / "data"), "TUIDANG_MEMORY": str(data / "memory")}
    return os.environ | folders | {"TUIDANG_DATABASE": "", "DJANGO_SETTINGS_MODULE":
                                   "tuidang.settings.office"}  # fmt: skip


def tuidang(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [*COMMAND, *words], env=environment(data), capture_output=True, text=True, timeout=120
    )


def imported(data: Path, *more: str, file: str = "sample.csv") -> subprocess.CompletedProcess[str]:
    """Import a file, or go on with it."""
    return tuidang(data, "log", "import", str(data / file), "--batch", str(BATCH), *more)


def published(data: Path) -> list[Path]:
    """Return the files of the log."""
    return sorted((data / "data/log").rglob("*"))


def killed(data: Path, *, after_batches: int, later: float) -> bool:
    """Import, and kill the process some time after so many batches; False if it ended before."""
    words = ["log", "import", str(data / "sample.csv"), "--batch", str(BATCH)]
    with subprocess.Popen(
        [*COMMAND, *words],
        env=environment(data),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for _ in range(after_batches):
            if not process.stderr.readline():
                break
        time.sleep(later)
        process.kill()
        return process.wait() != 0


@pytest.mark.slow
def test_an_import_survives_any_number_of_deaths(data: Path) -> None:
    """Killed in the middle of batches again and again, every line is in the log once."""
    chance = random.Random(2026)
    deaths = [
        killed(data, after_batches=chance.randint(1, 2), later=chance.uniform(0, 0.12))
        for _ in range(KILLS)
    ]
    assert all(deaths)
    done = imported(data)
    assert done.returncode == 0, done.stderr
    assert "6,000 persons are in the log as carried over" in done.stdout
    trust = (data / "data/trust/trust.json").read_bytes()
    found = by_package(data / "data/log", trust)
    assert found == by_single_file(data / "data/log", trust)
    assert "6,000  persons, each counted once" in found
    for words in CELLS.values():
        assert f"{PERSONS // len(CELLS):>15,}  - {words}" in found
    again = imported(data)
    assert (again.returncode, again.stderr) == (0, "")
    assert "in the log already" in again.stdout
    assert by_package(data / "data/log", trust) == found


def test_a_dry_run_changes_nothing(data: Path) -> None:
    """With --dry-run the file is checked and counted, and no batch goes out."""
    before = published(data)
    done = imported(data, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "6,000  persons, of these" in done.stdout
    assert "2,000  party, self_named" in done.stdout
    assert published(data) == before


def test_a_bad_file_is_refused_whole(data: Path) -> None:
    """Bad lines are named by number, nothing of them is repeated, and nothing is imported."""
    before = published(data)
    lines = "party,self_named\narmy,self_named\nparty,Sample Person\n"
    (data / "bad.csv").write_text("organizations,class\n" + lines)
    done = imported(data, file="bad.csv")
    assert done.returncode == 1
    assert "line 3: the organisations are not understood" in done.stderr
    assert "line 4: a class is one of" in done.stderr
    assert "Sample" not in done.stderr
    assert published(data) == before


def test_wrong_words_are_status_2(data: Path) -> None:
    """A file that is not there and a batch of nothing are mistakes of the command."""
    assert imported(data, file="missing.csv").returncode == 2
    assert imported(data, "--batch", "0").returncode == 2
