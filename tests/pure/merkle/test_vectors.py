# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every vector of the log's specification, byte for byte, and none left out."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from tests.pure.merkle.samples import (
    LOG,
    ORIGIN,
    TIME,
    VECTORS,
    WITNESS,
    MemoryLog,
    decoded,
    leaves,
)
from tests.pure.merkle.test_notes import EXAMPLE, EXAMPLE_KEY
from tests.pure.merkle.test_tree import RFC_ENTRIES
from tuidang.pure.merkle import kernel
from tuidang.pure.merkle.bundles import decode_bundle, encode_bundle
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.checkpoints import Checkpoint, cosign
from tuidang.pure.merkle.hashes import EMPTY_ROOT, leaf_hash
from tuidang.pure.merkle.notes import Verifier, assemble_note, open_note, sign_note
from tuidang.pure.merkle.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from tuidang.pure.merkle.signatures import ML_DSA_44
from tuidang.pure.merkle.submissions import encode_submission, parse_submission
from tuidang.pure.merkle.subtrees import subtree_message
from tuidang.pure.merkle.tiles import Tile, parse_path, tiles_for_size
from tuidang.pure.merkle.tlog_proof import TlogProof, encode, parse
from tuidang.pure.merkle.tree import root

LEAVES = leaves(1000)
ROOTS = {size: root(LEAVES[:size]) for size in (256, 300, 1000)}
CHECKPOINT = Checkpoint(ORIGIN, 300, ROOTS[300])


def check_roots(expected: dict[str, str]) -> None:
    """Roots over numbered leaves, by the tree and by the kernel."""
    found = {size: to_base64(root(LEAVES[: int(size)])) for size in expected}
    joined = {size: to_base64(kernel.root_of(b"".join(LEAVES[: int(size)]))) for size in expected}
    assert found == joined == expected


def check_rfc_roots(expected: list[str]) -> None:
    """Roots over the eight entries of RFC 6962."""
    hashes = [leaf_hash(entry) for entry in RFC_ENTRIES]
    assert [root(hashes[:size]).hex() for size in range(1, 9)] == expected


def check_inclusion(expected: list[str]) -> None:
    """The path of leaf 257 in 300, which ends in the root of 256."""
    assert inclusion_proof(257, LEAVES[:300]) == decoded(expected)
    verify_inclusion(LEAVES[257], 257, 300, decoded(expected), ROOTS[300])
    assert decoded(expected)[-1] == ROOTS[256]


def check_consistency(expected: list[str]) -> None:
    """The proof from 300 to 1000."""
    assert consistency_proof(300, LEAVES) == decoded(expected)
    verify_consistency(300, 1000, decoded(expected), ROOTS[300], ROOTS[1000])


def check_tiles_70000(expected: list[str]) -> None:
    """Tiles of 70,000 entries: 273 full ones, and the partial ones that are listed."""
    listed = [tile.path for tile in tiles_for_size(70_000)]
    assert set(expected) <= set(listed)
    assert (len(listed), listed[-1]) == (277, expected[-1])


def check_tiles_256(expected: list[str]) -> None:
    """Tiles of 256 entries."""
    assert [tile.path for tile in tiles_for_size(256)] == expected


def check_paths(expected: dict[str, str]) -> None:
    """Numbers in the paths of tiles, written and read."""
    assert {n: Tile(0, int(n)).path for n in expected} == {
        n: f"tile/0/{path}" for n, path in expected.items()
    }
    assert {n: parse_path(f"tile/0/{path}") for n, path in expected.items()} == {
        n: Tile(0, int(n)) for n in expected
    }


def tile_of_300(tile: Tile) -> bytes:
    """Return a tile of the log of 300 numbered leaves."""
    log = MemoryLog()
    log.append(LEAVES[:300])
    return log.tiles[tile]


def check_bundle(expected: str) -> None:
    """A bundle of three entries, written and read."""
    assert encode_bundle([b"a", b"", b"xyz"]).hex() == expected
    assert decode_bundle(bytes.fromhex(expected)) == [b"a", b"", b"xyz"]


def check_example(expected: str) -> None:
    """The published example of signed-note opens with its published key."""
    assert expected == "verified"
    note = open_note(EXAMPLE.encode(), [Verifier.parse(EXAMPLE_KEY)])
    assert note.text == "This is an example message.\n"


def check_checkpoint(expected: str) -> None:
    """A checkpoint with the log's line and a witness's; Ed25519 gives the same bytes always."""
    text = CHECKPOINT.text
    note = assemble_note(text, [LOG.sign_text(text), cosign(text, WITNESS, TIME)])
    assert note.decode() == expected


def check_tlog_proof(expected: str) -> None:
    """The offline proof of leaf 257, written and read."""
    proof = TlogProof(
        257, tuple(inclusion_proof(257, LEAVES[:300])), VECTORS["checkpoint"].encode()
    )
    assert encode(proof).decode() == expected
    assert parse(expected.encode()) == proof


def check_submission(expected: str) -> None:
    """What the log sends to a witness: old size, proof, and its own signature alone."""
    note = sign_note(Checkpoint(ORIGIN, 1000, ROOTS[1000]).text, [LOG])
    body = encode_submission(300, consistency_proof(300, LEAVES), note)
    assert body.decode() == expected
    assert parse_submission(body).note == note


def check_ml_dsa(expected: dict[str, str]) -> None:
    """Key, key id, message and line of an ML-DSA-44 cosignature."""
    private = MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(expected["seed hex"]))
    key = Verifier("witness.example.org/w2", ML_DSA_44, private.public_key().public_bytes_raw())
    assert hashlib.sha256(key.public_key).hexdigest() == expected["pk sha256"]
    assert key.key_id.hex() == expected["key id"]
    message = subtree_message(key.name, CHECKPOINT.text, TIME)
    assert message.hex() == expected["cosigned_message hex"]
    note = assemble_note(CHECKPOINT.text, [expected["note line"]])
    assert [line.time for line in open_note(note, [key]).verified] == [TIME]


def equals(found: Callable[[], str]) -> Callable[[str], None]:
    """Return the check that something comes out as the vector says."""

    def check(expected: str) -> None:
        assert found() == expected

    return check


CHECKS: dict[str, Callable[[Any], None]] = {
    "empty_root": equals(lambda: to_base64(EMPTY_ROOT)),
    "leaf_hash_of_empty_entry": equals(lambda: to_base64(leaf_hash(b""))),
    "roots leaf-%d": check_roots,
    "rfc6962 8-leaf roots": check_rfc_roots,
    "incl 257/300": check_inclusion,
    "cons 300->1000": check_consistency,
    "tiles 70000": check_tiles_70000,
    "tiles 256": check_tiles_256,
    "paths": check_paths,
    "tile/0/000 sha256 (leaf 0..255)": equals(
        lambda: hashlib.sha256(tile_of_300(Tile(0, 0))).hexdigest()
    ),
    "tile/1/000.p/1 for size 300": equals(lambda: to_base64(tile_of_300(Tile(1, 0, 1)))),
    'bundle [b"a",b"",b"xyz"]': check_bundle,
    "spec signed-note example": check_example,
    "log vkey": equals(lambda: LOG.vkey),
    "witness vkey": equals(lambda: WITNESS.cosignature_vkey),
    "checkpoint": check_checkpoint,
    "tlog-proof": check_tlog_proof,
    "add-checkpoint body": check_submission,
    "origin hash": equals(lambda: hashlib.sha256(ORIGIN.encode()).hexdigest()),
    "mldsa44": check_ml_dsa,
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_vector_comes_out_byte_for_byte(name: str) -> None:
    """Each vector of the file is what this implementation makes and reads."""
    CHECKS[name](VECTORS[name])


def test_no_check_is_without_its_vector() -> None:
    """Vectors and checks belong together, one to one."""
    assert CHECKS.keys() == VECTORS.keys()


def test_the_sums_that_the_specification_prints() -> None:
    """What stands in the text and not in the file: the empty entry in hex, and a root's bytes."""
    assert leaf_hash(b"").hex() == (
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert base64.b64decode("56/ILTiUT8eTBUUygJHUWCMojB9zTL2sBjlnE+vUtdU=") == ROOTS[300]
