# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log mirror` and `tuidang log cosign`, as a stranger starts them: without Django."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_log_witness import WITHOUT_DJANGO
from tests.ports import free_port
from tests.verify.auditors import fault
from tests.verify.mirror.serving import Files, serving
from tests.verify.sample_logs import (
    ORIGIN,
    TRUST,
    ends_of,
    log_files,
    sample_log,
)
from tests.verify.test_seen import other_log
from tests.verify.witness.samples import ask
from tuidang.cli.main import main
from tuidang.pure.merkle.notes import open_note
from tuidang.pure.merkle.signatures import Verifier
from tuidang.verify.trust import parse_trust
from tuidang.verify.witness.witness import origin_hash

ENTRIES = sample_log()
ENDS = ends_of(ENTRIES)
LOG = parse_trust(TRUST).log
AUDITOR = "critic.invalid/auditor"


@pytest.fixture
def files() -> Iterator[Files]:
    """A log behind HTTP, at its third batch."""
    with serving() as served:
        show(served, ENDS[2])
        yield served


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with the keys to trust, and an auditor's key and vkey."""
    (tmp_path / "keys").write_bytes(TRUST)
    assert main(["log", "key", AUDITOR, "--out", str(tmp_path / "auditor.key")]) == 0
    (tmp_path / "vkey").write_text(capsys.readouterr().out)
    return tmp_path


def show(files: Files, size: int, entries: list[bytes] = ENTRIES) -> None:
    """Serve the log as it was at this size."""
    files.content = dict(log_files(entries[:size]))


def mirror(files: Files, place: Path, *words: str) -> list[str]:
    """Return the words that mirror the log into a folder."""
    return ["log", "mirror", files.url, str(place / "m"), "--vkey", str(place / "keys"), *words]


def cosign(files: Files, place: Path, *words: str) -> list[str]:
    """Return the words that audit the log and sign it."""
    keys = ["--key", str(place / "auditor.key"), "--vkey", str(place / "keys")]
    return ["log", "cosign", files.url, *keys, *words]


def signed_by_auditor(note: bytes, place: Path) -> int:
    """Return the time of the auditor's line on a checkpoint."""
    verifier = Verifier.parse((place / "vkey").read_text().strip())
    (line,) = open_note(note, [verifier, LOG]).by(verifier)
    assert line.time is not None
    return line.time


def test_one_round_says_what_holds(
    files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """0 with the size, 1 with the file at fault, 2 for keys; the copy stays as it was."""
    assert main(mirror(files, place)) == 0
    assert capsys.readouterr().out == "256 entries hold, 3 files fetched\n"
    assert main(mirror(files, place)) == 0
    assert "nothing new" in capsys.readouterr().out
    show(files, ENDS[1])
    assert main(mirror(files, place)) == 1
    assert "REFUSED 'checkpoint': 40 entries are shown" in capsys.readouterr().err
    assert fault(place / "m/log") is None
    assert main([*mirror(files, place)[:-1], str(place / "nowhere")]) == 2
    assert main(["log", "key", "w.invalid/w1", "--out", str(place / "w.key")]) == 0
    assert main(mirror(files, place, "--key", str(place / "w.key"))) == 2
    assert "ends in /auditor" in capsys.readouterr().err


def await_answer(url: str, size: int) -> bytes:
    """Return the checkpoint that a mirror serves, when it has this size."""
    for _ in range(600):
        try:
            note = ask("GET", url).body
            if note.startswith(f"{ORIGIN}\n{size}\n".encode()):
                return note
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"no checkpoint of {size} entries at {url}")


def await_evidence(place: Path) -> None:
    """Wait until a mirror has kept what it refused."""
    for _ in range(600):
        if list((place / "m/evidence").glob("*")):
            return
        time.sleep(0.1)
    raise AssertionError("the mirror refused nothing")


def test_a_mirror_keeps_up_cosigns_and_serves(files: Files, place: Path) -> None:
    """As a process of its own it follows the log, outlives its failures, and ends when told to."""
    port = free_port()
    words = ["--every", "1", "--serve", str(port), "--key", str(place / "auditor.key")]
    command = [sys.executable, "-W", "error", "-c", WITHOUT_DJANGO]
    served = f"http://127.0.0.1:{port}/{origin_hash(ORIGIN)}"
    with subprocess.Popen(
        [*command, *mirror(files, place, *words)[1:]], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert signed_by_auditor(await_answer(f"{served}/checkpoint", ENDS[2]), place)
            second = [sys.executable, "-c", WITHOUT_DJANGO, *mirror(files, place)[1:]]
            assert subprocess.run(second, stderr=subprocess.DEVNULL).returncode == 2
            show(files, ENDS[3], other_log())
            await_evidence(place)
            show(files, ENDS[4])
            assert signed_by_auditor(await_answer(f"{served}/checkpoint", ENDS[4]), place)
            assert ask("GET", f"{served}/tile/0/000").body == files.content["tile/0/000"]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert process.stderr
        assert "two histories" in process.stderr.read()
    with pytest.raises(OSError, match="refused"):
        ask("GET", f"{served}/checkpoint")
    assert list((place / "m/evidence").iterdir())


def test_an_auditor_signs_after_an_audit(
    files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line is printed, the whole note written where asked, and what was signed remembered."""
    out = place / "out"
    assert main(cosign(files, place, "--out", str(out))) == 0
    note = out.read_bytes()
    assert capsys.readouterr().out == note.decode().splitlines(keepends=True)[-1]
    first = signed_by_auditor(note, place)
    assert (place / "auditor.key.seen").read_bytes() == note
    show(files, ENDS[-1])
    assert main(cosign(files, place, "--out", str(out))) == 0
    assert signed_by_auditor(out.read_bytes(), place) >= first


@pytest.mark.parametrize("wrong", ["shorter", "forked", "damaged"])
def test_an_auditor_signs_nothing_else(
    wrong: str, files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log that is smaller, another, or does not hold gets no line, and is not remembered."""
    assert main(cosign(files, place)) == 0
    seen = (place / "auditor.key.seen").read_bytes()
    show(files, *{"shorter": (5,), "forked": (300, other_log()), "damaged": (300,)}[wrong])
    if wrong == "damaged":
        files.content["tile/entries/001.p/44"] = bytes(44 * 2)
    capsys.readouterr()
    assert main(cosign(files, place)) == 1
    said = capsys.readouterr()
    assert (said.out, said.err[:8]) == ("", "REFUSED ")
    assert (place / "auditor.key.seen").read_bytes() == seen


def test_a_witness_key_signs_no_audit(
    files: Files, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name of the key is the statement: without /auditor nothing is fetched or signed."""
    assert main(["log", "key", "w.invalid/w1", "--out", str(place / "w.key")]) == 0
    words = cosign(files, place)
    words[words.index(str(place / "auditor.key"))] = str(place / "w.key")
    files.asked.clear()
    capsys.readouterr()
    assert main(words) == 2
    assert "ends in /auditor" in capsys.readouterr().err
    assert files.asked == []


def test_a_policy_that_asks_for_the_auditor_does_not_stop_it(files: Files, place: Path) -> None:
    """Whoever is the missing signature cannot wait for it; others can."""
    vkey = (place / "vkey").read_text()
    policy = f"log {LOG.vkey}\nwitness critic {vkey}quorum critic\n"
    (place / "keys").write_text(policy)
    audit = ["log", "audit", files.url, "--vkey", str(place / "keys")]
    assert main(audit) == 1
    assert main(cosign(files, place, "--out", str(place / "out"))) == 0
    assert main(mirror(files, place, "--key", str(place / "auditor.key"))) == 0
    files.content["checkpoint"] = (place / "out").read_bytes()
    assert main(audit) == 0


def test_the_parts_for_strangers_are_offered(capsys: pytest.CaptureFixture[str]) -> None:
    """Each part of `tuidang log` that needs no installation stands in its help."""
    with pytest.raises(SystemExit):
        main(["log", "--help"])
    offered = capsys.readouterr().out
    for part in ("audit", "witness", "mirror", "cosign", "key"):
        assert f"\n    {part} " in offered
