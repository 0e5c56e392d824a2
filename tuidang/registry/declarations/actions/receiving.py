# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a declaration in: sealed, in one INSERT, and safe to repeat.

This is the hot path and runs in the public process, which has no key to what it writes. It
must never keep the code, a salt or the text past the call, and writes no audit row: a row
for each arrival would be an order of arrival.
"""

import hashlib
import hmac
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tuidang.pure.intake.declaration import Declaration as Body
from tuidang.pure.receipt import Code, DeclarantKeys, mailbox_recipient
from tuidang.registry.declarations import day_keys
from tuidang.registry.declarations.errors import AlreadyReceived, KeyReused, ListRepeated
from tuidang.registry.declarations.inserting import insert
from tuidang.registry.declarations.keyed_hashes import idempotency_hash, lookup_hash
from tuidang.registry.declarations.leaves_to_be import leaves_to_be, packet
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.declarations.policies import earlier_lookup
from tuidang.registry.vault.actions import seal_to_ring
from tuidang.registry.vault.sealing import seal

CODE_BYTES = 11


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """One try to hand a declaration in; the same key and body give the same code for its days."""

    idempotency_key: str
    body_digest: bytes

    def code(self, day_key: bytes) -> Code:
        """Derive the receipt code (intake spec, section 2)."""
        message = self.idempotency_key.encode() + self.body_digest
        return Code(hmac.digest(day_key, message, "sha256")[:CODE_BYTES])


def receive(
    declaration: Body,
    *,
    idempotency_key: str,
    channel: str,
    day: date,
    fingerprint: bytes | None = None,
    sample: bool = False,
) -> Code:
    """Seal and store a declaration and return its receipt code, durable when this returns.

    The same key and body return the same code for 48 hours and store nothing.
    Raises KeyReused for another body, AlreadyReceived once the day's key is destroyed,
    ListRepeated for a fingerprint that waits already, IntakeError for an earlier receipt
    that nobody has, and vault's NoRecipient (intake spec, section 2).
    """
    attempt = Attempt(idempotency_key, hashlib.sha256(declaration.canonical_body()).digest())
    code = attempt.code(day_keys.key_of(day))
    of_a_list = channel == Declaration.Channel.LIST or declaration.is_collected
    row = _row(declaration, DeclarantKeys(code, settings.ORIGIN), day, of_a_list=of_a_list)
    row.idempotency = idempotency_hash(idempotency_key)
    row.channel = channel
    row.fingerprint = fingerprint
    row.sample = sample
    try:
        with _alone():
            insert(row)
    except IntegrityError:
        earlier = _earlier_code(row, attempt)
        if earlier is None:
            raise
        return earlier
    return code


def _row(declaration: Body, keys: DeclarantKeys, day: date, *, of_a_list: bool) -> Declaration:
    origin = settings.ORIGIN
    leaves = list(leaves_to_be(declaration, keys, origin=origin, day=day))
    recipient = mailbox_recipient(keys.mailbox_secret)
    if declaration.earlier_receipt is not None:
        declaration = declaration.with_earlier_lookup(earlier_lookup(declaration.earlier_receipt))
    month, sealed = seal_to_ring(declaration.to_json(), day=day)
    return Declaration(
        lookup=lookup_hash(keys.lookup),
        mailbox_recipient=recipient,
        commitments=b"".join(leaf.commitment for leaf in leaves),
        holder_digests=b"".join(leaf.holder_digest for leaf in leaves),
        packet=seal(packet(leaves, origin=origin, day=day, of_a_list=of_a_list), [recipient]),
        sealed=sealed,
        ring_month=month,
        language=declaration.language,
        day=day,
        origin=origin,
    )


def _alone() -> AbstractContextManager[object]:
    """Let the INSERT be a transaction by itself; inside one, let its failure spoil nothing."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def _earlier_code(row: Declaration, attempt: Attempt) -> Code | None:
    """Say what a repeated INSERT means: the same code again, or an error; None if neither."""
    earlier = Declaration.objects.filter(idempotency=row.idempotency)
    found = earlier.values_list("lookup", "day").first()
    if found is None:
        if row.fingerprint and Declaration.objects.filter(fingerprint=row.fingerprint).exists():
            raise ListRepeated
        return None
    lookup, received_on = found
    day_key = day_keys.kept(received_on)
    if day_key is None:
        raise AlreadyReceived
    code = attempt.code(day_key)
    if lookup_hash(DeclarantKeys(code, settings.ORIGIN).lookup) != bytes(lookup):
        raise KeyReused
    return code
