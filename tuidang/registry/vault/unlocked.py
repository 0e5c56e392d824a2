# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ring keys that one volunteer has open, and how a session holds them without knowing them.

The session's row holds a box; the key to the box is in the volunteer's cookie only. This room
must never hold the member's own key: a stolen session opens the months that were open when
it began, and none that come later.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from tuidang.registry.vault.errors import SessionLocked, Unopenable
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.sealing import unseal
from tuidang.registry.vault.wrapping import KEY_BYTES, lock, unlock

CONTEXT = b"tuidang/vault/session/v1"


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A member's open ring keys: (ring, month) -> age identity. It never prints them."""

    member: UUID
    keys: Mapping[tuple[str, str], str] = field(repr=False)

    def unseal(self, month: str, ciphertext: bytes, ring: str = RingKey.Ring.REVIEW) -> bytes:
        """Open what was sealed to a ring in a month (YYYY-MM), or raise Unopenable."""
        identity = self.keys.get((str(ring), month))
        return unseal(bytes(ciphertext), [identity] if identity else [])


def lock_session(unlocked: Unlocked) -> tuple[bytes, bytes]:
    """Return (the box that the session holds, the 32-byte key that only the cookie holds)."""
    keys = [[ring, month, identity] for (ring, month), identity in unlocked.keys.items()]
    content = json.dumps({"member": str(unlocked.member), "keys": keys}).encode()
    cookie_key = secrets.token_bytes(KEY_BYTES)
    return lock(cookie_key, content, CONTEXT), cookie_key


def open_session(blob: bytes, cookie_key: bytes) -> Unlocked:
    """Open what `lock_session` locked; raise SessionLocked for another key or a damaged box."""
    try:
        content = json.loads(unlock(cookie_key, blob, CONTEXT))
    except Unopenable:
        raise SessionLocked from None
    keys = {(ring, month): identity for ring, month, identity in content["keys"]}
    return Unlocked(member=UUID(content["member"]), keys=keys)
