# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether a volunteer may decide now. Only reads; the declaration's own state is checked below.

A claim keeps two volunteers from deciding the same thing, and lapses by itself: it must
never shut a declaration away.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from tuidang.registry.audit.doers import Doer
from tuidang.registry.review.errors import ClaimedByOther, QuestionUnfit, UndoLapsed
from tuidang.registry.review.models import Claim, Decision

MAX_QUESTION = 2_000


def check_not_claimed(ids: Collection[UUID], *, by: Doer, now: datetime) -> None:
    """Raise ClaimedByOther if somebody else has one of the declarations open."""
    claim = Claim.objects.held(now).filter(declaration__in=ids).exclude(by=by.id).first()
    if claim is not None:
        raise ClaimedByOther(claim.until)


def is_claimed_by_other(claim: Claim | None, *, by: Doer, now: datetime) -> bool:
    """Say whether a claim is somebody else's and has not lapsed."""
    return claim is not None and claim.by != by.id and claim.until > now


def check_can_undo(decision: Decision, *, now: datetime) -> None:
    """Raise UndoLapsed after ten minutes, and once a later decision has been made."""
    if decision.undo_until is None or decision.undo_until <= now:
        raise UndoLapsed


def check_question(question: str) -> None:
    """Raise QuestionUnfit for an empty or overlong question."""
    if not 1 <= len(question) <= MAX_QUESTION:
        raise QuestionUnfit
