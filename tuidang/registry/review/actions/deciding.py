# SPDX-License-Identifier: AGPL-3.0-or-later
"""What volunteers decide, one at a time or many at once, and ten minutes to take it back.

A decision is written down with who made it; what was decided about is changed by
`declarations`. Nothing here keeps what was opened, and nothing decides without a doer.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from tuidang.registry.audit.doers import Doer
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review.errors import NotACluster, NothingThere
from tuidang.registry.review.models import Claim, Decision
from tuidang.registry.review.policies import check_can_undo, check_not_claimed, check_question
from tuidang.registry.review.queue import find_clusters
from tuidang.registry.transparency import jobs as transparency
from tuidang.registry.vault.actions import seal_to_ring
from tuidang.registry.vault.unlocked import Unlocked

CLAIMED_FOR = timedelta(minutes=15)
UNDO_FOR = timedelta(minutes=10)
Manner = Declaration.Manner


@transaction.atomic
def claim(declaration_id: UUID, *, by: Doer, now: datetime) -> Claim:
    """Hold a declaration for a quarter of an hour, or longer if it is held already.

    Raises ClaimedByOther, NothingThere.
    """
    _rows([declaration_id])
    check_not_claimed([declaration_id], by=by, now=now)
    wanted = {"by": by.id, "until": now + CLAIMED_FOR}
    return Claim.objects.update_or_create(declaration_id=declaration_id, defaults=wanted)[0]


@transaction.atomic
def release(declaration_id: UUID, *, by: Doer) -> None:
    """Let a declaration go that `by` holds; somebody else's claim stays."""
    Claim.objects.filter(declaration_id=declaration_id, by=by.id).delete()


@transaction.atomic
def accept_one(
    declaration_id: UUID,
    unlocked: Unlocked,
    *,
    by: Doer,
    now: datetime,
    not_counted: Mapping[int, str] | None = None,
    manner: str = Manner.SINGLE,
) -> Decision:
    """Accept a declaration, or be the first of two to do so.

    `not_counted` maps person numbers to reasons of Person.NotCounted. Raises what
    `declarations.accept` raises, ClaimedByOther, and vault's Unopenable.
    """
    (row,) = _free_rows([declaration_id], by=by, now=now)
    opened = declarations.open_sealed(row, unlocked)
    declarations.accept(
        row,
        opened,
        by=by,
        manner=manner,
        day=_day(now),
        not_counted=not_counted,
        hold_until=now + UNDO_FOR,
    )
    return _write(row, Decision.Verb.ACCEPT, by=by, now=now)


@transaction.atomic
def accept_cluster(
    ids: Sequence[UUID], unlocked: Unlocked, *, by: Doer, now: datetime
) -> list[Decision]:
    """Accept declarations with nearly the same text, all or none.

    The ids are named one by one, so that what joins the cluster later is not decided
    unseen. Raises NotACluster, and what `accept_one` raises.
    """
    rows = _free_rows(ids, by=by, now=now)
    opened = [(row.id, declarations.open_sealed(row, unlocked)) for row in rows]
    found = find_clusters(opened)
    if len(rows) < 2 or len({found.get(row.id, row.id) for row in rows}) != 1:
        raise NotACluster
    return [accept_one(row.id, unlocked, by=by, now=now, manner=Manner.CLUSTER) for row in rows]


@transaction.atomic
def return_one(declaration_id: UUID, question: str, *, by: Doer, now: datetime) -> Decision:
    """Return a declaration with a question, which goes to the mailbox; it is kept sealed.

    Raises QuestionUnfit, ClaimedByOther, and what `declarations.return_with_question` raises.
    """
    question = question.strip()
    check_question(question)
    (row,) = _free_rows([declaration_id], by=by, now=now)
    declarations.return_with_question(row, question, by=by, day=_day(now))
    return _write(row, Decision.Verb.RETURN, by=by, now=now, note=question)


@transaction.atomic
def reject_many(
    ids: Collection[UUID], reason: str, *, by: Doer, now: datetime, note: str = ""
) -> list[Decision]:
    """Reject declarations, all or none, for a reason of Declaration.Rejection.

    The note is kept sealed. Raises ClaimedByOther and what `declarations.reject` raises.
    """
    decisions = []
    for row in _free_rows(ids, by=by, now=now):
        declarations.reject(row, reason, by=by, day=_day(now))
        decisions.append(_write(row, Decision.Verb.REJECT, by=by, now=now, note=note.strip()))
    return decisions


@transaction.atomic
def undo(decision: Decision, *, by: Doer, now: datetime) -> None:
    """Take a decision back within ten minutes, as long as nothing public rests on it.

    Any volunteer may, since it only puts the declaration back into the queue. Raises
    UndoLapsed, NothingThere, and what `declarations.reopen` raises.
    """
    (row,) = _rows([decision.declaration_id])
    kept = Decision.objects.filter(pk=decision.pk).first()
    if kept is None:
        raise NothingThere
    check_can_undo(kept, now=now)
    declarations.reopen(row, by=by, day=_day(now))
    kept.delete()


@transaction.atomic
def forget_times(*, now: datetime) -> None:
    """Forget every time finer than a day that is over, and notes whose text is gone."""
    Decision.objects.lapsed(now).update(undo_until=None)
    Claim.objects.lapsed(now).delete()
    transparency.forget_times(now=now)
    notes = Decision.objects.filter(note_sealed__isnull=False, declaration__sealed__isnull=True)
    notes.update(note_sealed=None)


def _write(row: Declaration, verb: str, *, by: Doer, now: datetime, note: str = "") -> Decision:
    """Write a decision down; from now on it alone can be undone, and nobody holds the row."""
    Decision.objects.filter(declaration=row, undo_until__isnull=False).update(undo_until=None)
    Claim.objects.filter(declaration=row).delete()
    decision = Decision(declaration=row, verb=verb, by=by.id, day=_day(now))
    decision.undo_until = now + UNDO_FOR
    if note:
        text = json.dumps({"note": note}).encode()
        decision.ring_month, decision.note_sealed = seal_to_ring(text, day=_day(now))
    decision.save(force_insert=True)
    return decision


def _free_rows(ids: Collection[UUID], *, by: Doer, now: datetime) -> list[Declaration]:
    rows = _rows(ids)
    check_not_claimed(ids, by=by, now=now)
    return rows


def _rows(ids: Collection[UUID]) -> list[Declaration]:
    """Read declarations and keep others from deciding them until we are done.

    In the order of their ids, so that two volunteers with many at once do not wait for
    each other for ever.
    """
    rows = Declaration.objects.select_for_update().filter(id__in=ids).order_by("id")
    found = list(rows)
    if len(found) != len(set(ids)):
        raise NothingThere
    return found


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
