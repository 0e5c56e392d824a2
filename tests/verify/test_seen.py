# SPDX-License-Identifier: AGPL-3.0-or-later
"""A log that was seen once cannot show less, or something else, to whoever remembers it."""

from pathlib import Path

import pytest

from tests.verify.sample_logs import (
    LOG,
    STRANGER,
    TRUST,
    checkpoint_of,
    ends_of,
    log_files,
    sample_log,
    signed,
    write_files,
)
from tuidang.cli.main import main
from tuidang.pure.ledger.entries import Counted
from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.tiles import parse_path
from tuidang.verify.errors import AuditFailed, TrustError
from tuidang.verify.seen import Forked, SeenFile, Shorter, audit_remembering, signed_head
from tuidang.verify.trust import parse_trust

ENTRIES = sample_log()
ENDS = ends_of(ENTRIES)
KEYS = parse_trust(TRUST)


def other_log() -> list[bytes]:
    """Return a log of the same sizes in which one person of the second batch is another."""
    at = next(n for n, each in enumerate(ENTRIES) if each[0] == 1 and n >= ENDS[0])
    return [*ENTRIES[:at], Counted(1, 0, bytes(32)).encode(), *ENTRIES[at + 1 :]]


def log_at(folder: Path, size: int, entries: list[bytes] = ENTRIES) -> Path:
    """Write the log as it was at this size."""
    return write_files(folder, log_files(entries[:size]))


def remembered(folder: Path, seen: Path) -> int:
    """Audit a log against what was seen, and return how many entries it has."""
    return audit_remembering(str(folder), KEYS, SeenFile(seen))[0].size


def note(size: int, entries: list[bytes] = ENTRIES) -> bytes:
    """Return a checkpoint as another client may have it."""
    return checkpoint_of(entries[:size])


def test_a_log_that_grows_is_remembered(tmp_path: Path) -> None:
    """At each size the log extends what was seen, from nothing on, and the file says so."""
    seen = tmp_path / "seen"
    for size in ENDS:
        folder = log_at(tmp_path / str(size), size)
        assert remembered(folder, seen) == size
        assert remembered(folder, seen) == size
        assert seen.read_bytes() == (folder / "checkpoint").read_bytes()


@pytest.mark.parametrize("old", [0, *ENDS])
def test_any_earlier_checkpoint_is_extended(old: int, tmp_path: Path) -> None:
    """Whatever size somebody saw, the whole log extends it."""
    (tmp_path / "seen").write_bytes(note(old))
    assert remembered(log_at(tmp_path / "log", ENDS[-1]), tmp_path / "seen") == ENDS[-1]


def test_fewer_entries_than_seen_are_refused(tmp_path: Path) -> None:
    """An old copy is refused, and what was seen stays."""
    seen = tmp_path / "seen"
    seen.write_bytes(note(ENDS[3]))
    with pytest.raises(Shorter) as refused:
        remembered(log_at(tmp_path / "log", ENDS[2]), seen)
    assert refused.value.file == "checkpoint"
    assert str(ENDS[2]) in refused.value.words
    assert seen.read_bytes() == note(ENDS[3])


@pytest.mark.parametrize("size", ENDS[1:])
def test_two_trees_for_two_clients_are_a_fork(size: int, tmp_path: Path) -> None:
    """The checkpoint of a client who was shown another tree, of any size, exposes the log."""
    seen = tmp_path / "seen"
    seen.write_bytes(note(size, other_log()))
    with pytest.raises(Forked, match="two histories"):
        remembered(log_at(tmp_path / "log", ENDS[-1]), seen)
    assert seen.read_bytes() == note(size, other_log())


def test_the_evidence_of_a_fork_convinces_a_stranger(tmp_path: Path) -> None:
    """Both signed notes are kept, and the tiles that prove that one is not the other's past."""
    seen = tmp_path / "seen"
    seen.write_bytes(note(ENDS[2], other_log()))
    with pytest.raises(Forked):
        remembered(log_at(tmp_path / "log", ENDS[-1]), seen)
    (place,) = (tmp_path / "seen.evidence").iterdir()
    older = signed_head((place / "seen.note").read_bytes(), KEYS)
    newer = signed_head((place / "shown.note").read_bytes(), KEYS)
    assert (older.size, newer.size) == (ENDS[2], ENDS[-1])
    tiles = [
        each.relative_to(place).as_posix() for each in place.glob("tile/**/*") if each.is_file()
    ]
    assert tiles
    for path in tiles:
        parse_path(path)
        assert (place / path).read_bytes() == log_files(ENTRIES)[path]


def test_mixed_files_are_not_taken_for_a_fork(tmp_path: Path) -> None:
    """Where a mirror puts other tiles beside a true checkpoint, nothing is said of the log."""
    seen = tmp_path / "seen"
    seen.write_bytes(note(ENDS[1]))
    log = log_at(tmp_path / "log", ENDS[-1])
    theirs = log_files(other_log())
    (log / "tile/0/000").write_bytes(theirs["tile/0/000"])
    with pytest.raises(AuditFailed, match="belong to another") as refused:
        remembered(log, seen)
    assert not isinstance(refused.value, Forked)
    (log / "tile/0/000").write_bytes(theirs["tile/0/000"][:-1])
    with pytest.raises(AuditFailed, match="wrong length") as refused:
        remembered(log, seen)
    assert refused.value.file == "tile/0/000"
    assert seen.read_bytes() == note(ENDS[1])


def test_a_log_that_fails_is_not_remembered(tmp_path: Path) -> None:
    """What extends the past, but does not hold, replaces nothing."""
    seen = tmp_path / "seen"
    seen.write_bytes(note(ENDS[1]))
    log = log_at(tmp_path / "log", ENDS[-1])
    (log / "unexpected").write_bytes(b"")
    with pytest.raises(AuditFailed):
        remembered(log, seen)
    assert seen.read_bytes() == note(ENDS[1])


def test_what_was_seen_must_be_signed_by_the_log(tmp_path: Path) -> None:
    """A file that the trusted log did not sign proves nothing, and is not written over."""
    seen = tmp_path / "seen"
    log = log_at(tmp_path / "log", ENDS[0])
    text = Checkpoint("log.invalid/sample", 7, bytes(32)).text
    for data in (b"", b"noise", signed(text, signer=STRANGER), note(ENDS[0])[:-3]):
        seen.write_bytes(data)
        with pytest.raises(TrustError):
            remembered(log, seen)
        assert seen.read_bytes() == data


def test_the_logs_own_line_is_enough_to_be_bound(tmp_path: Path) -> None:
    """A checkpoint that no clock and no witness has signed still binds the log."""
    seen = tmp_path / "seen"
    text = Checkpoint("log.invalid/sample", ENDS[0], bytes(32)).text
    seen.write_bytes(signed(text, signer=LOG))
    with pytest.raises(Forked):
        remembered(log_at(tmp_path / "log", ENDS[0]), seen)


def test_the_command_compares_with_a_friend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--seen` gives 0 and keeps the newest, 1 for a fork or less, 2 for no checkpoint."""
    log, keys, seen = log_at(tmp_path / "log", ENDS[-1]), tmp_path / "keys", tmp_path / "friend"
    keys.write_bytes(TRUST)
    words = ["log", "audit", str(log), "--vkey", str(keys), "--seen", str(seen)]
    assert main(words) == 0
    assert seen.read_bytes() == note(ENDS[-1])
    seen.write_bytes(note(ENDS[1], other_log()))
    assert main(words) == 1
    assert "two histories" in capsys.readouterr().err
    seen.write_bytes(b"noise")
    assert main(words) == 2
