# SPDX-License-Identifier: AGPL-3.0-or-later
"""A mirror's copy holds, or does not change; what contradicts itself is named and kept."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verify.auditors import fault
from tests.verify.mirror.serving import Files, serving
from tests.verify.sample_logs import (
    CLOCK,
    TIME,
    TRUST,
    checkpoint_of,
    ends_of,
    log_files,
    sample_log,
    signed,
    write_files,
)
from tests.verify.test_seen import other_log
from tuidang.pure.merkle.checkpoints import cosign
from tuidang.pure.merkle.notes import open_note, split_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.verify.auditor import WrongKey
from tuidang.verify.errors import AuditFailed
from tuidang.verify.mirror.copy import Copy
from tuidang.verify.mirror.mirror import Mirror, Round
from tuidang.verify.seen import Contradiction, Forked, Shorter
from tuidang.verify.trust import parse_trust

ENTRIES = sample_log()
ENDS = ends_of(ENTRIES)
KEYS = parse_trust(TRUST)
AUDITOR = Signer("critic.invalid/auditor", b"\x21" * 32)
NOW = 1_800_000_000


@pytest.fixture
def files() -> Iterator[Files]:
    """A log behind HTTP, which tests fill and spoil."""
    with serving() as served:
        yield served


def show(files: Files, size: int, entries: list[bytes] = ENTRIES) -> None:
    """Serve the log as it was at this size: only what its checkpoint implies."""
    files.content = dict(log_files(entries[:size]))


def mirror_of(files: Files, folder: Path, signer: Signer | None = None) -> Mirror:
    """Return a mirror, as if its process had just started."""
    return Mirror(files.url, folder / "mirror", KEYS, clock=lambda: NOW, signer=signer)


def copied(folder: Path) -> Path:
    """Return the public copy."""
    return folder / "mirror/log"


def refused(mirror: Mirror, kind: type[AuditFailed] = AuditFailed) -> AuditFailed:
    """Return why a round fails."""
    with pytest.raises(kind) as failure:
        mirror.round()
    return failure.value


def evidence(folder: Path) -> list[dict[str, bytes]]:
    """Return the notes that were kept of each contradiction."""
    found = (folder / "mirror/evidence").glob("*")
    return [{each.name: each.read_bytes() for each in place.glob("*.note")} for place in found]


@pytest.mark.parametrize("restarting", [True, False])
def test_a_copy_passes_a_strict_audit_at_each_size(
    *, restarting: bool, files: Files, tmp_path: Path
) -> None:
    """Batch after batch the copy is what the log is, to the file."""
    mirror = mirror_of(files, tmp_path)
    for size in ENDS:
        show(files, size)
        mirror = mirror_of(files, tmp_path) if restarting else mirror
        assert mirror.round().size == size
        assert fault(copied(tmp_path)) is None
        assert (copied(tmp_path) / "checkpoint").read_bytes() == checkpoint_of(ENTRIES[:size])
        assert mirror.round() == Round(size, 0, is_new=False)


@pytest.mark.parametrize("first", ENDS[:-1])
def test_a_mirror_that_slept_has_all_files_of_the_sizes_between(
    first: int, files: Files, tmp_path: Path
) -> None:
    """Unfinished files that it never saw are made of what it has; the strict audit passes."""
    show(files, first)
    mirror_of(files, tmp_path).round()
    show(files, ENDS[-1])
    files.content = {k: v for k, v in files.content.items() if ".p/" not in k or implied(k)}
    mirror_of(files, tmp_path).round()
    assert fault(copied(tmp_path)) is None
    last = {path for path in log_files(ENTRIES) if path.startswith(("tile/0/002", "tile/1"))}
    assert all((copied(tmp_path) / path).exists() for path in last)


def implied(path: str) -> bool:
    """Say whether the last checkpoint implies this unfinished file."""
    return path in ("tile/1/000.p/2", "tile/0/002.p/13", "tile/entries/002.p/13")


def test_only_what_is_missing_is_fetched(files: Files, tmp_path: Path) -> None:
    """Full tiles and bundles are fetched once, files of earlier sizes never."""
    show(files, ENDS[3])
    mirror_of(files, tmp_path).round()
    assert not [path for path in files.asked if ".p/40" in path]
    show(files, ENDS[-1])
    files.asked.clear()
    done = mirror_of(files, tmp_path).round()
    assert "tile/0/000" not in files.asked[2:]  # two for the proof that the log has only grown
    assert "tile/entries/000" not in files.asked
    assert done.fetched == 5


def test_an_interrupted_round_goes_on_where_it_was(files: Files, tmp_path: Path) -> None:
    """What was fetched before the log became unreachable is not fetched again."""
    show(files, ENDS[-1])
    whole = dict(files.content)
    del files.content["tile/1/000.p/2"]
    assert refused(mirror_of(files, tmp_path)).file == "tile/1/000.p/2"
    assert not (copied(tmp_path) / "checkpoint").exists()
    files.content = whole
    files.asked.clear()
    assert mirror_of(files, tmp_path).round().fetched <= 3
    assert "tile/entries/000" not in files.asked
    assert fault(copied(tmp_path)) is None


def test_a_crash_between_release_and_checkpoint_heals(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New files beside the old checkpoint are completed by the next round."""
    show(files, ENDS[3])
    mirror = mirror_of(files, tmp_path)
    mirror.round()
    show(files, ENDS[-1])
    with monkeypatch.context() as patch:
        patch.setattr("tuidang.verify.mirror.copy.Copy.publish", crash)
        with pytest.raises(SystemExit):
            mirror.round()
    assert mirror_of(files, tmp_path).round() == Round(ENDS[-1], 0, is_new=True)
    assert fault(copied(tmp_path)) is None


def crash(*_: object) -> None:
    """End the process."""
    raise SystemExit


def test_a_lost_work_folder_is_made_again(files: Files, tmp_path: Path) -> None:
    """The copy itself is enough to go on."""
    show(files, ENDS[3])
    mirror_of(files, tmp_path).round()
    shutil.rmtree(tmp_path / "mirror/work")
    show(files, ENDS[-1])
    assert mirror_of(files, tmp_path).round().fetched == 5
    assert fault(copied(tmp_path)) is None


def test_an_old_copy_is_refused(files: Files, tmp_path: Path) -> None:
    """A log, or a mirror of it, that shows fewer entries than it did is named; the copy stays."""
    show(files, ENDS[-1])
    mirror_of(files, tmp_path).round()
    show(files, ENDS[2])
    failure = refused(mirror_of(files, tmp_path), Shorter)
    assert (failure.file, str(ENDS[2]) in failure.words) == ("checkpoint", True)
    assert fault(copied(tmp_path)) is None
    assert evidence(tmp_path) == [
        {"seen.note": checkpoint_of(ENTRIES), "shown.note": checkpoint_of(ENTRIES[: ENDS[2]])}
    ]


@pytest.mark.parametrize("size", ENDS[1:])
def test_a_second_history_is_refused_and_kept(size: int, files: Files, tmp_path: Path) -> None:
    """A log that shows another tree, larger, smaller or as large, has signed the proof itself."""
    show(files, ENDS[-2])
    mirror_of(files, tmp_path).round()
    show(files, size, other_log())
    refused(mirror_of(files, tmp_path), Forked)
    assert fault(copied(tmp_path)) is None
    (kept,) = evidence(tmp_path)
    notes = {checkpoint_of(ENTRIES[: ENDS[-2]]), checkpoint_of(other_log()[:size])}
    assert set(kept.values()) == notes


def test_two_clients_compare_what_they_saw(files: Files, tmp_path: Path) -> None:
    """Two mirrors that were shown two trees hold the proof as soon as they meet."""
    for name, entries in (("ours", ENTRIES), ("theirs", ENTRIES[: ENDS[1]])):
        show(files, len(entries), entries)
        mirror_of(files, tmp_path / name).round()
    seen = tmp_path / "theirs/mirror/state/seen"
    seen.write_bytes(checkpoint_of(other_log()[: ENDS[2]]))
    show(files, ENDS[-1])
    refused(mirror_of(files, tmp_path / "theirs"), Forked)


MIXED = {
    "shortened tile": ("tile/0/001", lambda data: data[:-32]),
    "cut tile": ("tile/0/001", lambda data: data[:-1]),
    "longer tile": ("tile/0/001", lambda data: data + bytes(32)),
    "shortened bundle": ("tile/entries/001", lambda data: data[:-1]),
    "longer bundle": ("tile/entries/001", lambda data: data + b"\x00\x00"),
    "other bundle": ("tile/entries/000", lambda _: log_files(other_log())["tile/entries/000"]),
    "other tile": ("tile/0/000", lambda _: log_files(other_log())["tile/0/000"]),
    "other upper tile": ("tile/1/000.p/2", lambda data: bytes(32) + data[32:]),
    "old upper tile": ("tile/1/000.p/2", lambda data: data[:32]),
    "empty bundle": ("tile/entries/002.p/13", lambda _: b""),
}


@pytest.mark.parametrize("what", MIXED)
def test_mixed_files_are_named_and_fetched_again(what: str, files: Files, tmp_path: Path) -> None:
    """Files that are not those of the checkpoint never reach the copy; better ones then do."""
    path, spoil = MIXED[what]
    show(files, ENDS[1])
    mirror_of(files, tmp_path).round()
    show(files, ENDS[-1])
    good = files.content[path]
    files.content[path] = spoil(good)
    mirror = mirror_of(files, tmp_path)
    assert refused(mirror).file in (path, "checkpoint")
    assert (copied(tmp_path) / "checkpoint").read_bytes() == checkpoint_of(ENTRIES[: ENDS[1]])
    assert fault(copied(tmp_path)) is None
    assert not (tmp_path / "mirror/evidence").exists()
    files.content[path] = good
    assert mirror.round().is_new
    assert fault(copied(tmp_path)) is None


def test_a_first_round_names_the_mixed_file(files: Files, tmp_path: Path) -> None:
    """Without a past to compare with, the audit still finds the file at fault."""
    for what, (path, spoil) in MIXED.items():
        show(files, ENDS[-1])
        files.content[path] = spoil(files.content[path])
        assert refused(mirror_of(files, tmp_path / what)).file == path


def test_a_log_that_breaks_its_rules_is_not_copied(files: Files, tmp_path: Path) -> None:
    """Signed and consistent is not enough: the seals must hold."""
    show(files, ENDS[1])
    mirror_of(files, tmp_path).round()
    wrong = [*ENTRIES[: ENDS[1]], *(b"\x01\x01\x00\x00" + bytes(32) for _ in range(2))]
    show(files, len(wrong), wrong)
    refused(mirror_of(files, tmp_path))
    assert fault(copied(tmp_path)) is None
    show(files, ENDS[2])  # and now it takes back what it has signed
    refused(mirror_of(files, tmp_path), Contradiction)


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_a_damaged_copy_is_repaired(path: str, files: Files, tmp_path: Path) -> None:
    """A byte that has changed on the mirror's disk is found, and the file had or made again."""
    show(files, ENDS[3])
    mirror_of(files, tmp_path).round()
    show(files, ENDS[-2])
    mirror_of(files, tmp_path).round()
    tile = copied(tmp_path) / path
    tile.chmod(0o644)
    tile.write_bytes(tile.read_bytes()[:-1] + b"\xff")
    show(files, ENDS[-1])
    mirror = mirror_of(files, tmp_path)
    assert refused(mirror).file in (path, "tile/1/000.p/2")
    mirror.round()
    assert fault(copied(tmp_path)) is None


def test_further_signatures_are_taken_and_none_lost(files: Files, tmp_path: Path) -> None:
    """Lines on the same checkpoint come and go as the log has them, but no known one goes."""
    show(files, ENDS[0])
    bare = files.content["checkpoint"]
    text = split_note(bare)[0]
    more = signed(text, cosign(text, CLOCK, TIME), cosign(text, AUDITOR, NOW))
    knowing = parse_trust(TRUST + f"{AUDITOR.cosignature_vkey}\n".encode())
    for name, trust, last in (("strangers", KEYS, bare), ("knowing", knowing, more)):
        mirror = Mirror(files.url, tmp_path / name, trust, clock=lambda: NOW)
        for note, expected in ((bare, bare), (more, more), (bare, last)):
            files.content["checkpoint"] = note
            mirror.round()
            assert (tmp_path / name / "log/checkpoint").read_bytes() == expected


def test_an_auditor_signs_what_it_has_recomputed(files: Files, tmp_path: Path) -> None:
    """The cosignature comes after the audit, at each new size, and its time never goes back."""
    own = tmp_path / "mirror/state/cosigned"
    show(files, ENDS[0])
    mirror_of(files, tmp_path).round()
    assert not own.exists()
    verifier = AUDITOR.cosignature_verifier
    times = []
    for size, now in ((ENDS[0], NOW), (ENDS[0], NOW + 9), (ENDS[1], NOW - 5), (ENDS[2], NOW + 7)):
        show(files, size)
        Mirror(
            files.url, tmp_path / "mirror", KEYS, clock=lambda now=now: now, signer=AUDITOR
        ).round()
        note = open_note(own.read_bytes(), [verifier, KEYS.log])
        assert note.text == split_note(checkpoint_of(ENTRIES[:size]))[0]
        times.append(note.by(verifier)[0].time)
        assert note.by(KEYS.log)
    assert times == [NOW, NOW, NOW, NOW + 7]


def test_an_auditor_signs_nothing_that_fails(files: Files, tmp_path: Path) -> None:
    """A log with a false seal gets no line."""
    wrong = [*ENTRIES[: ENDS[1]], b"\x01\x01\x00\x00" + bytes(32)]
    show(files, len(wrong), wrong)
    refused(mirror_of(files, tmp_path, AUDITOR))
    assert not (tmp_path / "mirror/state/cosigned").exists()


def test_a_mirror_refuses_the_key_of_a_witness(files: Files, tmp_path: Path) -> None:
    """Only a name that ends in /auditor makes the auditor's statement."""
    with pytest.raises(WrongKey):
        mirror_of(files, tmp_path, Signer("critic.invalid/w1", bytes(32)))


def test_a_folder_can_be_mirrored(tmp_path: Path) -> None:
    """A log on a disk is copied like one behind a URL."""
    log = write_files(tmp_path / "disk", log_files(ENTRIES))
    Mirror(str(log), tmp_path / "mirror", KEYS, clock=lambda: NOW).round()
    assert fault(copied(tmp_path)) is None


def test_a_round_may_end_at_any_file(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever a process dies, the copy is the old or the new one, and the next round ends well."""
    replace, ended = Path.replace, False
    for nth in range(100):
        folder = tmp_path / str(nth)
        show(files, ENDS[0])
        mirror_of(files, folder).round()
        show(files, ENDS[3])
        left = iter(range(nth))

        def dying(self: Path, target: Path, left: Iterator[int] = left) -> Path:
            if next(left, None) is None:
                raise SystemExit
            return replace(self, target)

        with monkeypatch.context() as patch:
            patch.setattr(Path, "replace", dying)
            try:
                mirror_of(files, folder).round()
                ended = True
            except SystemExit:
                shown = (copied(folder) / "checkpoint").read_bytes()
                assert shown in (checkpoint_of(ENTRIES[:n]) for n in (ENDS[0], ENDS[3]))
        assert mirror_of(files, folder).round().size == ENDS[3]
        assert fault(copied(folder)) is None
        shutil.rmtree(folder)
        if ended:
            break
    assert ended
    assert nth > 10


def test_files_are_on_the_disk_before_their_checkpoint(
    files: Files, tmp_path: Path, syncs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was fetched is synced before it is linked, and its links before the checkpoint."""
    link, publish = os.link, Copy.publish
    monkeypatch.setattr(os, "link", lambda *to: (syncs.append("link"), link(*to)))
    monkeypatch.setattr(
        Copy, "publish", lambda copy, note: (syncs.append("publish"), publish(copy, note))
    )
    show(files, ENDS[0])
    mirror_of(files, tmp_path).round()
    assert syncs == ["everything", "link", "link", "everything", "publish"]
