# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the operator commits to in the log: pages, trust files, statements of earlier figures.

Only digests come here. Whoever is to check one is given the file elsewhere. The head of the
audit chain goes with every batch by itself and is not kept here.
"""

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tuidang.pure.ledger.entries import OTHER_NOTE, VERIFYING_PAGE
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Note
from tuidang.verify.page import PageMissing, page_digest


@transaction.atomic
def note(kind: int, digest: bytes, *, day: date) -> Note:
    """Ask for an N entry in the next batch: kinds 2 to 5, the SHA-256 (32 bytes) of a file.

    The same kind and digest again is the same note. Raises ValueError for anything else.
    """
    if not VERIFYING_PAGE <= kind <= OTHER_NOTE or len(digest) != 32:
        raise ValueError("a note has a kind from 2 to 5 and a digest of 32 bytes")
    return Note.objects.get_or_create(kind=kind, digest=digest, defaults={"day": day})[0]


def note_page(*, day: date) -> Note | None:
    """Ask for an N entry of the verifying page as it is served, unless the log has had one.

    None where the page is not built. Raises KeyFilesUnusable where the log has no keys.
    """
    keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
    try:
        digest = page_digest(settings.ORIGIN, keys.log.vkey)
    except PageMissing:
        return None
    return note(VERIFYING_PAGE, digest, day=day)
