# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may come once is found to come twice though nothing of it is held in memory."""

from array import array
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.ledger.samples import counted, link
from tests.verify.auditors import by_package, by_single_file, fault
from tests.verify.sample_logs import (
    Written,
    bundle_at,
    log_files,
    write_files,
)
from tuidang.pure.ledger.entries import Counted
from tuidang.verify import audit_log, repeats, scratch
from tuidang.verify.errors import AuditFailed, ScratchError
from tuidang.verify.repeats import Repeats, Search
from tuidang.verify.scratch import Scratch

SINGLE = audit_log.AuditFailed


@pytest.fixture(params=["in memory", "on the disk"])
def small_memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is held back in memory, in one of two runs."""
    if request.param == "on the disk":
        monkeypatch.setattr(repeats, "RUN", 64)
        monkeypatch.setattr(scratch, "IN_MEMORY", 64)
        monkeypatch.setattr(audit_log, "RUN", 64)


def words_of(log: Path) -> tuple[str, str]:
    """Return how both auditors begin to say what is wrong."""
    with pytest.raises(AuditFailed) as package:
        by_package(log)
    with pytest.raises(SINGLE) as single:
        by_single_file(log)
    return package.value.words.split(":")[0], str(single.value.args[1]).split(":")[0]


@pytest.mark.usefixtures("small_memory")
def test_the_first_of_many_repeats_is_named(tmp_path: Path) -> None:
    """Of several repeats, the one that a reader meets first is named, with its entry."""
    log = Written().fill(300)
    persons = [each for each in log.entries if isinstance(each, Counted)]
    log.fill(700, persons[9]).fill(800, persons[3], persons[200])
    entries = log.encoded()
    first = entries.index(persons[9].encode(), 300)
    write_files(tmp_path, log_files(entries))
    assert fault(tmp_path) == bundle_at(first, 800)
    assert words_of(tmp_path) == (f"entry {first}", f"entry {first}")


@pytest.mark.usefixtures("small_memory")
@pytest.mark.parametrize("fault_at", [290, 310, 520, 700])
def test_the_earlier_of_two_faults_is_named(fault_at: int, tmp_path: Path) -> None:
    """Whether an entry repeats another or breaks a rule, the first bad one is named."""
    log = Written().fill(300)
    person = next(each for each in log.entries if isinstance(each, Counted))
    entries = log.fill(600, person).fill(800).encoded()
    first = min(entries.index(person.encode(), 300), fault_at)
    entries[fault_at] = b"\x01\x09" + entries[fault_at][2:]
    write_files(tmp_path, log_files(entries))
    assert fault(tmp_path) == bundle_at(first, 800)
    assert words_of(tmp_path) == (f"entry {first}", f"entry {first}")


@pytest.mark.usefixtures("small_memory")
def test_a_whole_log_holds_and_reads_alike(whole_log: Path) -> None:
    """Where the temporary files begin makes no difference."""
    assert by_package(whole_log) == by_single_file(whole_log)


@given(st.lists(st.integers(0, 40), max_size=60), st.sampled_from([8, 64, 1 << 22]))
def test_every_repeat_is_a_suspect(numbers: list[int], run: int) -> None:
    """Whatever is claimed twice is suspected, and of honest values nothing else."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repeats, "RUN", run)
        found = Repeats(None)
        values = [sha256(bytes([each])).digest() for each in numbers]
        for value in values:
            found.claim(b"c", value)
        suspects = set().union(*found.suspects())
        found.close()
        secret = found.secret
    twice = {values[at] for at, each in enumerate(numbers) if each in numbers[:at]}
    assert suspects == {repeats.fingerprint(b"c", value, secret) for value in twice}


def test_equal_fingerprints_are_no_repeat() -> None:
    """Two commitments with one fingerprint are told apart, and both must have been met."""
    one, other = (counted(each).encode() for each in "xy")
    no_secret = array("Q", bytes(144))  # everything has the same fingerprint
    search = Search(frozenset([bytes(8)]), no_secret)
    assert search.repeats(one) is None
    assert not search.complete
    assert search.repeats(other) is None
    assert search.complete
    assert search.repeats(one) == "commitment"


def test_a_nullifier_is_no_commitment() -> None:
    """The same 32 bytes may be both, once each."""
    entry = link("x").encode()
    swapped = entry[:4] + entry[36:] + entry[4:36]
    search = Search(frozenset([bytes(8)]), array("Q", bytes(144)))
    assert [search.repeats(each) for each in (entry, swapped)] == [None, None]
    assert search.repeats(entry) == "commitment"


class Turncoat:
    """A folder that shows something else when it is asked again."""

    strict = False

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked: list[str] = []

    def read(self, path: str) -> bytes:
        """Return a file; the second time one with other entries."""
        data = self.files[path]
        self.asked.append(path)
        again = self.asked.count(path) > 1
        return data[:30] + bytes([data[30] ^ 1]) * 2 + data[32:] if again else data


def test_who_shows_other_entries_when_asked_again_is_refused() -> None:
    """A repeat cannot be hidden from the second look: the log has changed, and that is said."""
    log = Written().seal(counted("1")).seal(counted("1"))
    turncoat = Turncoat(log_files(log.encoded()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit_log, "read", lambda _, path: turncoat.read(path))
        with pytest.raises(SINGLE) as refused:
            by_single_file("anywhere")
    assert refused.value.args == ("tile/entries", "has changed while it was read")


def test_no_room_for_temporary_files_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without room nothing is said about the log, but where the room was looked for."""
    monkeypatch.setattr(scratch, "IN_MEMORY", 64)
    full = Scratch(tmp_path / "nowhere")
    with pytest.raises(ScratchError, match="nowhere: no temporary file here: No such file"):
        full.append(bytes(100))
    with Scratch(Path("/dev/null")) as other, pytest.raises(ScratchError):
        other.append(bytes(100))


@given(st.lists(st.binary(max_size=90), max_size=12), st.data())
def test_scratch_gives_back_what_it_was_given(pieces: list[bytes], data: st.DataObject) -> None:
    """Bytes are read as they were appended and overwritten, from memory or from the file."""
    with pytest.MonkeyPatch.context() as patch, Scratch() as held:
        patch.setattr(scratch, "IN_MEMORY", 64)
        expected = bytearray()
        for piece in pieces:
            held.append(piece)
            expected += piece
        for at in data.draw(st.lists(st.integers(0, max(len(expected) - 1, 0)), max_size=4)):
            if expected:
                held.overwrite(at, 7)
                expected[at] = 7
        start, length = data.draw(st.tuples(st.integers(0, 900), st.integers(0, 900)))
        assert held.read(start, length) == expected[start : start + length]
        assert len(held) == len(expected)
