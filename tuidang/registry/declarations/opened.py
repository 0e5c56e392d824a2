# SPDX-License-Identifier: AGPL-3.0-or-later
"""A declaration as a volunteer reads it, after the ring is unlocked.

It lives for one answer and must never be stored, logged or cached.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tuidang.pure.intake.declaration import Declaration as Body
from tuidang.pure.intake.stored import from_json
from tuidang.registry.declarations.errors import SealedGone
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.vault.unlocked import Unlocked


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """What was declared, and what was answered to questions; no repr shows it."""

    declaration: Body
    answers: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Opened({self.declaration!r}, answers={len(self.answers)})"


def open_sealed(row: Declaration, unlocked: Unlocked) -> Opened:
    """Open a declaration and the answers that came to it.

    Raises SealedGone if its text is deleted, vault's Unopenable without the month's key.
    """
    if row.sealed is None:
        raise SealedGone
    body = from_json(unlocked.unseal(row.ring_month, bytes(row.sealed)))
    return Opened(body, tuple(_open_answers(row.requests.all(), unlocked)))


def _open_answers(requests: Iterable[Request], unlocked: Unlocked) -> Iterable[str]:
    for request in sorted(requests, key=lambda each: each.day):
        if request.sealed is not None:
            opened = unlocked.unseal(request.ring_month, bytes(request.sealed))
            yield json.loads(opened)["answer"]
