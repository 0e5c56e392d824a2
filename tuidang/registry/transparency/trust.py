# SPDX-License-Identifier: AGPL-3.0-or-later
"""The trust bundle: what a stranger needs to know to check us offline.

`trust.note` is one line of JSON signed by the log key, `trust.json` the bare line. It is the
same for everybody, and its sequence never goes back; the SHA-256 of each `trust.note` goes into
the log with the next batch, so that a bundle made for one person alone shows. It must never say
who asked for it, nor call a batch witnessed that the policy's own quorum has not signed.

What it tells of certificates is handed down by their room, and kept here in the bundle alone.

Source: `certificates.md` section 3.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch

from tuidang.pure.ledger.entries import TRUST_FILE
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.notes import NoteError, open_note, sign_note, split_note
from tuidang.pure.merkle.policies import Policy
from tuidang.registry.audit import actions as audit
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.transparency.cosigning import signers
from tuidang.registry.transparency.durable import make_folder, replace_file
from tuidang.registry.transparency.errors import KeyFilesUnusable
from tuidang.registry.transparency.keys import LogKeys, read_keys
from tuidang.registry.transparency.models import Batch, Note, Timestamp, Witness
from tuidang.registry.transparency.notes import note
from tuidang.registry.transparency.quorum import installed_policy
from tuidang.registry.transparency.stores import open_store
from tuidang.registry.transparency.timestamp import time_of

NOTE, BARE = "trust.note", "trust.json"
VERSION = 1
RECENT, SIGNED = 400, 31  # batches of which each is told; of which signatures are told too
TIMESTAMP_LABEL = (
    "An outside service says that it was shown the SHA-256 of this checkpoint's text, without its "
    "signature lines, at this time (RFC 3161). It is not a witness: it has not seen the log and "
    "has not checked consistency."
)
Content = dict[str, Any]
OF_CERTIFICATES: Content = {
    "issuers": [],
    "pades_certificates": [],
    "status_lists": [],
    "verify_host": "",
}


def renew(*, now: datetime) -> None:
    """Write the bundle anew unless it says everything already.

    Only for a caller that keeps every other writer out. Raises KeyFilesUnusable, PolicyUnusable.
    """
    keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
    folder = Path(settings.TRUST_FOLDER)
    if not covers(folder, keys, Batch.objects.published().last_batch()):
        write_trust(folder, keys, now=now)


def tell_certificates(make: Callable[[Content], Content], *, now: datetime) -> bool:
    """Write the bundle anew if it is to say something else of certificates; say whether it was.

    `make` is given what the bundle tells (the parts OF_CERTIFICATES) and returns what it shall
    tell; it is asked again once every other writer is kept out. Raises PublisherBusy,
    KeyFilesUnusable, PolicyUnusable.
    """
    keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
    folder = Path(settings.TRUST_FOLDER)
    told = _of_certificates(_read(folder, keys))
    if make(told) == told:
        return False
    with open_store().alone():
        told = make(_of_certificates(_read(folder, keys)))
        write_trust(folder, keys, now=now, certificates=told)
    return True


@transaction.atomic
def write_trust(
    folder: Path, keys: LogKeys, *, now: datetime, certificates: Content | None = None
) -> None:
    """Write both files anew, with the published batches and the next sequence number.

    What is told of certificates stays unless it is given. Raises KeyFilesUnusable if the present
    note is not signed by this log's key, PolicyUnusable.
    """
    today = now.astimezone(UTC).date()
    policy = installed_policy(keys)
    witnesses = _witnesses(policy, today)
    _keep(witnesses, today)
    head: Content = {
        "version": VERSION,
        "sequence": _last_sequence(folder, keys) + 1,
        "issued": today.isoformat(),
    }
    told = certificates or _of_certificates(_read(folder, keys))
    bundle = head | _content(keys, policy, witnesses, told)
    line = json.dumps(bundle, separators=(",", ":")) + "\n"
    signed = sign_note(line, [keys.log])
    note(TRUST_FILE, hashlib.sha256(signed).digest(), day=today)
    make_folder(folder)
    _replace(folder, NOTE, signed)
    _replace(folder, BARE, line.encode())


def covers(folder: Path, keys: LogKeys, last: Batch | None) -> bool:
    """Say whether the bundle is there, ends with this batch and says what would be said now."""
    bundle = _read(folder, keys)
    if bundle is None or not (folder / BARE).exists():
        return False
    numbers = [each["number"] for each in bundle["batches"]]
    if numbers[-1:] != ([last.number] if last else []):
        return False
    policy = installed_policy(keys)
    witnesses = _witnesses(policy, datetime.now(UTC).date())
    content = _content(keys, policy, witnesses, _of_certificates(bundle))
    return content.items() <= bundle.items()


def told_cosignatures(folder: Path, keys: LogKeys) -> dict[int, list[str]]:
    """Return the cosignature lines that the bundle tells of each batch, by the batch's size."""
    bundle = _read(folder, keys)
    return {each["size"]: each["cosignatures"] for each in bundle["batches"]} if bundle else {}


def _of_certificates(bundle: Content | None) -> Content:
    return {part: (bundle or {}).get(part, none) for part, none in OF_CERTIFICATES.items()}


def _content(
    keys: LogKeys, policy: Policy, witnesses: list[Witness], certificates: Content
) -> Content:
    """Return everything in the bundle but when it was written."""
    return {
        "origin": keys.log.name,
        "log_vkey": keys.log.vkey,
        "clock_vkey": keys.clock.cosignature_vkey,
        "witnesses": [_witness(each) for each in witnesses],
        "policy": policy.text,
        "issuers": certificates["issuers"],
        "pades_certificates": certificates["pades_certificates"],
        "batches": _batches(policy),
        "status_lists": certificates["status_lists"],
        "verify_host": certificates["verify_host"],
        "channels": [],
    }


def _batches(policy: Policy) -> list[Content]:
    """Tell of the batches, oldest first, few enough for a note to hold them after decades.

    Of old months only the last batch is told: a log that has its size and root has all before it.
    Who signed and stamped an older one stands in its proofs, and in the files of its stamps.
    """
    published = Batch.objects.published().order_by("number")
    days = list(published.values_list("number", "last_day"))
    months = {(day.year, day.month): number for number, day in days[:-RECENT]}
    chosen = [*months.values(), *(number for number, _ in days[-RECENT:])]
    stamps = Prefetch("timestamps", Timestamp.objects.order_by("service"))
    rows = published.filter(number__in=chosen).prefetch_related(stamps)
    told = [_batch(row, policy) for row in rows]
    return [each | {"cosignatures": [], "timestamps": []} for each in told[:-SIGNED]] + told[
        -SIGNED:
    ]


def _batch(batch: Batch, policy: Policy) -> Content:
    text, lines = split_note(batch.checkpoint.encode())
    origin = text.partition("\n")[0]
    return {
        "number": batch.number,
        "size": batch.size,
        "root": to_base64(bytes(batch.root)),
        "date": batch.last_day.isoformat(),
        "witnessed": _is_witnessed(batch.checkpoint, policy),
        "cosignatures": [line.text for line in lines if line.name != origin],
        "timestamps": [_timestamp(each) for each in batch.timestamps.all()],
    }


@lru_cache(maxsize=4096)  # ten years of batches; three signatures of each take a millisecond
def _is_witnessed(note: str, policy: Policy) -> bool:
    """Only a quorum of others is meant: the log's own clock is no outside witness."""
    return policy.needs_witnesses and policy.satisfied_by(signers(policy, note))


def _timestamp(row: Timestamp) -> Content:
    response = bytes(row.response)
    return {
        "service": row.service,
        "time": time_of(response).isoformat(),
        "response": to_base64(response),
        "label": TIMESTAMP_LABEL,
    }


def _witness(row: Witness) -> Content:
    told = {"name": row.name, "vkey": row.vkey, "from": row.since.isoformat()}
    return told | ({"until": row.until.isoformat()} if row.until else {})


def _witnesses(policy: Policy, today: date) -> list[Witness]:
    """Return all witnesses there ever were, as the policy leaves them today; nothing is saved."""
    known = {row.vkey: row for row in Witness.objects.order_by("since", "name", "vkey")}
    named = {each.key.vkey: each.name for each in policy.witnesses}
    for vkey, row in known.items():
        row.until = None if vkey in named else row.until or today
        row.name = named.get(vkey, row.name)
    new = [vkey for vkey in named if vkey not in known]
    joined = [Witness(name=named[vkey], vkey=vkey, since=today) for vkey in new]
    return sorted([*known.values(), *joined], key=lambda row: (row.since, row.name, row.vkey))


def _keep(witnesses: list[Witness], today: date) -> None:
    """Save who came and who went; the audit says that it was so, and no name."""
    before = {(row.vkey, row.name, row.until) for row in Witness.objects.all()}
    after = {(row.vkey, row.name, row.until) for row in witnesses}
    if before == after:
        return
    for row in witnesses:
        row.save()
    present = sum(row.until is None for row in witnesses)
    audit.record("change_witnesses", None, by=REGISTRY, day=today, witnesses=present)


def _last_sequence(folder: Path, keys: LogKeys) -> int:
    """A lost bundle must not make the sequence fall: bundles and batches are counted here too."""
    bundle = _read(folder, keys)
    written = Note.objects.filter(kind=TRUST_FILE).count()
    return max(bundle["sequence"] if bundle else 0, written, Batch.objects.published().count())


def _read(folder: Path, keys: LogKeys) -> Content | None:
    path = folder / NOTE
    if not path.exists():
        return None
    try:
        opened = open_note(path.read_bytes(), [keys.log.verifier])
    except NoteError as error:
        raise KeyFilesUnusable(path=NOTE) from error
    bundle: Content = json.loads(opened.text)
    return bundle


def _replace(folder: Path, name: str, data: bytes) -> None:
    replace_file(folder / name, data, draft=folder / f".{name}.draft")
