# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making members and ring keys, sealing to them, and opening with a passphrase.

A ring key's secret exists for one call: it is sealed to every member at once, so that a new
month needs nobody's passphrase. Background jobs seal and never unseal. This room must never
write a secret that the host's key and a member's passphrase do not both guard.
"""

import secrets
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.vault.errors import NoSuchRingKey, Unopenable, WrongPassphrase
from tuidang.registry.vault.host_keys import write_new
from tuidang.registry.vault.models import Mail, Member, RingKey, Wrap
from tuidang.registry.vault.months import month_of, next_month
from tuidang.registry.vault.policies import check_can_destroy, check_can_renew
from tuidang.registry.vault.recipients import RECOVERY_FILE, forget_recipients, recipients_of
from tuidang.registry.vault.sealing import new_identity, seal
from tuidang.registry.vault.unlocked import Unlocked
from tuidang.registry.vault.wrapping import SALT_BYTES, lock, memory_cost, passphrase_key, unlock
from tuidang.registry.vault.wraps import destroy_wrap_key, open_wraps, wrap_for

MEMBER_CONTEXT = b"tuidang/vault/member/v1"


@transaction.atomic
def create_member(member_id: UUID, passphrase: str, *, by: Doer, day: date) -> Member:
    """Make a member with a key pair of their own, which only the passphrase opens.

    The member opens nothing yet: `renew_ring` and `admit` give them ring keys.
    """
    identity, recipient = new_identity()
    salt, memory_kib = secrets.token_bytes(SALT_BYTES), memory_cost()
    key = passphrase_key(passphrase, member=member_id, salt=salt, memory_kib=memory_kib)
    member = Member.objects.create(
        id=member_id,
        recipient=recipient,
        salt=salt,
        memory_kib=memory_kib,
        wrapped=lock(key, identity.encode(), MEMBER_CONTEXT),
    )
    record("create_member", member.id, by=by, day=day)
    return member


def open_member(member_id: UUID, passphrase: str) -> Unlocked:
    """Open all ring keys that are wrapped for a member; raise WrongPassphrase if that fails.

    For an id that no member has it does the same work first, so that the time taken does
    not tell who is a member.
    """
    member = Member.objects.filter(id=member_id).first() or _nobody(member_id)
    key = passphrase_key(
        passphrase, member=member.id, salt=bytes(member.salt), memory_kib=member.memory_kib
    )
    try:
        identity = unlock(key, bytes(member.wrapped), MEMBER_CONTEXT).decode()
    except Unopenable:
        raise WrongPassphrase from None
    return Unlocked(member=member.id, keys=open_wraps(member, identity))


@transaction.atomic
def remove_member(member_id: UUID, *, by: Doer, day: date) -> None:
    """Take a member's key and all their wraps away; the rings stay with the others."""
    Member.objects.filter(id=member_id).delete()
    record("remove_member", member_id, by=by, day=day)


@transaction.atomic
def renew_ring(ring: str, month: str, *, by: Doer, day: date) -> RingKey:
    """Make the ring's key for a month (YYYY-MM) and wrap it for every member; once made, it stays.

    Needs no passphrase. Raises MonthClosed for a month that is over, NoMembers if there are none.
    """
    there = RingKey.objects.filter(ring=str(ring), month=month).first()
    return there or _make_ring_key(str(ring), month, by=by, day=day)


@transaction.atomic
def renew_rings(*, by: Doer, day: date) -> list[RingKey]:
    """Make sure that every ring has this month's key and the next month's.

    A month ahead, so that a timetable that stands still for a few days shuts no door.
    """
    months = (month_of(day), next_month(day))
    return [renew_ring(ring, month, by=by, day=day) for ring in RingKey.Ring for month in months]


@transaction.atomic
def admit(member_id: UUID, unlocked: Unlocked, *, by: Doer, day: date) -> None:
    """Wrap for a member every ring key that another member has open and that still exists."""
    member = Member.objects.get(id=member_id)
    missing = RingKey.objects.exclude(wraps__member=member)
    wraps = [
        wrap_for(ring_key, member, unlocked.keys[ring_key.ring, ring_key.month])
        for ring_key in missing
        if (ring_key.ring, ring_key.month) in unlocked.keys
    ]
    Wrap.objects.bulk_create(wraps)
    record("admit_member", member.id, by=by, day=day, keys=len(wraps))


@transaction.atomic
def destroy_ring_key(ring: str, month: str, *, by: Doer, day: date) -> None:
    """Delete a past month's key with all its wraps, and the host's key that they are under.

    So the wraps in backups of the database open no more either; where an installation has an
    offline recovery key, that one still opens what was sealed. Raises MonthOpen while the month
    is not over, NoSuchRingKey if there is nothing to destroy.
    """
    check_can_destroy(month, day)
    ring_key = RingKey.objects.filter(ring=str(ring), month=month).first()
    if ring_key is None:
        raise NoSuchRingKey(str(ring), month)
    record("destroy_ring_key", ring_key.id, by=by, day=day, month=month)
    ring_key.delete()
    forget_recipients()
    # Last, and before the commit: if this fails, the rows are still there to try again.
    destroy_wrap_key(str(ring), month)


def make_recovery() -> str | None:
    """Make the offline recovery key and return its secret, to be printed and kept nowhere.

    Returns None, and changes nothing, if the installation has a recovery recipient already.
    """
    secret, recipient = new_identity()
    made = write_new(Path(settings.KEYS_FOLDER) / RECOVERY_FILE, f"{recipient}\n".encode())
    forget_recipients()
    return secret if made else None


def seal_to_ring(
    plaintext: bytes, *, day: date, ring: str = RingKey.Ring.REVIEW
) -> tuple[str, bytes]:
    """Seal to the ring's key of the day's month and the offline recovery: (YYYY-MM, ciphertext).

    Raises NoRecipient, and seals nothing, if the ring has no key for the month.
    """
    month, recipients = recipients_of(str(ring), day)
    return month, seal(plaintext, recipients)


def post(mailbox: bytes, recipient: str, kind: str, plaintext: bytes, *, day: date) -> Mail:
    """Put a piece into a declarant's mailbox, sealed to them alone (age1…).

    No audit row of its own: the deed that posts writes one, and one a letter would tie the
    volunteers' rows to mailboxes. Raises NoRecipient if the recipient is none.
    """
    sealed = seal(plaintext, [recipient])
    return Mail.objects.create(mailbox=mailbox, kind=str(kind), day=day, sealed=sealed)


def _make_ring_key(ring: str, month: str, *, by: Doer, day: date) -> RingKey:
    check_can_renew(month, day)
    identity, recipient = new_identity()
    ring_key = RingKey.objects.create(ring=ring, month=month, recipient=recipient)
    wraps = [wrap_for(ring_key, member, identity) for member in Member.objects.all()]
    Wrap.objects.bulk_create(wraps)
    record("renew_ring", ring_key.id, by=by, day=day, month=month, members=len(wraps))
    forget_recipients()
    return ring_key


def _nobody(member_id: UUID) -> Member:
    """Return a member that no passphrase opens, as costly to try as a real one."""
    salt = secrets.token_bytes(SALT_BYTES)
    return Member(id=member_id, salt=salt, memory_kib=memory_cost(), wrapped=bytes(102))
