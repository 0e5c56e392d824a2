# SPDX-License-Identifier: Apache-2.0
"""The signed checkpoints in a proof: whether they are this log's, and when they were seen.

A day comes from cosignatures alone, never from a field that somebody typed. It must never
count a cosignature outside the time in which its key was a witness.

Source: `transparency-log.md` sections 3, 7 and 8.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from tuidang.pure.merkle.checkpoints import Checkpoint, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import NoteError, OpenedNote, VerifiedLine, open_note
from tuidang.pure.merkle.proofs import ProofError, verify_inclusion
from tuidang.pure.merkle.tlog_proof import TlogProof
from tuidang.verify.certificate.trust import Bundle, DatedBatch
from tuidang.verify.errors import ProofContradicts

SLACK = timedelta(days=1)  # a witness whose clock is slow, about midnight


@dataclass(frozen=True, slots=True)
class Head:
    """A checkpoint that the log has signed, and the lines on it that were verified."""

    checkpoint: Checkpoint
    note: OpenedNote

    def day(self, bundle: Bundle) -> date | None:
        """Return the UTC day at which the bundle's policy was met, or None if it is not."""
        found = [each for each in self.note.verified if _counts(each, bundle)]
        return _day(bundle.policy.date(found, bundle.clock))


def open_head(data: bytes, bundle: Bundle) -> Head:
    """Return a checkpoint that the bundle's log has signed and its batches do not contradict.

    Raises ProofContradicts.
    """
    try:
        note = open_note(data, bundle.verifiers)
        checkpoint = parse_checkpoint(note.text)
    except FormatError as error:
        stranger = isinstance(error, NoteError) and error.code == "signature_unknown"
        raise ProofContradicts("proof_other_log" if stranger else "proof_checkpoint") from error
    if checkpoint.origin != bundle.origin or not note.by(bundle.log):
        raise ProofContradicts("proof_other_log")
    if checkpoint.extensions:
        raise ProofContradicts("proof_checkpoint")
    head = Head(checkpoint, note)
    _check_batches(head, bundle)
    return head


def prove(entry: bytes, proof: TlogProof, bundle: Bundle, code: str) -> Head:
    """Return the head of the log that holds this entry; ProofContradicts(code) if it does not."""
    head = open_head(proof.checkpoint, bundle)
    size, root = head.checkpoint.size, head.checkpoint.root
    try:
        verify_inclusion(leaf_hash(entry), proof.index, size, proof.hashes, root)
    except ProofError as error:
        raise ProofContradicts(code) from error
    return head


def _check_batches(head: Head, bundle: Bundle) -> None:
    """A size ends a batch, with its root, and nobody saw a batch before its day."""
    size, day = head.checkpoint.size, head.day(bundle)
    for batch in bundle.batches:
        other_root = batch.size == size and batch.root != head.checkpoint.root
        too_early = day is not None and batch.size <= size and day < batch.day - SLACK
        if other_root or too_early:
            raise ProofContradicts("proof_contradicts_log")
    if _within_a_batch(size, bundle.batches):
        raise ProofContradicts("proof_contradicts_log")


def _within_a_batch(size: int, batches: tuple[DatedBatch, ...]) -> bool:
    """Say whether a size lies between two batches of which one follows the other, or before the
    end of the first."""
    if batches and batches[0].number == 0 and size < batches[0].size:
        return True
    following = (pair for pair in pairwise(batches) if pair[1].number == pair[0].number + 1)
    return any(one.size < size < other.size for one, other in following)


def _counts(line: VerifiedLine, bundle: Bundle) -> bool:
    day = _day(line.time)
    return day is not None and bundle.counts(line, day)


def _day(time: int | None) -> date | None:
    try:
        return None if time is None else datetime.fromtimestamp(time, UTC).date()
    except (ValueError, OverflowError, OSError):
        return None  # a time that no calendar has dates nothing
