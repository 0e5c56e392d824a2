# SPDX-License-Identifier: AGPL-3.0-or-later
"""Witnesses and auditors of others, as the log reaches them.

They get what is public or is about to be. What they answer is not believed here: see `cosigning`
and `auditors`, which verify it.

Source: C2SP tlog-witness v1.0.0, in `transparency-log.md` section 9.
"""

import hashlib
import sys
from typing import Protocol

from tuidang.registry.transparency.asking import Answer, Question, Unanswered, ask

CONSOLE = "console:"
LIMIT = 64 * 1024  # bytes of an answer: sixteen of the longest signature lines
NOTE_LIMIT = 1_000_000  # bytes of a checkpoint that somebody else has collected lines for


class Witness(Protocol):
    """Somebody who cosigns."""

    def add_checkpoint(self, body: bytes) -> Answer:
        """Take an add-checkpoint request; raises Unanswered."""

    def latest(self, origin: str) -> Answer:
        """Return the checkpoint of this origin that they cosigned last; raises Unanswered."""


class HttpWitness:
    """The real one, below an http or https prefix."""

    def __init__(self, prefix: str, seconds: float) -> None:
        self._prefix = prefix.removesuffix("/")
        self._seconds = seconds

    def add_checkpoint(self, body: bytes) -> Answer:
        """POST it; raises Unanswered."""
        question = Question(f"{self._prefix}/add-checkpoint", body)
        return ask(question, seconds=self._seconds, limit=LIMIT)

    def latest(self, origin: str) -> Answer:
        """GET it by the SHA-256 of the origin; raises Unanswered."""
        name = hashlib.sha256(origin.encode()).hexdigest()
        question = Question(f"{self._prefix}/{name}/checkpoint")
        return ask(question, seconds=self._seconds, limit=NOTE_LIMIT)


class ConsoleWitness:
    """Shows what a witness would be sent, and signs nothing."""

    def add_checkpoint(self, body: bytes) -> Answer:
        """Print the request; raises Unanswered."""
        sys.stderr.write(body.decode())
        raise Unanswered("console")

    def latest(self, origin: str) -> Answer:
        """Print the origin; raises Unanswered."""
        sys.stderr.write(f"{origin}\n")
        raise Unanswered("console")


def open_witness(prefix: str, seconds: float) -> Witness:
    """Return the witness at a prefix of the policy file; `console:` is the one that only shows."""
    return ConsoleWitness() if prefix == CONSOLE else HttpWitness(prefix, seconds)
