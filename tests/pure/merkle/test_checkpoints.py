# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checkpoints, cosignatures and offline proofs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.merkle.samples import LOG, ORIGIN, TIME, VECTORS, WITNESS, flip, leaves
from tuidang.pure.merkle.checkpoints import (
    Checkpoint,
    CheckpointError,
    cosign,
    parse_checkpoint,
)
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.pure.merkle.notes import (
    NoteError,
    Signer,
    Verifier,
    assemble_note,
    open_note,
    sign_note,
)
from tuidang.pure.merkle.proofs import ProofError, inclusion_proof
from tuidang.pure.merkle.tlog_proof import TlogProof, TlogProofError, encode, parse, verify
from tuidang.pure.merkle.tree import root

HASHES = leaves(300)
CHECKPOINT = Checkpoint(ORIGIN, 300, root(HASHES))
BOTH = [LOG.verifier, WITNESS.cosignature_verifier]
PROOF = VECTORS["tlog-proof"].encode()
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


def signed(checkpoint: Checkpoint) -> bytes:
    """Return a checkpoint as the log would serve it."""
    text = checkpoint.text
    return assemble_note(text, [LOG.sign_text(text), cosign(text, WITNESS, TIME)])


def test_the_checkpoint_of_the_vectors() -> None:
    """Signature and cosignature come out byte for byte, and the time is read back."""
    assert signed(CHECKPOINT).decode() == VECTORS["checkpoint"]
    note = open_note(VECTORS["checkpoint"].encode(), BOTH)
    assert parse_checkpoint(note.text) == CHECKPOINT
    assert [line.time for line in note.verified] == [None, TIME]


def test_the_checkpoint_of_a_witness_request() -> None:
    """The checkpoint that the vectors send to a witness opens with the log's key."""
    data = VECTORS["add-checkpoint body"].split("\n\n", 1)[1].encode()
    checkpoint = parse_checkpoint(open_note(data, [LOG.verifier]).text)
    assert checkpoint == Checkpoint(ORIGIN, 1000, root(leaves(1000)))


@given(LINES, st.integers(1, 2**63 - 1), st.binary(min_size=32, max_size=32), st.lists(LINES))
def test_checkpoints_round_trip(origin: str, size: int, top: bytes, more: list[str]) -> None:
    """Every checkpoint is read back from its text."""
    checkpoint = Checkpoint(origin, size, top, tuple(more))
    assert parse_checkpoint(checkpoint.text) == checkpoint


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("300", "0300", "decimal_invalid"),
        ("300", "+300", "decimal_invalid"),
        ("300", "٣٠٠", "decimal_invalid"),
        ("300", "", "decimal_invalid"),
        ("300", "9223372036854775808", "decimal_too_large"),
        ("300", "9" * 5000, "decimal_invalid"),
        ("300", "0", "empty_root_expected"),
        ("tdU=", "tdV=", "base64_not_canonical"),
        ("tdU=", "tdU", "base64_invalid"),
        ("tdU=", "\ud800", "base64_invalid"),
        ("56/I", "56 I", "base64_invalid"),
        ("tdU=\n", "tdU=\n\n", "checkpoint_line"),
        ("tdU=\n", "tdU=", "checkpoint_lines"),
        (ORIGIN, "", "checkpoint_line"),
        (ORIGIN, "\ud800", "checkpoint_line"),
        (f"{ORIGIN}\n", "", "checkpoint_lines"),
        ("56/ILTiUT8eTBUUygJHUWCMojB9zTL2sBjlnE+vUtdU=", "AAAA", "checkpoint_range"),
    ],
)
def test_other_spellings_are_refused(old: str, new: str, code: str) -> None:
    """A text that is not the one spelling of a checkpoint is refused, with the reason."""
    with pytest.raises(CheckpointError) as caught:
        parse_checkpoint(CHECKPOINT.text.replace(old, new))
    assert caught.value.code == code


def test_the_empty_log_has_a_checkpoint() -> None:
    """Size 0 goes with the empty root, and only with that."""
    empty = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
    assert parse_checkpoint(empty.text) == empty


@pytest.mark.parametrize("time", [-1, 0, 2**63])
def test_a_cosignature_needs_a_time(time: int) -> None:
    """A time that is zero or out of range is not signed."""
    with pytest.raises(NoteError) as caught:
        cosign(CHECKPOINT.text, WITNESS, time)
    assert caught.value.code == "time_out_of_range"


def test_only_checkpoints_are_cosigned() -> None:
    """A cosigner's key signs no other text."""
    with pytest.raises(CheckpointError):
        cosign("sample\n", WITNESS, TIME)


def test_a_cosignature_is_no_signature() -> None:
    """The same key as a signer of notes is another key, so neither passes for the other."""
    data = assemble_note(CHECKPOINT.text, [cosign(CHECKPOINT.text, WITNESS, TIME)])
    with pytest.raises(NoteError):
        open_note(data, [WITNESS.verifier])
    with pytest.raises(NoteError):
        open_note(sign_note(CHECKPOINT.text, [WITNESS]), [WITNESS.cosignature_verifier])


@given(st.integers(0, len(signed(CHECKPOINT)) * 8 - 1))
def test_every_flipped_bit_takes_a_signature_away(bit: int) -> None:
    """With one bit changed a checkpoint is refused, or one of its two keys has not signed."""
    try:
        note = open_note(flip(signed(CHECKPOINT), bit), BOTH)
    except NoteError:
        return
    assert len(note.verified) == 1
    assert note.text == CHECKPOINT.text


def test_the_cosignatures_of_other_implementations_are_read() -> None:
    """The published witness keys of Sunlight's test data are understood."""
    vkey = "witness.example.org+b8a2cf20+BFLN3yikSfFkVAJtrnh/CiY3Zozkoy7clp+P7XB28qUN"
    assert Verifier.parse(vkey).vkey == vkey


def test_the_offline_proof_of_the_vectors() -> None:
    """The published proof is read, holds for its leaf, and is written again byte for byte."""
    proof = parse(PROOF)
    assert encode(proof) == PROOF
    assert proof.hashes == tuple(inclusion_proof(257, HASHES))
    note = verify(proof, HASHES[257], LOG.verifier, [WITNESS.cosignature_verifier])
    assert [line.time for line in note.verified] == [None, TIME]


def test_an_offline_proof_holds_for_one_leaf_of_one_log() -> None:
    """Another leaf, or a checkpoint that another log signed, is refused."""
    proof = parse(PROOF)
    with pytest.raises(ProofError) as caught:
        verify(proof, HASHES[256], LOG.verifier)
    assert caught.value.code == "root_differs"
    stranger = Signer("stranger.example/log", bytes(32))
    foreign = TlogProof(257, proof.hashes, sign_note(CHECKPOINT.text, [stranger]))
    with pytest.raises(ProofError) as caught:
        verify(foreign, HASHES[257], stranger.verifier)
    assert caught.value.code == "origin_differs"


@pytest.mark.parametrize("extra", [None, b"", b"sample"])
def test_offline_proofs_keep_what_goes_with_them(extra: bytes | None) -> None:
    """The bytes needed to rebuild the leaf, or their absence, come back unchanged."""
    proof = TlogProof(257, tuple(inclusion_proof(257, HASHES)), signed(CHECKPOINT), extra)
    assert parse(encode(proof)) == proof


def test_the_longest_path_is_read() -> None:
    """A path of 63 hashes, which the largest tree needs, is not refused for its length."""
    proof = TlogProof(2**63 - 2, (EMPTY_ROOT,) * 63, signed(CHECKPOINT))
    assert parse(encode(proof)) == proof


@given(st.integers(0, len(PROOF) * 8 - 1))
def test_every_flipped_bit_of_an_offline_proof_is_noticed(bit: int) -> None:
    """With one bit changed a proof is refused, or the witness is no longer known."""
    try:
        note = verify(parse(flip(PROOF, bit)), HASHES[257], LOG.verifier, BOTH[1:])
    except FormatError:
        return
    assert [line.verifier for line in note.verified] == [LOG.verifier]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("@v1", "@v2", "proof_header"),
        ("\n\n", "\n", "proof_header"),
        ("index 257\n", "", "proof_index"),
        ("index 257", "index 0257", "decimal_invalid"),
        ("index 257", f"index {2**63}", "proof_range"),
        ("index 257", "index 257\nextra AAAA", "base64_invalid"),
        ("index 257", "index 257\nAAAA", "hash_length"),
        ("index 257", "index 257" + "\n" + "\n".join([VECTORS["empty_root"]] * 57), "proof_range"),
    ],
)
def test_malformed_offline_proofs_say_what_is_wrong(old: str, new: str, code: str) -> None:
    """Each way of being no proof is refused with its own code."""
    with pytest.raises(TlogProofError) as caught:
        parse(PROOF.decode().replace(old, new).encode())
    assert caught.value.code == code
