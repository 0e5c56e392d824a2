# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cosignatures from witnesses over real HTTP: honest ones, ones that are down, ones that lie."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, publish_on
from tests.verify.witness.running import LIES, RunningWitness, honest, lying
from tuidang.pure.merkle.notes import Signer, VerifiedLine, Verifier, open_note
from tuidang.pure.merkle.policies import parse_policy
from tuidang.registry.transparency.actions import install
from tuidang.registry.transparency.cosigning import merged
from tuidang.registry.transparency.errors import PolicyUnusable, QuorumMissed
from tuidang.registry.transparency.models import Batch

pytestmark = pytest.mark.django_db

NAMES = ("one.invalid/witness", "two.invalid/witness", "liar.invalid/witness")
SEEDS = (b"\x11" * 32, b"\x22" * 32, b"\x33" * 32)


class Neighbours:
    """Two honest witnesses of the log of a test, and a policy file that can name more."""

    def __init__(self, keys: Path, policy: Path, running: ExitStack) -> None:
        self.policy, self.running = policy, running
        self.log = Signer.parse((keys / "log.key").read_text().strip())
        self.clock = Signer.parse((keys / "clock.key").read_text().strip())
        self.honest = [self.start(NAMES[n], SEEDS[n]) for n in range(2)]

    def start(self, name: str, seed: bytes) -> RunningWitness:
        """Run an honest witness until the end of the test."""
        return self.running.enter_context(honest(self.log.vkey, name=name, seed=seed))

    def write(self, witnesses: list[RunningWitness], quorum: str, more: str = "") -> None:
        """Write a policy with these witnesses, called w0, w1, …, and more lines."""
        rows = [f"witness w{n} {each.vkey} {each.url}" for n, each in enumerate(witnesses)]
        names = " ".join(f"w{n}" for n in range(len(witnesses)))
        group = f"group most {quorum} {names}\nquorum most\n" if witnesses else "quorum none\n"
        self.policy.write_text("\n".join([*rows, more, group]))

    def lines(self, log_folder: Path) -> tuple[VerifiedLine, ...]:
        """Return the verified cosignatures of the policy's witnesses below what is public."""
        policy = parse_policy(self.policy.read_bytes())
        keys = [each.key for each in policy.witnesses]
        note = open_note((log_folder / "checkpoint").read_bytes(), [self.log.verifier, *keys])
        return tuple(line for line in note.verified if line.time is not None)


@pytest.fixture
def neighbours(log_folder: Path, settings: Settings) -> Iterator[Neighbours]:
    """Give a log that is about to begin two honest witnesses."""
    settings.POLICY_FILE = log_folder.parent / "policy"
    settings.WITNESS_SECONDS, settings.WITNESSES_SECONDS = 5.0, 12.5
    install(now=at(0))
    with ExitStack() as running:
        yield Neighbours(log_folder.parent / "keys", log_folder.parent / "policy", running)


def test_every_checkpoint_is_cosigned(neighbours: Neighbours, log_folder: Path) -> None:
    """Day by day both witnesses sign what became public, asked once each after the first time."""
    neighbours.write(neighbours.honest, "all")
    for number in range(3):
        arrive(range(number * 300, (number + 1) * 300), on=number)
        assert publish_on(number) is not None
        assert [line.name for line in neighbours.lines(log_folder)] == list(NAMES[:2])
    assert [len(each.requests) for each in neighbours.honest] == [3, 3]


def test_one_witness_that_is_down_does_not_stop_the_log(
    neighbours: Neighbours, log_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With one of two needed, the other may be away; the operator reads its name."""
    neighbours.write(neighbours.honest, "1")
    neighbours.honest[0].stop()
    assert publish_on(0) is not None
    assert [line.name for line in neighbours.lines(log_folder)] == [NAMES[1]]
    assert [record.getMessage() for record in caplog.records] == [
        f"no cosignature by {NAMES[0]}: connection"
    ]


def test_a_witness_that_was_away_is_caught_up(neighbours: Neighbours, log_folder: Path) -> None:
    """Its 409 says what it has seen last, and one proof from there is enough."""
    late = neighbours.start("late.invalid/witness", SEEDS[2])
    neighbours.write([*neighbours.honest, late], "2")
    publish_on(0)
    text = neighbours.policy.read_text()
    neighbours.policy.write_text(text.replace(late.url, "http://127.0.0.1:1/"))
    for number in (1, 2):
        arrive(range(number * 200, (number + 1) * 200), on=number)
        publish_on(number)
        assert len(neighbours.lines(log_folder)) == 2
    neighbours.policy.write_text(text)
    arrive(range(700, 1000), on=3)
    publish_on(3)
    assert len(neighbours.lines(log_folder)) == 3
    assert late.requests == ["POST /add-checkpoint"] * 3


def test_a_missed_quorum_leaves_the_old_checkpoint(
    neighbours: Neighbours, log_folder: Path
) -> None:
    """Nothing becomes public; the operator learns who is missing; later the same batch goes out."""
    neighbours.write(neighbours.honest, "all")
    publish_on(0)
    before = (log_folder / "checkpoint").read_bytes()
    arrive(range(5), on=1)
    text = neighbours.policy.read_text()
    neighbours.policy.write_text(text.replace(neighbours.honest[0].url, "http://127.0.0.1:1"))
    for _ in range(2):
        with pytest.raises(QuorumMissed) as missed:
            publish_on(1)
        assert missed.value.data == {"needed": "2 of (w0, w1)", "had": 1, "names": "w0"}
        assert (log_folder / "checkpoint").read_bytes() == before
    begun = Batch.objects.get(number=1)
    neighbours.policy.write_text(text)
    assert publish_on(1) == begun
    assert Batch.objects.published().count() == 2
    assert len(neighbours.lines(log_folder)) == 2


SLOW = {"hangs", "drips"}


def hurry(settings: Settings, lie: str) -> None:
    """Wait less for those who would use up all of the time."""
    if lie in SLOW:
        settings.WITNESS_SECONDS, settings.WITNESSES_SECONDS = 2.0, 5.0


@pytest.mark.parametrize("lie", LIES)
def test_one_that_lies_is_never_believed(
    neighbours: Neighbours, log_folder: Path, settings: Settings, lie: str
) -> None:
    """Whatever it answers, its line is not in the checkpoint, and two honest ones are enough."""
    liar = neighbours.running.enter_context(lying(lie, name=NAMES[2], seed=SEEDS[2]))
    neighbours.write([*neighbours.honest, liar], "2")
    arrive(range(3))
    hurry(settings, lie)
    began = time.monotonic()
    assert publish_on(0) is not None
    assert time.monotonic() - began < 10
    assert [line.name for line in neighbours.lines(log_folder)] == list(NAMES[:2])
    assert NAMES[2] not in (log_folder / "checkpoint").read_text()


@pytest.mark.parametrize("lie", ["wrong_root", "hangs", "conflict_ahead", "redirects"])
def test_a_quorum_is_not_made_of_lies(
    neighbours: Neighbours, log_folder: Path, settings: Settings, lie: str
) -> None:
    """Where the liar's line is needed, nothing is published."""
    hurry(settings, lie)
    liar = neighbours.running.enter_context(lying(lie, name=NAMES[2], seed=SEEDS[2]))
    neighbours.write([*neighbours.honest, liar], "3")
    with pytest.raises(QuorumMissed) as missed:
        publish_on(0)
    assert missed.value.data["names"] == "w2"
    assert not (log_folder / "checkpoint").exists()


@pytest.mark.parametrize("years", [-56, 30_000])
def test_an_invented_time_is_no_cosignature(neighbours: Neighbours, years: int) -> None:
    """A true signature at a time before the checkpoint, or far ahead, is left out."""
    now = time.time() + years * 365 * 86_400
    wrong = honest(neighbours.log.vkey, name=NAMES[2], seed=SEEDS[2], clock=lambda: now)
    neighbours.write([neighbours.running.enter_context(wrong)], "1")
    with pytest.raises(QuorumMissed):
        publish_on(0)


def test_auditors_are_not_waited_for(neighbours: Neighbours, log_folder: Path) -> None:
    """An auditor, which can sign only what is public, counts as having signed until then."""
    auditor = Signer("somebody.invalid/auditor", SEEDS[2]).cosignature_vkey
    neighbours.write(neighbours.honest, "all")
    text = neighbours.policy.read_text().removesuffix("quorum most\n")
    more = f"witness a {auditor} http://127.0.0.1:1/\ngroup both all most a\nquorum both\n"
    neighbours.policy.write_text(text + more)
    assert publish_on(0) is not None
    assert [line.name for line in neighbours.lines(log_folder)] == list(NAMES[:2])


def test_witnesses_without_address_are_not_asked(neighbours: Neighbours) -> None:
    """Nobody can sign who cannot be reached, and the refusal says whom the policy needs."""
    neighbours.policy.write_text(f"witness w {neighbours.honest[0].vkey}\nquorum w\n")
    with pytest.raises(QuorumMissed) as missed:
        publish_on(0)
    assert missed.value.data == {"needed": "w", "had": 0, "names": "w"}


def test_the_console_shows_what_would_be_sent(
    neighbours: Neighbours, log_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A witness at `console:` prints the request and signs nothing."""
    vkey = neighbours.honest[0].vkey
    neighbours.policy.write_text(f"witness w {vkey} console:\nquorum none\n")
    publish_on(0)
    checkpoint = (log_folder / "checkpoint").read_text()
    assert capsys.readouterr().err.startswith(f"old 0\n\n{checkpoint}")


BAD = {
    "not a policy": "quorum\n",
    "another log's": f"log {Signer('else.invalid', SEEDS[0]).vkey}\nquorum none\n",
    "another address": "witness w {vkey} file:///etc/passwd\nquorum w\n",
    "an address with a name": "witness w {vkey} http://a@127.0.0.1/\nquorum w\n",
    "the log itself": "witness w {log}\nquorum w\n",
    "the log's clock": "witness w {clock}\nquorum w\n",
    "a long name": f"witness {'w' * 256} {{vkey}}\nquorum none\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_policy_that_cannot_be_followed_stops_the_log(
    neighbours: Neighbours, log_folder: Path, name: str
) -> None:
    """No mistake in the file is taken for `quorum none`, and no batch is begun."""
    vkeys = {
        "vkey": neighbours.honest[0].vkey,
        "log": neighbours.log.cosignature_vkey,
        "clock": neighbours.clock.cosignature_vkey,
    }
    neighbours.policy.write_text(BAD[name].format(**vkeys))
    with pytest.raises(PolicyUnusable):
        publish_on(0)
    assert not Batch.objects.exists()
    assert not (log_folder / "checkpoint").exists()


def test_a_policy_in_other_letters_stops_the_log(neighbours: Neighbours) -> None:
    """Names that are not UTF-8 could not be told to anybody, and many witnesses make long notes."""
    neighbours.policy.write_bytes(b"witness \xff " + neighbours.honest[0].vkey.encode() + b"\n")
    with pytest.raises(PolicyUnusable):
        publish_on(0)
    keys = [Signer(f"w{n}.invalid", n.to_bytes(32, "big")).cosignature_vkey for n in range(65)]
    rows = "".join(f"witness w{n} {key}\n" for n, key in enumerate(keys))
    neighbours.policy.write_text(f"{rows}quorum none\n")
    with pytest.raises(PolicyUnusable):
        publish_on(0)


def test_a_policy_that_was_named_must_be_there(neighbours: Neighbours, settings: Settings) -> None:
    """A file that TUIDANG_POLICY names does not turn into `quorum none` by being lost."""
    settings.POLICY_NAMED = True
    with pytest.raises(PolicyUnusable):
        publish_on(0)
    neighbours.write([], "")
    assert publish_on(0) is not None
    settings.POLICY_FILE = Path("/proc/self/mem/policy")
    with pytest.raises(PolicyUnusable):
        publish_on(1)


def test_lines_are_added_and_never_taken_off(neighbours: Neighbours) -> None:
    """Merging keeps every line in its place, and one line of each key."""
    text = "sample.invalid\n"
    signers = [Signer(name, seed) for name, seed in zip(NAMES, SEEDS, strict=True)]
    lines = [each.sign_text(text) for each in signers]
    note = f"{text}\n{lines[0]}{lines[1]}"
    assert merged(note, []) == note
    assert merged(note, [lines[1], lines[2], lines[0]]) == note + lines[2]
    assert Verifier.parse(neighbours.honest[0].vkey).name == NAMES[0]
