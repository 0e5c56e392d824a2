# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every parser of the log's formats, on anything: it refuses by name, or it was one spelling."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.pure.merkle.samples import (
    LOG,
    NEUMANN,
    NEUMANN_PRIVATE,
    ORIGIN,
    VECTORS,
    WITNESS,
    leaves,
)
from tests.pure.mutations import as_text, mutated
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.bundles import BundleError, decode_bundle, encode_bundle
from tuidang.pure.merkle.canonical import from_base64, from_decimal, to_base64
from tuidang.pure.merkle.checkpoints import CheckpointError, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import NoteError, Signer, Verifier, open_note, split_note
from tuidang.pure.merkle.proofs import ProofError, verify_consistency, verify_inclusion
from tuidang.pure.merkle.submissions import encode_submission, parse_submission, submitted_head
from tuidang.pure.merkle.tiles import (
    Tile,
    TileError,
    inclusion_proof_from_tiles,
    parse_path,
    root_from_tiles,
)
from tuidang.pure.merkle.tlog_proof import encode, parse, verify

CHECKPOINT = VECTORS["checkpoint"].encode()
TEXT = VECTORS["checkpoint"].partition("\n\n")[0].encode() + b"\n"
PROOF = VECTORS["tlog-proof"].encode()
SUBMISSION = VECTORS["add-checkpoint body"].encode()
VKEYS = [each.encode() for each in (NEUMANN, VECTORS["log vkey"], VECTORS["witness vkey"])]
BOTH = [LOG.verifier, WITNESS.cosignature_verifier]
BUNDLE = encode_bundle([b"a", b"", b"xyz", bytes(36), b"leaf" * 40])
PATHS = [b"tile/0/000", b"tile/63/x001/234.p/255", b"tile/entries/x001/x234/067", b"tile/1/001.p/1"]


def reads(parser: Callable[[], object], kind: type[FormatError] = FormatError) -> bool:
    """Say whether something is read; an error of another kind than this one is a failure."""
    try:
        parser()
    except kind:
        return False
    return True


@fuzzed
@given(mutated(*PATHS).map(as_text))
def test_paths(path: str) -> None:
    """A path that is read is the path of what it names."""
    if reads(lambda: parse_path(path), TileError):
        assert parse_path(path).path == path


@fuzzed
@given(mutated(BUNDLE), st.none() | st.integers(0, 260))
def test_bundles(data: bytes, expected: int | None) -> None:
    """A bundle that is read is written the same, and both ways of reading it agree."""
    found = reads(lambda: decode_bundle(data, expected), BundleError)
    assert found == reads(lambda: kernel.bundle_hashes(data, expected))
    if found and data:
        entries = decode_bundle(data, expected)
        assert encode_bundle(entries) == data
        assert kernel.bundle_hashes(data) == b"".join(map(leaf_hash, entries))


@fuzzed
@given(mutated(CHECKPOINT, CHECKPOINT + VECTORS["mldsa44"]["note line"].encode()))
def test_notes(data: bytes) -> None:
    """A note that is split is put together the same; one that opens says what was signed."""
    if reads(lambda: split_note(data), NoteError):
        text, lines = split_note(data)
        assert f"{text}\n{''.join(line.text for line in lines)}".encode() == data
    if reads(lambda: open_note(data, BOTH), NoteError):
        assert open_note(data, BOTH).text.encode() == TEXT


@fuzzed
@given(mutated(*VKEYS).map(as_text))
def test_verifier_keys(vkey: str) -> None:
    """A vkey that is read has one spelling."""
    if reads(lambda: Verifier.parse(vkey), NoteError):
        assert Verifier.parse(vkey).vkey == vkey


@fuzzed
@given(mutated(NEUMANN_PRIVATE.encode()).map(as_text))
def test_private_keys(text: str) -> None:
    """A private key that is read has one spelling."""
    if reads(lambda: Signer.parse(text), NoteError):
        assert Signer.parse(text).private_text == text


@fuzzed
@given(mutated(TEXT, TEXT + b"extension\n", b"o\n0\n" + TEXT[-45:]).map(as_text))
def test_checkpoints(text: str) -> None:
    """A checkpoint that is read has one spelling."""
    if reads(lambda: parse_checkpoint(text), CheckpointError):
        assert parse_checkpoint(text).text == text


@fuzzed
@given(mutated(PROOF, PROOF.replace(b"index", b"extra AAAA\nindex")))
def test_offline_proofs(data: bytes) -> None:
    """A proof that is read has one spelling, and holds for the leaf only if it was not changed
    in what is signed or hashed."""
    if reads(lambda: parse(data)):
        proof = parse(data)
        assert encode(proof) == data
        if reads(lambda: verify(proof, leaf_hash(b"leaf 257"), LOG.verifier)):
            assert (proof.index, proof.hashes) == (257, parse(PROOF).hashes)
            assert split_note(proof.checkpoint)[0].encode() == TEXT


@fuzzed
@given(mutated(SUBMISSION))
def test_submissions(body: bytes) -> None:
    """What is sent to a witness has one spelling, and its checkpoint too."""
    if reads(lambda: parse_submission(body)):
        found = parse_submission(body)
        assert encode_submission(found.old, found.proof, found.note) == body
        if reads(lambda: submitted_head(found.note)):
            head = submitted_head(found.note)
            lines = [head.origin, str(head.size), to_base64(head.root)]
            assert found.note.decode().split("\n")[:3] == lines


@fuzzed
@given(mutated(b"56/ILTiUT8eTBUUygJHUWCMojB9zTL2sBjlnE+vUtdU=", b"AAA=").map(as_text))
def test_base64(text: str) -> None:
    """Base64 that is read has one spelling."""
    if reads(lambda: from_base64(text)):
        assert to_base64(from_base64(text)) == text


@fuzzed
@given(mutated(b"300", b"9007199254740991").map(as_text))
def test_decimals(text: str) -> None:
    """A number that is read has one spelling and fits 64 bits."""
    if reads(lambda: from_decimal(text)):
        assert str(from_decimal(text)) == text
        assert from_decimal(text) < 2**64


HASH = st.binary(min_size=31, max_size=33) | st.sampled_from(leaves(9))
SIZES = st.integers(-1, 20) | st.sampled_from(
    [2**k + d for k in (53, 62, 63, 64) for d in (-1, 0, 1)]
)


@fuzzed
@given(SIZES, SIZES, st.lists(HASH, max_size=70), HASH, HASH)
def test_proofs_of_anything(
    one: int, other: int, proof: list[bytes], first: bytes, second: bytes
) -> None:
    """Hashes that were not made for it prove nothing, at any size; nothing else goes wrong."""
    if reads(lambda: verify_inclusion(first, one, other, proof, second), ProofError):
        assert (one, other, proof, first) == (0, 1, [], second)
    if reads(lambda: verify_consistency(one, other, proof, first, second), ProofError):
        assert proof == []
        assert one == 0 or (one == other and first == second)


TREE = {Tile(0, 0): b"".join(leaves(256)), Tile(0, 1, 44): b"".join(leaves(300)[256:])}


@fuzzed
@given(mutated(TREE[Tile(0, 1, 44)]), st.integers(0, 299))
def test_tiles(data: bytes, index: int) -> None:
    """A tile that was changed has another length, which is refused, or leads to another root."""
    top = TREE | {Tile(0, 1, 44): data, Tile(1, 0, 1): leaf_hash(b"sample")}
    same = data == TREE[Tile(0, 1, 44)]
    if reads(lambda: root_from_tiles(top.__getitem__, 300), TileError):
        right = TREE | {Tile(1, 0, 1): top[Tile(1, 0, 1)]}
        roots = [root_from_tiles(each.__getitem__, 300) for each in (top, right)]
        assert (roots[0] == roots[1]) == same
        proof = inclusion_proof_from_tiles(top.__getitem__, index, 300)
        with pytest.raises(ProofError):
            verify_inclusion(leaf_hash(b"stranger"), index, 300, proof, roots[1])


def test_the_samples_themselves_are_read() -> None:
    """What is mutated here is right before it is: else the fuzzing would only see noise."""
    assert reads(lambda: [parse_path(path.decode()) for path in PATHS])
    assert len(decode_bundle(BUNDLE)) == 5
    assert len(open_note(CHECKPOINT, BOTH).verified) == 2
    assert reads(lambda: [Verifier.parse(vkey.decode()) for vkey in VKEYS])
    assert parse_checkpoint(TEXT.decode()).origin == ORIGIN
    assert submitted_head(parse_submission(SUBMISSION).note).size == 1000
    verify(parse(PROOF), leaf_hash(b"leaf 257"), LOG.verifier, BOTH[1:])
