# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cosignatures that come after publication: by auditors, and by witnesses that were away.

An auditor signs what is public and was recounted, so its line is fetched from where it serves
it. Lines are added to the stored checkpoint of their batch, and to the public one; none is ever
taken off, and none gets in that was not verified here.
"""

import logging
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tuidang.pure.merkle.checkpoints import parse_checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import open_note, split_note
from tuidang.pure.merkle.policies import KnownWitness, Policy
from tuidang.pure.merkle.signatures import LINE_START
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY, Doer
from tuidang.registry.transparency import trust
from tuidang.registry.transparency.asking import Unanswered, ask_all
from tuidang.registry.transparency.checkpoint import read_public
from tuidang.registry.transparency.cosigning import (
    ask_witnesses,
    merged,
    signers,
    submitted,
    tell_missing,
)
from tuidang.registry.transparency.keys import LogKeys, read_keys
from tuidang.registry.transparency.models import Batch
from tuidang.registry.transparency.quorum import installed_policy
from tuidang.registry.transparency.storage import LogStore
from tuidang.registry.transparency.stores import open_store
from tuidang.registry.transparency.witness import open_witness

Found = tuple[Batch, str]  # a published batch, and a verified line for its checkpoint
log = logging.getLogger("tuidang.witnesses")


def collect(*, now: datetime, by: Doer = REGISTRY, store: LogStore | None = None) -> list[str]:
    """Fetch what is missing below published checkpoints; return the names of the keys added.

    Auditors are asked for what they signed last, witnesses that have not signed the newest
    checkpoint to do so now. The bundle is renewed. Raises PolicyUnusable, PublisherBusy.
    """
    files = store or open_store()
    keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
    policy = installed_policy(keys)
    last = Batch.objects.published().last_batch()
    if last is None:
        return []
    found = [*_late_witnesses(policy, last, keys, files), *_auditors(policy, last, keys)]
    with files.alone():
        added = [name for batch, line in found for name in _add(batch, line, by=by)]
        _show(files)
        trust.renew(now=now)
    return added


def _late_witnesses(policy: Policy, last: Batch, keys: LogKeys, store: LogStore) -> list[Found]:
    """Return lines of witnesses that did not sign the newest checkpoint in time.

    None while the next one waits for its quorum: they may have signed that already.
    """
    if Batch.objects.filter(state=Batch.State.PREPARED).exists():
        return []
    note = ask_witnesses(policy, last.checkpoint, keys, public=None, store=store)
    before = _lines(last.checkpoint)
    return [(last, line) for line in _lines(note) if line not in before]


def _auditors(policy: Policy, last: Batch, keys: LogKeys) -> list[Found]:
    """Return what the auditors serve that have not signed the newest checkpoint."""
    signed = signers(policy, last.checkpoint)
    asked = [each for each in policy.witnesses if each.audits and each.key not in signed]
    replies = ask_all(
        {each.key.vkey: partial(_fetch, each, keys.log.name) for each in asked if each.url},
        seconds=settings.WITNESSES_SECONDS,
    )
    tell_missing(asked, replies)
    found = []
    for each in asked:
        reply = replies.get(each.key.vkey)
        if reply is not None and reply.value is not None:
            found += _judge(each, reply.value, keys)
    return found


def _fetch(auditor: KnownWitness, origin: str) -> bytes:
    answer = open_witness(auditor.url or "", settings.WITNESS_SECONDS).latest(origin)
    if answer.status != 200:
        raise Unanswered(f"status_{answer.status}")
    return answer.body


def _judge(auditor: KnownWitness, note: bytes, keys: LogKeys) -> list[Found]:
    """Return the auditor's line and its batch; nothing, and a warning, if it cannot be used."""
    try:
        text, lines = split_note(note)
        batch = _batch_of(text, note, keys)
        asked = submitted(batch.checkpoint, keys)
        return [(batch, asked.verified(auditor.key, lines).text)]
    except (Unanswered, FormatError) as error:
        log.warning("no cosignature by %s: %s", auditor.key.name, error)
        return []


def _batch_of(text: str, note: bytes, keys: LogKeys) -> Batch:
    """Return the published batch whose checkpoint this is; raises Unanswered if none."""
    size = parse_checkpoint(text).size
    batch = Batch.objects.published().filter(size=size).first()
    if batch is None or _text(batch.checkpoint) != text:
        raise Unanswered(_unknown(note, keys))
    return batch


def _unknown(note: bytes, keys: LogKeys) -> str:
    """Say whether a checkpoint that we have not published was signed by our key all the same."""
    try:
        open_note(note, [keys.log.verifier])
    except FormatError:
        return "not_our_checkpoint"
    return "our_key_has_signed_another_history"


@transaction.atomic
def _add(batch: Batch, line: str, *, by: Doer) -> list[str]:
    """Put a verified line below the batch's checkpoint; return the name in it, if it is new."""
    note = Batch.objects.get(pk=batch.pk).checkpoint
    longer = merged(note, [line])
    if longer == note:
        return []
    Batch.objects.filter(pk=batch.pk).update(checkpoint=longer)
    audit.record("cosigned", batch.pk, by=by, day=batch.last_day, number=batch.number)
    return [_name(line)]


def _show(store: LogStore) -> None:
    """Put below the public checkpoint what is stored for it, also what a crash kept from it."""
    last, public = Batch.objects.published().last_batch(), read_public(store)
    if last is None or public is None or _text(public) != _text(last.checkpoint):
        return
    longer = merged(public, _lines(last.checkpoint))
    if longer != public:
        store.replace_checkpoint(longer.encode())


def _text(note: str) -> str:
    return split_note(note.encode())[0]


def _lines(note: str) -> list[str]:
    return [line.text for line in split_note(note.encode())[1]]


def _name(line: str) -> str:
    return line.removeprefix(LINE_START).partition(" ")[0]
