# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a published leaf out of the count: the leaf stays, a C entry says minus one.

Why, and who decided, is inside the commitment that the caller brings; nothing here may know
it, beyond what the log says to everybody: a repeat, or another reason.
"""

from datetime import date

from django.db import IntegrityError, transaction

from tuidang.pure.ledger.entries import Correction as Entry
from tuidang.registry.transparency.errors import (
    CorrectedAlready,
    CorrectionPublished,
    NotPublished,
)
from tuidang.registry.transparency.models import Correction, Leaf
from tuidang.registry.transparency.policies import (
    check_can_correct,
    check_can_retract_correction,
)


@transaction.atomic
def ask_correction(leaf: Leaf, reason: int, commitment: bytes, *, day: date) -> Correction:
    """Ask that a published leaf count no longer: a C entry whose index is still empty.

    `reason` is 1 (repeat) or 2 (other); `commitment`, 32 bytes, opens to the true one. It goes
    out with the first batch after the week of `day`. Raises NotPublished while the public
    checkpoint does not cover the leaf, CorrectedAlready for a second one.
    """
    leaf = Leaf.objects.select_related("batch").get(pk=leaf.pk)
    check_can_correct(leaf)
    try:
        with transaction.atomic():
            return Correction.objects.create(
                leaf=leaf, reason=reason, commitment=commitment, day=day
            )
    except IntegrityError as error:
        if Correction.objects.filter(leaf=leaf).exists():  # asked at the same moment
            raise CorrectedAlready from error
        raise


@transaction.atomic
def retract_correction(correction: Correction) -> None:
    """Delete a correction that no batch holds; raises CorrectionPublished if one does.

    Its commitment is never used again: the next correction of the leaf brings another.
    """
    check_can_retract_correction(correction)
    deleted, _ = Correction.objects.filter(pk=correction.pk, index=None).delete()
    if not deleted:  # gone out since the caller read it
        raise CorrectionPublished


def entry_of(row: Correction) -> Entry:
    """Return the C entry of a correction, with the bytes that its leaf was published with.

    Raises NotPublished for a leaf that has none.
    """
    leaf = row.leaf
    if leaf.published_orgs is None or leaf.published_klass is None or leaf.index is None:
        raise NotPublished
    cell = leaf.published_orgs, leaf.published_klass
    return Entry(*cell, row.reason, leaf.index, bytes(row.commitment))
