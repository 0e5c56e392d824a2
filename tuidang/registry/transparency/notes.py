# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the operator commits to in the log: pages, trust files, statements of earlier figures.

Only digests come here. Whoever is to check one is given the file elsewhere. The head of the
audit chain goes with every batch by itself and is not kept here.
"""

from datetime import date

from django.db import transaction

from tuidang.pure.ledger.entries import OTHER_NOTE, VERIFYING_PAGE
from tuidang.registry.transparency.models import Note


@transaction.atomic
def note(kind: int, digest: bytes, *, day: date) -> Note:
    """Ask for an N entry in the next batch: kinds 2 to 5, the SHA-256 (32 bytes) of a file.

    The same kind and digest again is the same note. Raises ValueError for anything else.
    """
    if not VERIFYING_PAGE <= kind <= OTHER_NOTE or len(digest) != 32:
        raise ValueError("a note has a kind from 2 to 5 and a digest of 32 bytes")
    return Note.objects.get_or_create(kind=kind, digest=digest, defaults={"day": day})[0]
