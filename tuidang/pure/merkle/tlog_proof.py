# SPDX-License-Identifier: Apache-2.0
"""Offline proofs in one file: index, path and signed checkpoint together.

The `extra` bytes are not authenticated: never show or count what they say before the
leaf that was rebuilt from them is proven.

Source: c2sp.org/tlog-proof@v1, in `transparency-log.md` section 10.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tuidang.pure.merkle.canonical import from_base64, from_decimal, from_utf8, to_base64
from tuidang.pure.merkle.checkpoints import MAX_SIZE, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.notes import OpenedNote, Verifier, open_note, split_note
from tuidang.pure.merkle.policies import Policy
from tuidang.pure.merkle.proofs import ProofError, verify_inclusion

HEADER = "c2sp.org/tlog-proof@v1"
MAX_HASHES = 63


class TlogProofError(FormatError):
    """The file is not an offline proof."""


@dataclass(frozen=True, slots=True)
class TlogProof:
    """Leaf `index`, its inclusion proof, and the signed checkpoint as it was served."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index < MAX_SIZE or len(self.hashes) > MAX_HASHES:
            raise TlogProofError("proof_range", "index or number of hashes is out of range")
        if any(len(each) != HASH_SIZE for each in self.hashes):
            raise TlogProofError("hash_length", "a hash is not 32 bytes long")
        split_note(self.checkpoint)


def encode(proof: TlogProof) -> bytes:
    """Return the file of a proof."""
    lines = [HEADER]
    if proof.extra is not None:
        lines.append(f"extra {to_base64(proof.extra)}")
    lines.append(f"index {proof.index}")
    lines.extend(to_base64(each) for each in proof.hashes)
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + proof.checkpoint


def parse(data: bytes) -> TlogProof:
    """Return the proof in a file; nothing is verified yet.

    Raises TlogProofError unless the file is canonical, NoteError if the checkpoint is no
    signed note.
    """
    head, separator, checkpoint = data.partition(b"\n\n")
    if not separator:
        raise TlogProofError("proof_header", "not an offline proof")
    try:
        index, hashes, extra = _parse_head(from_utf8(head).split("\n"))
    except FormatError as error:
        raise TlogProofError(error.code, error.message) from error
    return TlogProof(index, hashes, checkpoint, extra)


def _parse_head(lines: list[str]) -> tuple[int, tuple[bytes, ...], bytes | None]:
    if lines.pop(0) != HEADER:
        raise TlogProofError("proof_header", "not an offline proof")
    extra = _pop_value(lines, "extra ")
    index = _pop_value(lines, "index ")
    if index is None:
        raise TlogProofError("proof_index", "the proof names no index")
    hashes = tuple(from_base64(line) for line in lines)
    return from_decimal(index), hashes, None if extra is None else from_base64(extra)


def verify(
    proof: TlogProof,
    leaf_hash: bytes,
    log: Verifier,
    cosigners: Iterable[Verifier] = (),
    *,
    policy: Policy | None = None,
) -> OpenedNote:
    """Return the opened checkpoint of a proof that holds for this leaf hash.

    The log's own key must have signed and be named as the origin, and the cosignatures must
    make the policy's quorum, if there is a policy. When it was, `policy.date` says. Raises
    NoteError, CheckpointError, PolicyError or ProofError.
    """
    witnesses = [each.key for each in policy.witnesses] if policy else []
    note = open_note(proof.checkpoint, [log, *cosigners, *witnesses])
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != log.name or not note.by(log):
        raise ProofError("origin_differs", "the checkpoint is not signed by this log")
    if policy:
        policy.check(note.verified)
    verify_inclusion(leaf_hash, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    return note


def _pop_value(lines: list[str], label: str) -> str | None:
    """Take the first line off if it has this label, and return the rest of it."""
    if lines and lines[0].startswith(label):
        return lines.pop(0).removeprefix(label)
    return None
