# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a trust file requires beyond keys: a policy, and the batches that a log once had."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.verify.sample_logs import CLOCK, LOG, STRANGER
from tests.verify.test_trust import BUNDLE
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.notes import OpenedNote, assemble_note, open_note
from tuidang.pure.merkle.policies import PolicyError
from tuidang.pure.merkle.signatures import ML_DSA_44, Signer, Verifier
from tuidang.verify.errors import TrustError
from tuidang.verify.trust import KnownBatch, Trust, check_quorum, parse_trust

WITNESS = Signer("witness.invalid/w", bytes(range(9, 41)))
AUDITOR = Signer("somebody.invalid/auditor", bytes(range(10, 42)))
SEED = MLDSA44PrivateKey.from_seed_bytes(bytes(32))
LATTICE = Verifier("witness.invalid/l", ML_DSA_44, SEED.public_key().public_bytes_raw())
POLICY = (
    f"log {LOG.vkey}\nwitness w {WITNESS.cosignature_vkey}\n"
    f"witness a {AUDITOR.cosignature_vkey}\ngroup both all w a\nquorum both\n"
)
ROOTS = [bytes([n]) * 32 for n in range(3)]
BATCHES = [
    {"number": n, "size": (n + 1) * 10, "root": to_base64(each)} for n, each in enumerate(ROOTS)
]


def trusting(**changes: Any) -> Trust:
    """Return what the sample bundle says with these changes."""
    return parse_trust(json.dumps(BUNDLE | changes).encode())


def note_by(trust: Trust, *signers: Signer) -> OpenedNote:
    """Return a checkpoint of the sample log as these cosigners signed it."""
    text = Checkpoint(LOG.name, 1, bytes(32)).text
    data = assemble_note(text, [LOG.sign_text(text), *(cosign(text, each, 9) for each in signers)])
    return open_note(data, [trust.log, *trust.cosigners])


def test_a_bundle_tells_policy_and_batches() -> None:
    """Policy and batches are read, and the policy's witnesses are known cosigners."""
    trust = trusting(policy=POLICY, batches=BATCHES)
    assert trust.policy is not None
    assert trust.policy.text == POLICY.replace(" all ", " 2 ")
    assert [each.name for each in trust.cosigners] == [CLOCK.name, WITNESS.name, AUDITOR.name]
    assert trust.batches == tuple(KnownBatch(n, (n + 1) * 10, each) for n, each in enumerate(ROOTS))
    assert trust.needed == (LOG.verifier, CLOCK.cosignature_verifier)


def test_a_bundle_may_say_less() -> None:
    """Without policy or batches nothing more is required than the keys."""
    trust = parse_trust(json.dumps({k: v for k, v in BUNDLE.items() if k != "batches"}).encode())
    assert (trust.policy, trust.batches) == (None, ())
    check_quorum(note_by(trust), trust)


def test_the_policy_is_held() -> None:
    """A checkpoint passes with witness and auditor, and not with one of them."""
    trust = trusting(policy=POLICY)
    check_quorum(note_by(trust, WITNESS, AUDITOR), trust)
    for signers in ((), (WITNESS,), (AUDITOR,), (CLOCK, WITNESS)):
        with pytest.raises(PolicyError):
            check_quorum(note_by(trust, *signers), trust)


def test_a_policy_file_is_a_trust_file() -> None:
    """Who writes a policy of their own trusts its log and its witnesses, and no clock."""
    trust = parse_trust(POLICY.encode())
    assert trust == Trust(
        LOG.verifier,
        (WITNESS.cosignature_verifier, AUDITOR.cosignature_verifier),
        trusting(policy=POLICY).policy,
    )


def test_keys_against_quantum_computers_are_read() -> None:
    """An ML-DSA key is a cosigner's, in a bundle, a policy and a list of keys."""
    witnesses = [{"name": "l", "vkey": LATTICE.vkey, "from": "2026-11-22"}]
    assert trusting(witnesses=witnesses).cosigners[-1] == LATTICE
    assert parse_trust(f"{LOG.vkey}\n{LATTICE.vkey}\n".encode()).cosigners == (LATTICE,)
    text = f"log {LOG.vkey}\nwitness l {LATTICE.vkey}\nquorum l\n"
    assert parse_trust(text.encode()).cosigners == (LATTICE,)
    with pytest.raises(TrustError):
        parse_trust(f"{LATTICE.vkey}\n".encode())


def keyed(place: int, /, **changes: Any) -> list[dict[str, Any]]:
    """Return the sample batches with one of them changed."""
    return [each | (changes if n == place else {}) for n, each in enumerate(BATCHES)]


BAD: dict[str, dict[str, Any]] = {
    "a broken policy": {"policy": "quorum all\n"},
    "a policy cut off": {"policy": POLICY[:-1]},
    "a policy of another shape": {"policy": ["quorum none\n"]},
    "another log's policy": {"policy": f"log {STRANGER.vkey}\nquorum none\n"},
    "the log as its own witness": {
        "policy": f"witness w {Signer('else', LOG.seed).cosignature_vkey}\nquorum w\n"
    },
    "the clock as a witness": {"policy": f"witness w {CLOCK.cosignature_vkey}\nquorum w\n"},
    "a key of small order": {"policy": f"witness w {Verifier('w', 4, bytes(32)).vkey}\nquorum w\n"},
    "numbers that repeat": {"batches": keyed(1, number=0)},
    "sizes that fall": {"batches": keyed(2, size=15)},
    "a size below zero": {"batches": keyed(0, size=-1)},
    "a size beyond 2^63": {"batches": keyed(2, size=2**63)},
    "a size with a point": {"batches": keyed(0, size=10.0)},
    "a size that is true": {"batches": keyed(0, size=True)},
    "a short root": {"batches": keyed(0, root="AAAA")},
    "a root in a second spelling": {"batches": keyed(0, root="A" * 42 + "B=")},
    "no root": {"batches": [{"number": 0, "size": 10}]},
    "batches of another shape": {"batches": {"number": 0}},
    "a batch of another shape": {"batches": [7]},
}


@pytest.mark.parametrize("name", BAD)
def test_bundles_that_require_nonsense_are_refused(name: str) -> None:
    """A policy or batch that cannot be right is a mistake, and not ignored."""
    with pytest.raises(TrustError):
        trusting(**BAD[name])


@pytest.mark.parametrize(
    "text",
    ["quorum none\n", f"log {LOG.vkey}\nlog {STRANGER.vkey}\nquorum none\n", POLICY[:-1]],
    ids=["no log", "two logs", "cut off"],
)
def test_a_policy_file_names_one_log(text: str) -> None:
    """Which log is meant must be plain from the policy."""
    with pytest.raises(TrustError):
        parse_trust(text.encode())


@fuzzed
@given(
    st.binary(max_size=60)
    | st.tuples(st.integers(0, 3000), st.binary(max_size=4)).map(
        lambda cut: cut_into(json.dumps(BUNDLE | {"policy": POLICY, "batches": BATCHES}), *cut)
    )
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(
        lambda value: json.dumps(BUNDLE | {"policy": value, "batches": value}).encode()
    )
)
def test_any_file_is_trust_or_refused(data: bytes) -> None:
    """Whatever the bytes, there is a trusted log key or a TrustError."""
    try:
        trust = parse_trust(data)
    except TrustError:
        return
    assert trust.log in trust.needed


def cut_into(text: str, at: int, data: bytes) -> bytes:
    """Return the text with bytes put in somewhere."""
    place = at % len(text)
    return text[:place].encode() + data + text[place + len(data) :].encode()
