# SPDX-License-Identifier: AGPL-3.0-or-later
"""Collecting cosignatures of a signed checkpoint from the witnesses that the policy names.

All are asked side by side, and one that is down, slow or lying costs its own line and no other.
No line gets into a checkpoint that was not verified here, by the key that the policy gives its
witness: a checkpoint with a wrong line of a known key would be refused by everybody.

Sources: `transparency-log.md` sections 8 to 10.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from tuidang.pure.merkle.canonical import from_decimal, from_utf8
from tuidang.pure.merkle.checkpoints import MAX_SIZE, Checkpoint, parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import (
    SignatureLine,
    VerifiedLine,
    Verifier,
    assemble_note,
    open_note,
    split_note,
)
from tuidang.pure.merkle.policies import KnownWitness, Policy
from tuidang.pure.merkle.submissions import encode_submission
from tuidang.pure.merkle.tiles import Tile, consistency_proof_from_tiles
from tuidang.registry.transparency.asking import Reply, Unanswered, ask_all
from tuidang.registry.transparency.errors import FileMissing, QuorumMissed
from tuidang.registry.transparency.keys import LogKeys, read_keys
from tuidang.registry.transparency.quorum import holds, installed_policy, quorum_words
from tuidang.registry.transparency.storage import LogStore
from tuidang.registry.transparency.witness import open_witness

T = TypeVar("T")
SKEW = 3600  # seconds by which a witness's clock and ours may differ
log = logging.getLogger("tuidang.witnesses")


@dataclass(frozen=True, slots=True)
class Submitted:
    """A checkpoint that cosigners are asked about: what it says, and when our clock signed it."""

    note: str
    checkpoint: Checkpoint
    since: int

    def verified(self, key: Verifier, lines: Iterable[SignatureLine]) -> VerifiedLine:
        """Return the first line of this key that holds, at a plausible time; raises Unanswered.

        A time before the checkpoint was signed would make a date that is too early; the years
        that a wrong clock invents would have every auditor refuse the checkpoint.
        """
        for line in lines:
            if (line.name, line.key_id) != (key.name, key.key_id):
                continue
            try:
                found = key.verify(self.checkpoint.text, line)
            except FormatError as error:
                raise Unanswered(error.code) from error
            if not self.since - SKEW <= (found.time or 0) <= time.time() + SKEW:
                raise Unanswered("time")
            return found
        raise Unanswered("no_line")


def gather(note: str, *, public: str | None, store: LogStore) -> str:
    """Return the checkpoint with every cosignature that could be had.

    `note` is the newly signed checkpoint with its signature lines, `public` the one that is
    public now (None before the log begins), `store` can read or read staged tiles for
    consistency proofs. Raises QuorumMissed if the policy is not met: the note is then not public.
    """
    keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
    policy = installed_policy(keys)
    gathered = ask_witnesses(policy, note, keys, public=public, store=store)
    signed = signers(policy, gathered)
    if not holds(policy, signed):
        missing = [each for each in policy.witnesses if each.key not in signed and not each.audits]
        names = ", ".join(each.name for each in missing)
        raise QuorumMissed(needed=quorum_words(policy), had=len(signed), names=names)
    return gathered


def ask_witnesses(
    policy: Policy, note: str, keys: LogKeys, *, public: str | None, store: LogStore
) -> str:
    """Return the note with the lines of all witnesses, auditors not asked, that sign in time."""
    asked = submitted(note, keys)
    known = signers(policy, public) if public else frozenset()
    size = parse_checkpoint(split_note(public.encode())[0]).size if public else 0
    signed = signers(policy, note)
    questions: dict[str, Callable[[], str]] = {
        each.key.vkey: partial(_cosign, each, asked, size if each.key in known else 0, store)
        for each in policy.witnesses
        if each.url is not None and not each.audits and each.key not in signed
    }
    replies = ask_all(questions, seconds=settings.WITNESSES_SECONDS)
    tell_missing(policy.witnesses, replies)
    return merged(note, [each.value for each in replies.values() if each.value is not None])


def submitted(note: str, keys: LogKeys) -> Submitted:
    """Return a checkpoint of our own to ask about; NoteError unless log and clock have signed."""
    opened = open_note(note.encode(), [keys.log.verifier, keys.clock.cosignature_verifier])
    times = [line.time for line in opened.verified if line.time is not None]
    return Submitted(note, parse_checkpoint(opened.text), min(times))


def signers(policy: Policy, note: str) -> frozenset[Verifier]:
    """Return the keys of the policy's cosigners that have signed a stored checkpoint."""
    text, lines = split_note(note.encode())
    known = {(each.key.name, each.key.key_id): each.key for each in policy.witnesses}
    found = [(known.get((line.name, line.key_id)), line) for line in lines]
    return frozenset(key.verify(text, line).verifier for key, line in found if key)


def merged(note: str, lines: Iterable[str]) -> str:
    """Return the note with these lines below its own, one for each key; none is ever taken off."""
    text, present = split_note(note.encode())
    every = split_note(assemble_note(text, [*(each.text for each in present), *lines]))[1]
    once: dict[tuple[str, bytes], str] = {}
    for each in every:
        once.setdefault((each.name, each.key_id), each.text)
    return assemble_note(text, once.values()).decode()


def tell_missing(witnesses: Sequence[KnownWitness], replies: Mapping[str, Reply[T]]) -> None:
    """Log who did not sign and why; names of keys and codes only."""
    for each in witnesses:
        reply = replies.get(each.key.vkey)
        if reply is not None and reply.value is None:
            log.warning("no cosignature by %s: %s", each.key.name, reply.reason)


def _cosign(witness: KnownWitness, asked: Submitted, old: int, store: LogStore) -> str:
    """Return a witness's line; once told that it knows another size, prove from there."""
    service = open_witness(witness.url or "", settings.WITNESS_SECONDS)
    answer = service.add_checkpoint(_body(asked, old, store))
    if answer.status == 409:
        old = _recorded(answer.body, asked)
        answer = service.add_checkpoint(_body(asked, old, store))
    if answer.status != 200:
        raise Unanswered(f"status_{answer.status}")
    own = len(split_note(asked.note.encode())[1])
    try:
        _, lines = split_note(asked.note.encode() + answer.body)
    except FormatError as error:
        raise Unanswered("malformed") from error
    return asked.verified(witness.key, lines[own:]).text


def _recorded(body: bytes, asked: Submitted) -> int:
    """Return the size that a witness says it has seen, which cannot be larger than the log."""
    try:
        size = from_decimal(from_utf8(body).removesuffix("\n"), MAX_SIZE)
    except FormatError as error:
        raise Unanswered("malformed") from error
    if size > asked.checkpoint.size:
        raise Unanswered("has_seen_a_larger_log")
    return size


def _body(asked: Submitted, old: int, store: LogStore) -> bytes:
    proof = consistency_proof_from_tiles(partial(_tile, store), old, asked.checkpoint.size)
    return encode_submission(old, proof, asked.note.encode())


def _tile(store: LogStore, tile: Tile) -> bytes:
    """Read a tile of a log that is not public yet: its new ones are only staged."""
    try:
        return store.read_staged(tile.path)
    except FileMissing:
        return store.read(tile.path)
