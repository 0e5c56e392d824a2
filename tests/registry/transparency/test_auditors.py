# SPDX-License-Identifier: AGPL-3.0-or-later
"""What others say after publication: auditors' lines fetched, late witnesses asked, all kept."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, publish_on
from tests.verify.witness.running import RunningWitness, honest, serve
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.notes import Signer, assemble_note, split_note
from tuidang.pure.merkle.policies import PolicyError
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.transparency import jobs
from tuidang.registry.transparency.actions import install
from tuidang.registry.transparency.auditors import collect
from tuidang.registry.transparency.errors import QuorumMissed
from tuidang.registry.transparency.models import Batch, Note, Witness
from tuidang.verify.errors import AuditFailed
from tuidang.verify.log_audit import audit, open_trusted
from tuidang.verify.mirror.door import Door
from tuidang.verify.mirror.mirror import Mirror
from tuidang.verify.sources import open_source
from tuidang.verify.trust import check_quorum, parse_trust

pytestmark = pytest.mark.django_db

AUDITOR = Signer("somebody.invalid/auditor", b"\x44" * 32)
WITNESS = ("one.invalid/witness", b"\x11" * 32)
Served = Callable[[], bytes]


class Auditor:
    """Serves a checkpoint as an auditor does; the real one recounts the log before it signs."""

    def __init__(self, log_folder: Path) -> None:
        self.log_folder = log_folder
        self.serving: Served = self.signed
        self.running = serve(self._answer, AUDITOR.cosignature_vkey, lambda: None)

    def signed(self) -> bytes:
        """Return the public checkpoint with a line of the auditor alone."""
        text, lines = split_note((self.log_folder / "checkpoint").read_bytes())
        line = cosign(text, AUDITOR, int(time.time()))
        return assemble_note(text, [lines[0].text, line])

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        wanted = f"/{hashlib.sha256(b'example.org/registry').hexdigest()}/checkpoint"
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("GET", wanted):
            start_response("404 Not Found", [])
            return []
        start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
        return [self.serving()]


@pytest.fixture
def auditor(log_folder: Path, settings: Settings) -> Iterator[Auditor]:
    """Give a log a policy that requires an auditor."""
    settings.POLICY_FILE = log_folder.parent / "policy"
    settings.WITNESS_SECONDS, settings.WITNESSES_SECONDS = 5.0, 12.5
    install(now=at(0))
    found = Auditor(log_folder)
    with found.running as running:
        settings.POLICY_FILE.write_text(f"witness a {running.vkey} {running.url}\nquorum a\n")
        yield found


def bundle(log_folder: Path) -> dict[str, Any]:
    """Return the trust bundle as it is now."""
    found: dict[str, Any] = json.loads((log_folder.parent / "trust" / "trust.json").read_text())
    return found


def names(note: str | bytes) -> list[str]:
    """Return who has signed a checkpoint."""
    data = note if isinstance(note, bytes) else note.encode()
    return [line.name for line in split_note(data)[1]]


OWN = ["example.org/registry", "example.org/registry/clock"]


def test_an_auditor_s_line_is_fetched_and_kept(auditor: Auditor, log_folder: Path) -> None:
    """It gets below the public checkpoint, into the batch, and into the bundle: then witnessed."""
    publish_on(0)
    assert names((log_folder / "checkpoint").read_bytes()) == OWN
    assert bundle(log_folder)["batches"][0]["witnessed"] is False
    assert collect(now=at(0)) == [AUDITOR.name]
    public = (log_folder / "checkpoint").read_text()
    assert names(public) == [*OWN, AUDITOR.name]
    assert Batch.objects.get().checkpoint == public
    (told,) = bundle(log_folder)["batches"]
    assert told["witnessed"] is True
    assert len(told["cosignatures"]) == 2
    assert AuditRow.objects.filter(verb="cosigned").count() == 1


def test_nothing_is_fetched_twice(auditor: Auditor, log_folder: Path) -> None:
    """A second round asks nobody, changes no file and writes no bundle."""
    publish_on(0)
    collect(now=at(0))
    before = {p: p.read_bytes() for p in log_folder.parent.rglob("*") if p.is_file()}
    asked = len(auditor.running.requests)
    assert collect(now=at(0)) == []
    assert {p: p.read_bytes() for p in log_folder.parent.rglob("*") if p.is_file()} == before
    assert len(auditor.running.requests) == asked


def test_a_line_that_a_crash_kept_back_is_shown(auditor: Auditor, log_folder: Path) -> None:
    """What the batch has and the public checkpoint has not is put there in the next round."""
    publish_on(0)
    before = (log_folder / "checkpoint").read_bytes()
    collect(now=at(0))
    after = (log_folder / "checkpoint").read_bytes()
    (log_folder / "checkpoint").write_bytes(before)
    assert collect(now=at(0)) == []
    assert (log_folder / "checkpoint").read_bytes() == after


def test_an_auditor_may_be_a_day_behind(auditor: Auditor, log_folder: Path) -> None:
    """A line on an older checkpoint goes to its own batch, and not to the public one."""
    publish_on(0)
    old = auditor.signed()
    arrive(range(3), on=1)
    publish_on(1)
    auditor.serving = lambda: old
    assert collect(now=at(1)) == [AUDITOR.name]
    assert names((log_folder / "checkpoint").read_bytes()) == OWN
    assert [names(each.checkpoint) for each in Batch.objects.order_by("number")] == [
        [*OWN, AUDITOR.name],
        OWN,
    ]
    assert [each["witnessed"] for each in bundle(log_folder)["batches"]] == [True, False]


def test_what_the_bundle_requires_is_held(auditor: Auditor, log_folder: Path) -> None:
    """Who trusts the bundle refuses the checkpoint until the auditor has signed it."""
    publish_on(0)
    trust = parse_trust((log_folder.parent / "trust" / "trust.note").read_bytes())
    with pytest.raises((AuditFailed, PolicyError)):
        check_quorum(open_trusted((log_folder / "checkpoint").read_bytes(), trust)[0], trust)
    collect(now=at(0))
    check_quorum(open_trusted((log_folder / "checkpoint").read_bytes(), trust)[0], trust)


def wrong(auditor: Auditor, log_folder: Path) -> dict[str, bytes]:
    """Return what an auditor must not be believed for."""
    log = Signer.parse((log_folder.parent / "keys" / "log.key").read_text().strip())
    text, lines = split_note((log_folder / "checkpoint").read_bytes())
    now, own = int(time.time()), lines[0].text
    other = Checkpoint(OWN[0], 3, bytes(32)).text
    fake = Signer(AUDITOR.name, b"\x45" * 32)
    stolen = cosign(text, fake, now).replace(
        fake.cosignature_vkey.split("+")[1], AUDITOR.cosignature_vkey.split("+")[1]
    )
    return {
        "another root": assemble_note(other, [cosign(other, AUDITOR, now)]),
        "a fork under our key": assemble_note(
            other, [log.sign_text(other), cosign(other, AUDITOR, now)]
        ),
        "another key": assemble_note(text, [own, cosign(text, fake, now)]),
        "another key's line": assemble_note(text, [own, stolen]),
        "no line": assemble_note(text, [own]),
        "an early time": assemble_note(text, [own, cosign(text, AUDITOR, 1_000_000)]),
        "a late time": assemble_note(text, [own, cosign(text, AUDITOR, 2**62)]),
        "garbage": b"\x00\xff",
        "nothing": b"",
        "too much": assemble_note(text, [own]) + b"x" * 1_100_000,
    }


WRONG = ("another root", "a fork under our key", "another key", "another key's line", "no line")


@pytest.mark.parametrize(
    "kind", [*WRONG, "an early time", "a late time", "garbage", "nothing", "too much"]
)
def test_an_auditor_is_not_believed(
    auditor: Auditor, log_folder: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever it serves, no line gets in that does not hold; the operator is told."""
    publish_on(0)
    data = wrong(auditor, log_folder)[kind]
    auditor.serving = lambda: data
    assert collect(now=at(0)) == []
    assert names((log_folder / "checkpoint").read_bytes()) == OWN
    (record,) = caplog.records
    assert record.getMessage().startswith(f"no cosignature by {AUDITOR.name}: ")
    if kind == "a fork under our key":
        assert record.getMessage().endswith("our_key_has_signed_another_history")


def test_an_auditor_that_knows_nothing_is_asked_again(auditor: Auditor, settings: Settings) -> None:
    """A 404 is no line, and no harm; neither is an auditor without an address."""
    publish_on(0)
    text = settings.POLICY_FILE.read_text()
    settings.POLICY_FILE.write_text(text.replace("\nquorum", "/elsewhere\nquorum"))
    assert collect(now=at(0)) == []
    settings.POLICY_FILE.write_text(text.replace(f" {auditor.running.url}", ""))
    assert collect(now=at(0)) == []


def test_nothing_is_collected_for_no_log(auditor: Auditor) -> None:
    """Before the first batch nobody is asked."""
    assert collect(now=at(0)) == []
    assert auditor.running.requests == []


def test_the_whole_circle(log_folder: Path, settings: Settings, tmp_path: Path) -> None:
    """Two witnesses before publication, a mirror that recounts after it, then all is satisfied."""
    settings.POLICY_FILE = log_folder.parent / "policy"
    install(now=at(0))
    log = Signer.parse((log_folder.parent / "keys" / "log.key").read_text().strip())
    copy, trusted = tmp_path / "copy", log_folder.parent / "trust" / "trust.note"
    digest = hashlib.sha256(log.name.encode()).hexdigest()
    with ExitStack() as stack:
        witnesses = {name: stack.enter_context(honest(log.vkey, name=name, seed=seed))
                    for name, seed in (WITNESS, ("two.invalid/witness", b"\x22" * 32))}  # fmt: skip
        door = stack.enter_context(
            serve(Door(copy, digest), AUDITOR.cosignature_vkey, lambda: None)
        )
        rows = [f"witness {n} {each.vkey} {each.url}" for n, each in witnesses.items()]
        rows += [f"witness a {door.vkey} {door.url}", f"group both all {' '.join(witnesses)}"]
        settings.POLICY_FILE.write_text("\n".join([*rows, "group g all both a", "quorum g", ""]))
        for number in range(2):
            arrive(range(number * 300, number * 300 + 300), on=number)
            publish_on(number)
            trust = parse_trust(trusted.read_bytes())
            with pytest.raises(AuditFailed, match="too few cosignatures"):
                audit(open_source(str(log_folder)), trust)
            Mirror(str(log_folder), copy, trust, clock=time.time, signer=AUDITOR).round()
            assert collect(now=at(number)) == [AUDITOR.name]
            trust = parse_trust(trusted.read_bytes())
            assert audit(open_source(str(log_folder)), trust).size == trust.batches[-1].size
    assert all(each["witnessed"] for each in bundle(log_folder)["batches"])
    signed = names((log_folder / "checkpoint").read_bytes())
    assert signed == [*OWN, *witnesses, AUDITOR.name]


@pytest.fixture
def witness(log_folder: Path, settings: Settings) -> Iterator[RunningWitness]:
    """Give a log a policy with a witness that is not required."""
    settings.POLICY_FILE = log_folder.parent / "policy"
    settings.WITNESS_SECONDS, settings.WITNESSES_SECONDS = 5.0, 12.5
    install(now=at(0))
    log = Signer.parse((log_folder.parent / "keys" / "log.key").read_text().strip())
    with ExitStack() as stack:
        running = stack.enter_context(honest(log.vkey, name=WITNESS[0], seed=WITNESS[1]))
        settings.POLICY_FILE.write_text(f"witness w {running.vkey} {running.url}\nquorum none\n")
        yield running


def test_a_late_witness_signs_later(
    witness: RunningWitness, log_folder: Path, settings: Settings
) -> None:
    """One that was away during publication signs the newest checkpoint in the next round."""
    text = settings.POLICY_FILE.read_text()
    settings.POLICY_FILE.write_text(text.replace(witness.url, "http://127.0.0.1:1"))
    publish_on(0)
    settings.POLICY_FILE.write_text(text)
    assert collect(now=at(0)) == [WITNESS[0]]
    assert names((log_folder / "checkpoint").read_bytes()) == [*OWN, WITNESS[0]]
    assert bundle(log_folder)["batches"][0]["witnessed"] is False  # no quorum asks for it


def test_a_waiting_batch_is_not_overtaken(
    witness: RunningWitness, log_folder: Path, settings: Settings
) -> None:
    """While the next batch waits for its quorum, nobody is asked about the one before."""
    text = settings.POLICY_FILE.read_text().replace("none", "w")
    settings.POLICY_FILE.write_text(text)
    publish_on(0)
    settings.POLICY_FILE.write_text(text.replace(witness.url, "http://127.0.0.1:1"))
    with pytest.raises(QuorumMissed):
        publish_on(1)
    public = (log_folder / "checkpoint").read_bytes()
    asked = len(witness.requests)
    assert collect(now=at(1)) == []
    assert (log_folder / "checkpoint").read_bytes() == public
    assert len(witness.requests) == asked


def test_the_bundle_follows_the_policy(
    witness: RunningWitness, log_folder: Path, settings: Settings
) -> None:
    """A witness is told from the day it was named until the day it was not; both are audited."""
    publish_on(0)
    told = bundle(log_folder)
    day = at(0).date().isoformat()
    assert told["witnesses"] == [{"name": "w", "vkey": witness.vkey, "from": day}]
    assert told["policy"].endswith(f"witness w {witness.vkey}\nquorum none\n")
    assert witness.url not in told["policy"]
    settings.POLICY_FILE.unlink()
    publish_on(1)
    (gone,) = bundle(log_folder)["witnesses"]
    assert gone["until"] == at(1).date().isoformat()
    settings.POLICY_FILE.write_text(f"witness again {witness.vkey}\nquorum none\n")
    publish_on(2)
    assert bundle(log_folder)["witnesses"] == [{"name": "again", "vkey": witness.vkey, "from": day}]
    assert Witness.objects.get().until is None
    assert AuditRow.objects.filter(verb="change_witnesses").count() == 3


def test_every_bundle_has_an_entry(witness: RunningWitness, log_folder: Path) -> None:
    """The SHA-256 of each signed bundle waits for the next batch, and is then in the log."""
    publish_on(0)
    digest = hashlib.sha256((log_folder.parent / "trust" / "trust.note").read_bytes()).digest()
    waiting = Note.objects.get(kind=3, digest=digest)
    assert waiting.index is None
    publish_on(1)
    waiting.refresh_from_db()
    assert waiting.batch == Batch.objects.get(number=1)


def test_a_lost_bundle_does_not_set_the_sequence_back(auditor: Auditor, log_folder: Path) -> None:
    """Although bundles are written more often than batches, the next number is a higher one."""
    publish_on(0)
    collect(now=at(0))
    before = bundle(log_folder)["sequence"]
    for name in ("trust.note", "trust.json"):
        (log_folder.parent / "trust" / name).unlink()
    collect(now=at(0))
    assert bundle(log_folder)["sequence"] > before > Batch.objects.count()


def test_the_timetable_asks_each_hour(
    witness: RunningWitness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Minute by minute nobody is bothered twice within an hour."""
    rounds: list[object] = []
    monkeypatch.setattr(jobs.auditors, "collect", lambda *, now: rounds.append(now))
    monkeypatch.setattr(jobs, "_collecting", jobs.Hourly())
    for minute in range(0, 121, 20):
        jobs.collect_auditors(at(0) + timedelta(minutes=minute))
    assert rounds == [at(0), at(0, 5), at(0, 6)]


def test_the_timetable_stamps_what_is_new_at_once(
    witness: RunningWitness, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A new checkpoint is stamped in the same minute, a service that was down asked each hour."""
    asked: list[tuple[int, object]] = []
    monkeypatch.setattr(
        jobs.timestamping, "stamp", lambda batch, *, now: asked.append((batch.number, now))
    )
    monkeypatch.setattr(jobs, "_stamping", jobs.Hourly())
    jobs.stamp_checkpoints(at(0))
    publish_on(0)
    jobs.stamp_checkpoints(at(0))
    settings.TIMESTAMP_SERVICES = ["show=console:"]
    for minute in (0, 10, 59, 60):
        jobs.stamp_checkpoints(at(0) + timedelta(minutes=minute))
    publish_on(1)
    jobs.stamp_checkpoints(at(0, 5) + timedelta(minutes=1))
    assert asked == [(0, at(0)), (0, at(0, 5)), (1, at(0, 5) + timedelta(minutes=1))]
