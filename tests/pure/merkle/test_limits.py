# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sizes at which other programs lose their footing: around 2^53, 2^63 and 2^64."""

import pytest

from tests.pure.merkle.samples import LOG, ORIGIN, leaves
from tuidang.pure.ledger.entries import Cell, Correction, EntryError, Seal, decode
from tuidang.pure.merkle.canonical import from_decimal
from tuidang.pure.merkle.checkpoints import Checkpoint, CheckpointError, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import node_hash
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.proofs import (
    ProofError,
    consistency_ranges,
    inclusion_ranges,
    verify_consistency,
    verify_inclusion,
)
from tuidang.pure.merkle.submissions import encode_submission, parse_submission
from tuidang.pure.merkle.tiles import (
    BundleId,
    Tile,
    consistency_proof_from_tiles,
    inclusion_proof_from_tiles,
    parse_path,
    root_from_tiles,
)
from tuidang.pure.merkle.tlog_proof import TlogProof, TlogProofError, encode, parse

SAFE = [2**53 - 1, 2**53, 2**53 + 1, 2**62, 2**63 - 1]
TOO_LARGE = [2**63, 2**63 + 1, 2**64 - 1, 2**64, 2**64 + 1]
HASHES = leaves(200)
OLD = leaves(201)[-1]
NOTE = sign_note(Checkpoint(ORIGIN, 1, HASHES[0]).text, [LOG])

large = pytest.mark.parametrize("size", SAFE)
too_large = pytest.mark.parametrize("size", TOO_LARGE)


def top_of(index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a path leads to, by the recursion of RFC 6962, leaf's sibling first."""
    if size == 1:
        return HASHES[0]
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return node_hash(top_of(index, half, path[:-1]), path[-1])
    return node_hash(path[-1], top_of(index - half, size - half, path[:-1]))


def tops_of(old: int, size: int, proof: list[bytes], *, whole: bool = True) -> tuple[bytes, bytes]:
    """Return both roots that a consistency proof leads to, by the recursion of RFC 6962; the
    old root itself stands for a subtree that is the whole old tree."""
    if old == size:
        return (OLD, OLD) if whole else (proof[-1], proof[-1])
    half = 1 << (size - 1).bit_length() - 1
    if old <= half:
        before, after = tops_of(old, half, proof[:-1], whole=whole)
        return before, node_hash(after, proof[-1])
    before, after = tops_of(old - half, size - half, proof[:-1], whole=False)
    return node_hash(proof[-1], before), node_hash(proof[-1], after)


@large
def test_a_large_log_has_checkpoints_and_proofs(size: int) -> None:
    """Sizes up to 2^63-1 are written and read as whole numbers."""
    checkpoint = Checkpoint(ORIGIN, size, HASHES[0])
    assert parse_checkpoint(checkpoint.text) == checkpoint
    assert parse_submission(encode_submission(size, [], NOTE)).old == size
    proof = TlogProof(size - 1, tuple(HASHES[:63]), NOTE)
    assert parse(encode(proof)) == proof


@too_large
def test_no_log_is_larger_than_2_to_the_63(size: int) -> None:
    """Larger sizes and indexes are refused, whatever their spelling would fit into."""
    text = Checkpoint(ORIGIN, 2**53, HASHES[0]).text.replace(str(2**53), str(size))
    with pytest.raises(CheckpointError):
        parse_checkpoint(text)
    with pytest.raises(FormatError):
        parse_submission(encode_submission(size, [], NOTE))
    with pytest.raises(TlogProofError):
        parse(encode(TlogProof(2**53, (), NOTE)).replace(b"%d" % 2**53, b"%d" % size))


def test_a_plain_number_fits_64_bits() -> None:
    """2^64-1 is the largest number of any format here."""
    assert from_decimal(str(2**64 - 1)) == 2**64 - 1
    for text in (str(2**64), "1" + "0" * 19 + "0", f"-{2**53}", "9" * 21):
        with pytest.raises(FormatError):
            from_decimal(text)


@large
def test_inclusion_in_a_large_log(size: int) -> None:
    """A right path holds at its place alone; one hash more or fewer is refused."""
    for index in (0, 1, size // 2, size // 3, size - 2, size - 1):
        path = HASHES[1 : len(inclusion_ranges(index, size)) + 1]
        root = top_of(index, size, path)
        verify_inclusion(HASHES[0], index, size, path, root)
        for wrong in (path[:-1], [*path, HASHES[99]], [HASHES[99], *path[1:]], path[1:]):
            with pytest.raises(ProofError):
                verify_inclusion(HASHES[0], index, size, wrong, root)
        with pytest.raises(ProofError):
            verify_inclusion(HASHES[0], index ^ 1, size, path, root)


@large
def test_consistency_of_large_logs(size: int) -> None:
    """A right proof holds; one hash more, fewer or exchanged is refused."""
    for old in (1, 2, 3, size // 2, size // 3, 2**52, size - 1):
        proof = HASHES[1 : len(consistency_ranges(old, size)) + 1]
        roots = tops_of(old, size, proof)
        verify_consistency(old, size, proof, *roots)
        for wrong in (proof[:-1], [*proof, HASHES[99]], [*proof[:-1], HASHES[99]], proof[1:]):
            with pytest.raises(ProofError):
                verify_consistency(old, size, wrong, *roots)


@large
def test_large_logs_are_read_by_few_tiles(size: int) -> None:
    """Root and proofs need a few tiles a level, however large the log is."""
    asked: list[Tile] = []

    def read(tile: Tile) -> bytes:
        asked.append(tile)
        return HASHES[tile.n % 200] * tile.width

    root = root_from_tiles(read, size)
    path = inclusion_proof_from_tiles(read, size // 3, size)
    leaf = HASHES[size // 3 // 256 % 200]
    assert len(path) == len(inclusion_ranges(size // 3, size))
    with pytest.raises(ProofError):
        verify_inclusion(leaf, size // 3, size, path, root)
    consistency_proof_from_tiles(read, size // 3, size)
    assert len(asked) <= 5 * 8
    assert all(parse_path(tile.path) == tile for tile in asked)


@pytest.mark.parametrize("n", [2**45, 2**53 - 1, 2**53, 2**55 - 1])
def test_names_of_far_tiles(n: int) -> None:
    """Numbers of tiles beyond 2^53 have one path each."""
    assert parse_path(Tile(0, n, 1).path) == Tile(0, n, 1)
    assert parse_path(BundleId(n).path) == BundleId(n)
    assert Tile(0, n).path != Tile(0, n + 1).path


@pytest.mark.parametrize("number", [*SAFE, *TOO_LARGE])
def test_counts_and_indexes_of_entries(number: int) -> None:
    """Counts go up to 2^64-1, indexes to 2^64-2, and what does not fit is never cut."""
    if number < 2**64:
        cells = (Cell(1, 0, number),)
        seal = Seal(0, 0, 0, None, 0, 0, cells)
        assert decode(seal.encode()) == seal
    if number < 2**64 - 1:
        entry = Correction(1, 0, 1, number, bytes(32))
        assert decode(entry.encode()) == entry
    else:
        with pytest.raises(EntryError):
            Correction(1, 0, 1, number, bytes(32))
        with pytest.raises(EntryError):
            Seal(0, 0, number, None, 0, 0, ())
    if number >= 2**64:
        with pytest.raises(EntryError):
            Seal(0, 0, 0, None, 0, 0, (Cell(1, 0, number),))
