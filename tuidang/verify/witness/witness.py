# SPDX-License-Identifier: Apache-2.0
"""What a witness answers: status, kind and body, from a request and its memory.

A cosignature leaves only after the head is on the disk. Every refusal is a value with the
status that the specification gives it, in its order; nothing a stranger sends may raise.

Source: C2SP tlog-witness v1.0.0, in `transparency-log.md` section 9.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tuidang.pure.merkle.checkpoints import cosign
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.pure.merkle.notes import OpenedNote, assemble_note, open_note
from tuidang.pure.merkle.proofs import ProofError, verify_consistency
from tuidang.pure.merkle.signatures import Signer, Verifier
from tuidang.pure.merkle.submissions import Head, Submission, parse_submission, submitted_head
from tuidang.verify.auditor import check_witness_name
from tuidang.verify.witness.memory import Memory, Remembered, Turn

TEXT = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"
MAX_STEP_BACK = 3600  # seconds by which the clock may be behind the last cosignature


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: an HTTP status, the kind of the body, and the body."""

    status: int
    body: bytes
    kind: str = TEXT


class Witness:
    """One witness key, the logs that it knows, and its memory."""

    def __init__(
        self, signer: Signer, logs: Iterable[Verifier], memory: Memory, clock: Callable[[], float]
    ) -> None:
        """Take the keys of the logs, each named after its log's origin; `clock` is POSIX time.

        Raises WrongKey for the key of an auditor.
        """
        check_witness_name(signer.name)
        self._signer = signer
        self._memory = memory
        self._clock = clock
        self._logs: dict[str, list[Verifier]] = {}
        for log in logs:
            self._logs.setdefault(log.name, []).append(log)
        self._by_hash = {origin_hash(origin): origin for origin in self._logs}

    @property
    def vkey(self) -> str:
        """The text by which the key for its cosignatures is published."""
        return self._signer.cosignature_vkey

    def add_checkpoint(self, body: bytes) -> Answer:
        """Answer `POST /add-checkpoint`; 200 and a cosignature only if everything holds."""
        try:
            asked = parse_submission(body)
            head = submitted_head(asked.note)
        except FormatError as error:
            return _refused(400, error.message)
        if head.origin not in self._logs:
            return _refused(404, "this log is not known here")
        try:
            note = open_note(asked.note, self._logs[head.origin])
        except FormatError as error:
            return _refused(403, error.message)
        if asked.old > head.size:
            return _refused(400, "the old size is larger than the new one")
        try:
            with self._memory.turn() as turn:
                answer = self._answer(turn, asked, head, note)
        except sqlite3.Error:
            return _refused(503, "the memory cannot be used now")
        return answer

    def latest(self, origin_digest: str) -> Answer:
        """Answer `GET /<hex SHA-256 of the origin>/checkpoint`."""
        origin = self._by_hash.get(origin_digest)
        if origin is None:
            return _refused(404, "this log is not known here")
        try:
            with self._memory.turn() as turn:
                known = turn.head(origin)
        except sqlite3.Error:
            return _refused(503, "the memory cannot be used now")
        if known is None:
            return _refused(404, "nothing was cosigned yet")
        return Answer(200, known.note)

    def _answer(self, turn: Turn, asked: Submission, head: Head, note: OpenedNote) -> Answer:
        known = turn.head(head.origin)
        recorded = known.size if known else 0
        if asked.old != recorded:
            return Answer(409, b"%d\n" % recorded, SIZE)
        if head.size == 0 and head.root != EMPTY_ROOT:
            return _refused(422, "an empty log has the empty root")
        try:
            # An empty tree has been seen where nothing has: everything is consistent with it.
            root = known.root if known else EMPTY_ROOT
            verify_consistency(asked.old, head.size, asked.proof, root, head.root)
        except ProofError as error:
            return _refused(422, error.message)
        return self._cosign(turn, head, note)

    def _cosign(self, turn: Turn, head: Head, note: OpenedNote) -> Answer:
        now, last = int(self._clock()), turn.last_time()
        if last - now > MAX_STEP_BACK:
            return _refused(503, "the clock is behind an earlier cosignature")
        time = max(now, last)
        line = cosign(note.text, self._signer, time)
        # A line of the log that was sent a hundred times is one line.
        kept = assemble_note(note.text, dict.fromkeys([*(e.text for e in note.verified), line]))
        turn.put(head.origin, Remembered(head.size, head.root, time, kept))
        return Answer(200, line.encode())


def origin_hash(origin: str) -> str:
    """Return the name of a log's folder below a monitoring prefix: 64 hexadecimal digits."""
    return hashlib.sha256(origin.encode()).hexdigest()


def _refused(status: int, words: str) -> Answer:
    return Answer(status, f"{words}\n".encode())
