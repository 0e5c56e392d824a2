# SPDX-License-Identifier: AGPL-3.0-or-later
"""The proof inside a certificate: one file, one spelling, nothing in it that is not read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.credential.samples import digest
from tests.pure.merkle.samples import LOG, ORIGIN
from tests.pure.mutations import mutated
from tuidang.pure.credential.proof import (
    MAX_SIZE,
    CertificateProof,
    ProofFormatError,
    ReceivedPath,
    encode,
    parse,
)
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.merkle import tlog_proof
from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.tlog_proof import TlogProof

CHECKPOINT = sign_note(Checkpoint(ORIGIN, 300, digest("root")).text, [LOG])
HASHES = (digest("left"), digest("right"))


def opening(label: str, shown: tuple[int, ...]) -> Opening:
    """Return an opening of sample values that shows these fields."""
    salts = [digest(f"{label} {j}")[:16] for j in range(1, 7)]
    values = [f"{label} value {j}".encode() for j in range(1, 7)]
    return Opening.of(digest(label), salts, values).only(shown)


LINK = TlogProof(7, HASHES, CHECKPOINT)
RECEIVED = ReceivedPath(1, 3, HASHES, TlogProof(9, HASHES[:1], CHECKPOINT))
PROOF = CertificateProof(LINK, opening("D", (2, 3, 5)), opening("L", (2, 3, 4, 5)), RECEIVED)
FULL = replace(PROOF, counted=TlogProof(5, (), CHECKPOINT), identity_key=digest("key"))
FILE = encode(FULL)


def with_extra(change: dict[str, Any] | None = None, **parts: Any) -> bytes:
    """Return the full file with parts of its `extra` bytes changed, or with other ones."""
    link = tlog_proof.parse(FILE)
    assert link.extra is not None
    extra = {**json.loads(link.extra), **parts} if change is None else change
    data = json.dumps(extra, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return tlog_proof.encode(replace(link, extra=data))


def received(**parts: Any) -> dict[str, Any]:
    """Return the part about R with something in it changed."""
    extra = tlog_proof.parse(FILE).extra
    assert extra is not None
    return {**json.loads(extra)["r"], **parts}


_HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=5).map(tuple)
_TLOG_PROOFS = st.builds(TlogProof, st.integers(0, 2**40), _HASHES, st.just(CHECKPOINT))
_OPENINGS = st.sets(st.integers(1, 6)).map(lambda shown: opening("any", tuple(shown)))


@given(
    _TLOG_PROOFS,
    st.tuples(_OPENINGS, _OPENINGS),
    st.tuples(st.integers(0, 9), st.integers(10, 2**32 - 1), _HASHES),
    st.none() | _TLOG_PROOFS,
    st.none() | st.binary(min_size=32, max_size=32),
)
def test_proofs_round_trip(
    link: TlogProof,
    openings: tuple[Opening, Opening],
    place: tuple[int, int, tuple[bytes, ...]],
    counted: TlogProof | None,
    key: bytes | None,
) -> None:
    """Any proof survives its file, which is an offline proof of the L entry as any other."""
    proof = CertificateProof(link, *openings, ReceivedPath(*place, link), counted, key)
    data = encode(proof)
    assert parse(data) == proof
    assert replace(tlog_proof.parse(data), extra=None) == link


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "proof_header"),
        (tlog_proof.encode(LINK), "proof_no_extra"),
        (tlog_proof.encode(replace(LINK, extra=b"\xff")), "utf8_invalid"),
        (tlog_proof.encode(replace(LINK, extra=b"[]")), "proof_malformed"),
        (tlog_proof.encode(replace(LINK, extra=b"[" * 100_000)), "proof_malformed"),
        (tlog_proof.encode(replace(LINK, extra=b"{}")), "proof_malformed"),
        (with_extra(v=2), "proof_version"),
        (with_extra(v=True), "proof_not_canonical"),
        (with_extra(more=1), "proof_malformed"),
        (with_extra({"v": 1}), "proof_malformed"),
        (with_extra(r=received(more=1)), "proof_malformed"),
        (with_extra(r=received(index=3)), "proof_range"),
        (with_extra(r=received(index=-1)), "proof_range"),
        (with_extra(r=received(index=True)), "proof_malformed"),
        (with_extra(r=received(count=2**32)), "proof_range"),
        (with_extra(r=received(path=["AAAA"])), "proof_range"),
        (with_extra(r=received(path=["????"])), "base64_invalid"),
        (with_extra(r=received(path=[digest("x").hex()] * 64)), "proof_range"),
        (with_extra(r=received(path=5)), "proof_malformed"),
        (with_extra(r=received(proof=FILE.decode())), "proof_malformed"),
        (with_extra(r=received(proof="")), "proof_header"),
        (with_extra(d_proof=FILE.decode()), "proof_malformed"),
        (with_extra(d_proof=5), "proof_malformed"),
        (with_extra(identity_key="AAAA"), "proof_range"),
        (with_extra(identity_key=""), "proof_range"),
        (with_extra(d=5), "opening_malformed"),
        (with_extra(d={}), "opening_malformed"),
        (FILE.replace(b"index 7", b"index 07"), "decimal_invalid"),
        (FILE + b" " * MAX_SIZE, "proof_too_long"),
    ],
    ids=str,
)
def test_other_files_are_refused(data: bytes, code: str) -> None:
    """What is no proof of a certificate is refused by name."""
    with pytest.raises(ProofFormatError) as refusal:
        parse(data)
    assert refusal.value.code == code


@pytest.mark.parametrize("spelling", [b" %s", b"%s\n", b"%s "])
def test_a_second_spelling_is_refused(spelling: bytes) -> None:
    """The same JSON with a space in it is another file, and is refused."""
    link = tlog_proof.parse(FILE)
    assert link.extra is not None
    spaced = tlog_proof.encode(replace(link, extra=spelling % link.extra))
    with pytest.raises(ProofFormatError) as refusal:
        parse(spaced)
    assert refusal.value.code == "proof_not_canonical"


def test_a_key_said_twice_is_refused() -> None:
    """A second value of the same key, which some readers would take, is refused."""
    link = tlog_proof.parse(FILE)
    assert link.extra is not None
    doubled = tlog_proof.encode(replace(link, extra=link.extra[:-1] + b',"v":1}'))
    with pytest.raises(ProofFormatError) as refusal:
        parse(doubled)
    assert refusal.value.code == "proof_not_canonical"


def test_a_proof_fits_into_a_certificate() -> None:
    """With paths of a log of a billion entries and five witnesses a proof is below 40 KB."""
    signatures = b"".join(
        b"\xe2\x80\x94 witness.invalid/w%d " % n + b"A" * 104 + b"\n" for n in range(5)
    )
    proof = TlogProof(2**30, HASHES[:1] * 30, CHECKPOINT + signatures)
    path = ReceivedPath(1, 2**17, HASHES[:1] * 17, proof)
    whole = replace(FULL, link=proof, counted=proof, received=path)
    assert parse(encode(whole)) == whole
    assert len(encode(whole)) < 40_000


@fuzzed
@given(mutated(FILE, tlog_proof.parse(FILE).extra or b""))
def test_anything_at_all(data: bytes) -> None:
    """What is read is written the same; the rest is refused as what it is."""
    try:
        proof = parse(data)
    except ProofFormatError:
        return
    assert encode(proof) == data


@fuzzed
@given(mutated(tlog_proof.parse(FILE).extra or b""))
def test_anything_in_the_extra_bytes(extra: bytes) -> None:
    """The extra bytes alone, which nobody has signed, cannot make the reader fail otherwise."""
    data = tlog_proof.encode(replace(LINK, extra=extra))
    try:
        proof = parse(data)
    except ProofFormatError:
        return
    assert encode(proof) == data
