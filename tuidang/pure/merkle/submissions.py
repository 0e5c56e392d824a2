# SPDX-License-Identifier: Apache-2.0
"""What a log sends to a witness: old size, consistency proof, signed checkpoint.

Frames only. Whether the proof holds and who signed is judged elsewhere, in the order that
the specification lays down; so a checkpoint of size 0 with a wrong root passes here.

Source: C2SP tlog-witness v1.0.0, in `transparency-log.md` section 9.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tuidang.pure.merkle.canonical import from_base64, from_decimal, from_utf8, to_base64
from tuidang.pure.merkle.checkpoints import MAX_SIZE
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import HASH_SIZE
from tuidang.pure.merkle.notes import split_note

MAX_HASHES = 63
MAX_SUBMISSION = 128 * 1024  # bytes: 63 hashes and more than 16 of the longest signature lines


class SubmissionError(FormatError):
    """The body of an add-checkpoint request is malformed."""


@dataclass(frozen=True, slots=True)
class Submission:
    """The size that the witness is thought to know, the proof from there, and the note."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The first three lines of a checkpoint; a size of 0 may still have a wrong root."""

    origin: str
    size: int
    root: bytes


def encode_submission(old: int, proof: Sequence[bytes], note: bytes) -> bytes:
    """Return the body of an add-checkpoint request."""
    lines = [f"old {old}", *map(to_base64, proof)]
    return "".join(f"{line}\n" for line in lines).encode() + b"\n" + note


def parse_submission(body: bytes) -> Submission:
    """Return the parts of a body; SubmissionError unless canonical and at most 63 hashes."""
    if len(body) > MAX_SUBMISSION:
        raise SubmissionError("submission_too_long", "the request is too long")
    head, separator, note = body.partition(b"\n\n")
    if not separator:
        raise SubmissionError("submission_malformed", "not an add-checkpoint request")
    try:
        first, *rest = from_utf8(head).split("\n")
        old = from_decimal(first.removeprefix("old "), MAX_SIZE)
        proof = tuple(from_base64(line) for line in rest)
    except FormatError as error:
        raise SubmissionError(error.code, error.message) from error
    if not first.startswith("old ") or len(proof) > MAX_HASHES:
        raise SubmissionError("submission_malformed", "not an add-checkpoint request")
    if any(len(each) != HASH_SIZE for each in proof):
        raise SubmissionError("hash_length", "a hash is not 32 bytes long")
    return Submission(old, proof, note)


def submitted_head(note: bytes) -> Head:
    """Return what a submitted checkpoint claims, nothing verified.

    Raises FormatError unless it is a signed note whose text is a checkpoint's; only the root
    of an empty log is left to the caller, because its refusal comes late and has its own code.
    """
    lines = split_note(note)[0][:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise SubmissionError("checkpoint_lines", "a checkpoint has three lines or more")
    root = from_base64(lines[2])
    if len(root) != HASH_SIZE:
        raise SubmissionError("hash_length", "a root is not 32 bytes long")
    return Head(lines[0], from_decimal(lines[1], MAX_SIZE), root)
