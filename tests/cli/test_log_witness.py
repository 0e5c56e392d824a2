# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang log key` and `tuidang log witness`, as a stranger starts them: without Django."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.verify.witness.samples import LOG, ORIGIN, ask, checkpoint, post, submission
from tuidang.cli.log import serving, witness
from tuidang.cli.log.key import KeyRefused, read_key
from tuidang.cli.main import main
from tuidang.pure.merkle.notes import open_note
from tuidang.pure.merkle.signatures import Verifier
from tuidang.pure.merkle.submissions import MAX_SUBMISSION
from tuidang.verify.witness.witness import origin_hash

NAME = "witness.invalid/w1"
WITHOUT_DJANGO = (
    "import sys; sys.modules['django'] = None\n"
    "from tuidang.cli.main import main; sys.exit(main(['log', *sys.argv[1:]]))"
)
SLOW = b"POST /add-checkpoint HTTP/1.1\r\nHost: sample\r\nContent-Length: 1000\r\n\r\nold "


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a witness's key, and the key of the sample log."""
    assert main(["log", "key", NAME, "--out", str(tmp_path / "witness.key")]) == 0
    (tmp_path / "vkey").write_text(capsys.readouterr().out)
    (tmp_path / "log.vkey").write_text(f"{LOG.vkey}\n")
    return tmp_path


def words_of(place: Path, port: int) -> list[str]:
    """Return the words that start the witness of a folder."""
    keys = ["--key", str(place / "witness.key"), "--log", str(place / "log.vkey")]
    return ["log", "witness", *keys, "--data", str(place / "memory"), "--port", str(port)]


@contextmanager
def started(place: Path, port: int) -> Iterator[str]:
    """Run the witness as a process of its own until the block ends; yields its address."""
    command = [sys.executable, "-W", "error", "-c", WITHOUT_DJANGO, *words_of(place, port)[1:]]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            for _ in range(1200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        assert process.stdout
        assert (place / "vkey").read_text() in process.stdout.read()


def test_a_witness_serves_many_and_waits_for_nobody(place: Path) -> None:
    """It cosigns while fifty slow callers hang on, refuses too much, and ends when told to."""
    verifier = Verifier.parse((place / "vkey").read_text().strip())
    port = free_port()
    with started(place, port) as url:
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
        for each in slow:
            each.sendall(SLOW)
        said = post(url, submission(0, 300))
        assert said.status == 200
        assert open_note(checkpoint(300) + said.body, [verifier]).by(verifier)
        assert post(url, bytes(MAX_SUBMISSION + 1)).status == 413
        latest = ask("GET", f"{url}/{origin_hash(ORIGIN)}/checkpoint")
        assert latest.body == checkpoint(300) + said.body
        assert post(url, submission(0, 5)).body == b"300\n"
        for each in slow:
            each.close()


def test_a_new_key_is_for_its_owner_alone(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The secret lies in a file of mode 600; printed is the vkey of its cosignatures."""
    path = place / "witness.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    signer = read_key(path)
    assert signer.name == NAME
    assert (place / "vkey").read_text() == f"{signer.cosignature_vkey}\n"
    assert main(["log", "key", NAME, "--out", str(path)]) == 1
    assert "File exists" in capsys.readouterr().err
    assert read_key(path) == signer
    assert main(["log", "key", "two words", "--out", str(place / "new")]) == 2
    assert not (place / "new").exists()


def test_keys_that_others_can_read_are_refused(place: Path) -> None:
    """A key with loose rights, and a file that is no key, are not used."""
    (place / "witness.key").chmod(0o644)
    with pytest.raises(KeyRefused, match="chmod 600"):
        read_key(place / "witness.key")
    other = place / "other"
    os.close(os.open(other, os.O_CREAT, 0o600))
    with pytest.raises(KeyRefused, match="not a key"):
        read_key(other)
    with pytest.raises(KeyRefused):
        read_key(place / "nowhere")


def refusal(place: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Start the witness in this process, where it must refuse, and return its words."""
    assert main(words_of(place, 1)) == witness.WRONG_WORDS
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the server."""
    monkeypatch.setattr(witness, "has_server", lambda: False)


@pytest.mark.usefixtures("no_server")
def test_a_lost_memory_is_noticed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A key that has begun to sign does not begin again with an empty memory."""
    assert main(words_of(place, 1)) == serving.WITHOUT_SERVER
    assert "tuidang[witness]" in capsys.readouterr().err
    assert main(words_of(place, 1)) == serving.WITHOUT_SERVER
    capsys.readouterr()
    (place / "memory").rename(place / "lost")
    assert "never one from a backup" in refusal(place, capsys)
    (place / "lost").rename(place / "memory")
    assert main(words_of(place, 1)) == serving.WITHOUT_SERVER


def test_wrong_keys_are_told_at_the_start(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An auditor's key, a log without a key, and a file that is missing are told in words."""
    (place / "log.vkey").write_text("nonsense\n")
    assert "no keys to trust" in refusal(place, capsys)
    (place / "log.vkey").unlink()
    assert "No such file" in refusal(place, capsys)
    (place / "log.vkey").write_text(f"{LOG.vkey}\n")
    (place / "witness.key").unlink()
    assert main(["log", "key", "w.invalid/auditor", "--out", str(place / "witness.key")]) == 0
    capsys.readouterr()
    assert "says that a log was audited" in refusal(place, capsys)
