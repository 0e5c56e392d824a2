# SPDX-License-Identifier: AGPL-3.0-or-later
"""Linking a leaf to a legal name: an L entry, which shows neither the leaf nor the name.

Whose leaf it is, and who signed, is inside what the caller brings; nothing here may know it. A
leaf is linked once and for good: what would repeat must never get as far as a batch, since it
would end the log.

Source: `transparency-log.md` sections 2 and 3.
"""

from datetime import date

from django.db import IntegrityError, transaction

from tuidang.registry.transparency.errors import LinkedAlready, LinkPublished
from tuidang.registry.transparency.models import Correction, Leaf, Link, Received
from tuidang.registry.transparency.policies import check_can_retract_link


@transaction.atomic
def link(commitment: bytes, nullifier: bytes, *, day: date) -> Link:
    """Ask that a leaf be linked: an L entry with the next batch, whose index is still empty.

    Both values are 32 bytes. The same link again is the same row, published or not, so that a
    corrected certificate can share it. Raises LinkedAlready for a second link of the leaf, and
    for a commitment that stands for something else.
    """
    if _stands_elsewhere(commitment):
        raise LinkedAlready
    try:
        with transaction.atomic():
            return Link.objects.create(commitment=commitment, nullifier=nullifier, day=day)
    except IntegrityError as error:
        known = Link.objects.filter(commitment=commitment, nullifier=nullifier).first()
        if known is None:
            raise LinkedAlready from error
        return known


@transaction.atomic
def retract_link(asked: Link) -> None:
    """Delete a link that no batch holds; raises LinkPublished if one does."""
    check_can_retract_link(asked)
    deleted, _ = Link.objects.filter(pk=asked.pk, index=None).delete()
    if not deleted:  # gone out since the caller read it
        raise LinkPublished


def _stands_elsewhere(commitment: bytes) -> bool:
    """No commitment may stand in the log twice, whatever the kinds of the two entries."""
    kinds = (Received, Leaf, Correction)
    return any(kind.objects.filter(commitment=commitment).exists() for kind in kinds)
