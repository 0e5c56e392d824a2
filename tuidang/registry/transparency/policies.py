# SPDX-License-Identifier: AGPL-3.0-or-later
"""When a batch may go out, what can still be taken back, what can be corrected. Only reads."""

from datetime import UTC, datetime

from tuidang.registry.transparency.errors import (
    CorrectedAlready,
    CorrectionPublished,
    LeafPublished,
    LinkPublished,
    NotPublished,
)
from tuidang.registry.transparency.models import Batch, Correction, Leaf, Link


def can_publish(last: Batch | None, *, now: datetime, hour: int, at_once: bool) -> bool:
    """Say whether a batch is due: one a day, at `hour` (UTC) or later, unless `at_once`.

    A batch a day and not more: a finer clock would give away when somebody was accepted.
    """
    if at_once:
        return True
    moment = now.astimezone(UTC)
    sealed_today = last is not None and last.last_day >= moment.date()
    return moment.hour >= hour and not sealed_today


def can_retract(leaf: Leaf) -> bool:
    """Say whether the log does not hold the leaf yet."""
    return leaf.index is None


def check_can_retract(leaf: Leaf) -> None:
    """Raise LeafPublished once the log holds the leaf."""
    if not can_retract(leaf):
        raise LeafPublished


def check_can_correct(leaf: Leaf) -> None:
    """Raise NotPublished unless the public checkpoint covers the leaf, CorrectedAlready if it
    is to be corrected. A leaf in a batch that is only prepared has to wait."""
    if leaf.batch is None or leaf.batch.state != Batch.State.PUBLISHED:
        raise NotPublished
    if Correction.objects.filter(leaf=leaf).exists():
        raise CorrectedAlready


def check_can_retract_correction(correction: Correction) -> None:
    """Raise CorrectionPublished once a batch holds the correction."""
    if correction.index is not None:
        raise CorrectionPublished


def check_can_retract_link(link: Link) -> None:
    """Raise LinkPublished once a batch holds the link."""
    if link.index is not None:
        raise LinkPublished
