# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a witness remembers: durable before it answers, never back, and right under races."""

import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.verify.witness.running import NAME, SEED, honest
from tests.verify.witness.samples import LOG, ORIGIN, Said, checkpoint, post, submission
from tuidang.pure.merkle.notes import open_note
from tuidang.pure.merkle.signatures import Signer, Verifier
from tuidang.verify.auditor import WrongKey
from tuidang.verify.witness.memory import FILE, Memory, MemoryRefused, Remembered
from tuidang.verify.witness.witness import Witness

SIGNER = Signer(NAME, SEED)
# A process with a door of its own, on the same memory: prints its address, ends with its input.
BESIDE = (
    "import sys; from pathlib import Path\n"
    "from tests.verify.witness.running import honest\n"
    "with honest(sys.argv[1], folder=Path(sys.argv[2])) as w: print(w.url, flush=True); input()"
)


class Clock:
    """A clock that says what the test says."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the time in POSIX seconds."""
        return self.now


def witness_at(folder: Path, clock: Clock) -> Witness:
    """Return a witness of the sample log with this memory and clock."""
    return Witness(SIGNER, [LOG.verifier], Memory(folder, SIGNER.vkey), clock)


def time_of(body: bytes, note: bytes) -> int | None:
    """Return the time under a cosignature."""
    verifier = Verifier.parse(SIGNER.cosignature_vkey)
    return open_note(note + body, [verifier]).by(verifier)[0].time


@contextmanager
def beside(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run a process with a door of its own; yields its address and the process."""
    words = [sys.executable, "-c", BESIDE, LOG.vkey, str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process
        finally:
            process.kill()


@pytest.fixture
def two_doors(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of two processes that are one witness."""
    with honest(LOG.vkey, folder=tmp_path) as here, beside(tmp_path) as (there, process):
        yield here.url, there
        process.communicate("\n")
        assert process.returncode == 0


def rush(doors: tuple[str, str], bodies: list[bytes]) -> int:
    """Send each of two bodies twenty times at once, and return which was cosigned: only one."""
    with ThreadPoolExecutor(16) as pool:
        sent = [pool.submit(post, doors[n // 2 % 2], bodies[n % 2]) for n in range(40)]
        said = [each.result() for each in sent]
    won = [n % 2 for n, each in enumerate(said) if each.status == 200]
    assert len(won) == 1
    assert {each.status for each in said if each.status != 200} == {409}
    return won[0]


def test_of_requests_at_once_one_is_cosigned(two_doors: tuple[str, str]) -> None:
    """Two processes, forty requests from the same size: one history and one next size."""
    words = ("leaf", "other")
    word = words[rush(two_doors, [submission(0, 5, each) for each in words])]
    size = (7, 9)[rush(two_doors, [submission(5, to, word) for to in (7, 9)])]
    assert {post(url, submission(0, 5)).body for url in two_doors} == {b"%d\n" % size}


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    """After SIGKILL in the middle of its work a witness knows every size that it has cosigned."""
    answered = size = 0
    for turn in range(4):
        with beside(tmp_path) as (url, process):
            known = int(post(url, submission(size + 1, size + 1)).body)
            assert answered <= known <= size
            answered = size = known
            threading.Timer(0.15 + 0.03 * turn, process.kill).start()
            with suppress(OSError, HTTPException):
                while True:
                    size = answered + 1
                    assert post(url, submission(answered, size)).status == 200
                    answered = size
            assert process.wait(20) == -signal.SIGKILL
    assert answered > 0


def test_nothing_is_forgotten_by_a_restart(tmp_path: Path) -> None:
    """A witness that was ended goes on from what it last cosigned."""
    with honest(LOG.vkey, folder=tmp_path) as witness:
        assert post(witness.url, submission(0, 300)).status == 200
    with honest(LOG.vkey, folder=tmp_path) as witness:
        assert post(witness.url, submission(0, 5)) == Said(409, "text/x.tlog.size", b"300\n")
        assert post(witness.url, submission(300, 1000)).status == 200


def test_the_head_is_kept_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the memory cannot be written, no cosignature leaves, and the old head stays."""
    witness = witness_at(tmp_path, Clock(1_000_000))
    assert witness.add_checkpoint(submission(0, 5)).status == 200
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE UPDATE ON heads BEGIN SELECT RAISE(ABORT, 'full'); END"
        )
    connection.close()
    refused = witness.add_checkpoint(submission(5, 300))
    assert refused.status == 503
    assert "—".encode() not in refused.body
    assert witness.add_checkpoint(submission(0, 5)).body == b"5\n"


def test_a_damaged_memory_cosigns_nothing(tmp_path: Path) -> None:
    """A memory that cannot be read is neither believed nor begun anew."""
    witness = witness_at(tmp_path, Clock(1_000_000))
    assert witness.add_checkpoint(submission(0, 5)).status == 200
    (tmp_path / FILE).write_bytes(b"not a database" * 100)
    assert witness.add_checkpoint(submission(5, 300)).status == 503
    with pytest.raises(MemoryRefused):
        Memory(tmp_path, SIGNER.vkey)


def test_the_table_itself_never_goes_back(tmp_path: Path) -> None:
    """Smaller sizes, other roots, earlier times and deletions are refused by the database."""
    memory = Memory(tmp_path, SIGNER.vkey)
    with memory.turn() as turn:
        turn.put(ORIGIN, Remembered(5, bytes(32), 1000, b"note"))
    for back in (
        Remembered(4, bytes(32), 1000, b""),
        Remembered(5, b"\x01" * 32, 1000, b""),
        Remembered(6, bytes(32), 999, b""),
    ):
        with pytest.raises(sqlite3.IntegrityError), memory.turn() as turn:
            turn.put(ORIGIN, back)
    with sqlite3.connect(tmp_path / FILE) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM heads")
    connection.close()
    with memory.turn() as turn:
        assert turn.head(ORIGIN) == Remembered(5, bytes(32), 1000, b"note")


def test_time_never_goes_back(tmp_path: Path) -> None:
    """A clock that steps back a little repeats the last time; one far behind cosigns nothing."""
    clock = Clock(1_000_000)
    witness = witness_at(tmp_path, clock)
    assert time_of(witness.add_checkpoint(submission(0, 5)).body, checkpoint(5)) == 1_000_000
    clock.now = 999_000.5
    assert time_of(witness.add_checkpoint(submission(5, 7)).body, checkpoint(7)) == 1_000_000
    clock.now = 900_000
    assert witness.add_checkpoint(submission(7, 9)).status == 503
    clock.now = 1_000_007.9
    assert time_of(witness.add_checkpoint(submission(7, 9)).body, checkpoint(9)) == 1_000_007


def test_a_memory_belongs_to_one_key(tmp_path: Path) -> None:
    """Another key cannot go on with it: what was cosigned was cosigned by the first."""
    Memory(tmp_path, SIGNER.vkey)
    with pytest.raises(MemoryRefused, match="another key"):
        Memory(tmp_path, Signer(NAME, b"\x01" * 32).vkey)


def test_a_witness_refuses_the_key_of_an_auditor(tmp_path: Path) -> None:
    """An auditor's name says more than a witness can know."""
    auditor = Signer("witness.invalid/auditor", SEED)
    with pytest.raises(WrongKey):
        Witness(auditor, [LOG.verifier], Memory(tmp_path, auditor.vkey), Clock(1))
