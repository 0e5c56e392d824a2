# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wrapping a ring key for one member: sealed to them, and that locked under a key of the host.

The host has one such key for each month of a ring. Destroying it is what makes the wraps in
backups worthless. This room must never make that key in order to open something.
"""

from tuidang.registry.vault.host_keys import destroy_host_key, has_host_key, host_subkey
from tuidang.registry.vault.models import Member, RingKey, Wrap
from tuidang.registry.vault.sealing import seal, unseal
from tuidang.registry.vault.wrapping import lock, unlock


def wrap_for(ring_key: RingKey, member: Member, identity: str) -> Wrap:
    """Return the row, not saved yet, that lets a member open a ring key's identity."""
    sealed = seal(identity.encode(), [member.recipient])
    wrapped = lock(_key(ring_key), sealed, _context(ring_key, member))
    return Wrap(ring_key=ring_key, member=member, wrapped=wrapped)


def open_wraps(member: Member, identity: str) -> dict[tuple[str, str], str]:
    """Open a member's wraps: (ring, month) -> identity. One that was changed raises Unopenable.

    Wraps of a destroyed month, which an old backup may bring back, are passed over.
    """
    wraps = Wrap.objects.filter(member=member).select_related("ring_key")
    return {
        (wrap.ring_key.ring, wrap.ring_key.month): _open(wrap, member, identity)
        for wrap in wraps
        if has_host_key(_key_name(wrap.ring_key.ring, wrap.ring_key.month))
    }


def destroy_wrap_key(ring: str, month: str) -> None:
    """Destroy the host's key of one month of a ring; every wrap under it is lost for good."""
    destroy_host_key(_key_name(ring, month))


def _open(wrap: Wrap, member: Member, identity: str) -> str:
    context = _context(wrap.ring_key, member)
    sealed = unlock(_key(wrap.ring_key), bytes(wrap.wrapped), context)
    return unseal(sealed, [identity]).decode()


def _key(ring_key: RingKey) -> bytes:
    return host_subkey(_key_name(ring_key.ring, ring_key.month), "tuidang/vault/wrap/v1")


def _key_name(ring: str, month: str) -> str:
    return f"ring-{ring}-{month}"


def _context(ring_key: RingKey, member: Member) -> bytes:
    """Bind a wrap to its ring, month and member, so that a copied row opens nothing."""
    names = f"tuidang/vault/wrap/v1\n{ring_key.ring}\n{ring_key.month}\n"
    return names.encode() + member.id.bytes
