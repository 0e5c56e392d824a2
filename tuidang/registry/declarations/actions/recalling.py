# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking published persons out of the count: a repeat that two volunteers found, or a
declarant who withdraws. What is published stays; the log gets a correction.

Nothing that was declared is read here. The opening of a correction goes into the mailbox, or
nowhere if that is erased.
"""

import json
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from tuidang.pure.intake.persons import Head
from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import DECLARANT, Doer
from tuidang.registry.declarations.corrections_to_be import CorrectionToBe, correction_to_be
from tuidang.registry.declarations.models import Declaration, Person, Recall
from tuidang.registry.declarations.policies import (
    check_can_confirm_recall,
    check_can_recall,
    check_can_take_back_recall,
    leaf_of,
)
from tuidang.registry.declarations.published import head_of
from tuidang.registry.transparency.corrections import ask_correction, retract_correction
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail
from tuidang.registry.vault.unlocked import Unlocked


@transaction.atomic
def open_published(person: Person, unlocked: Unlocked, *, by: Doer, day: date) -> Head | None:
    """Open what was declared of a published person, for one answer; None if it opens no more.

    The audit says who looked, so that nobody walks through the log's numbers unnoticed.
    """
    record("open_published", person.declaration_id, by=by, day=day)
    return head_of(person, unlocked)


@transaction.atomic
def ask_recall(person: Person, reason: str, *, by: Doer, day: date) -> Recall:
    """Be the first of two who say that a published person shall count no longer.

    `reason` is one of Recall.Reason but not `withdrawn`. Raises RecallAsked, WithdrawalWaiting,
    transparency's NotPublished and CorrectedAlready, ValueError for another reason.
    """
    reason = Recall.Reason(reason).value
    if reason == Recall.Reason.WITHDRAWN:
        raise ValueError("only the declarant withdraws")
    _lock(person)
    check_can_recall(person)
    recall = Recall.objects.create(person=person, reason=reason, first=by.id, day=day)
    record("recall_first", person.declaration_id, by=by, day=day, reason=reason)
    return recall


@transaction.atomic
def confirm_recall(recall: Recall, *, by: Doer, day: date) -> Recall:
    """Be the second: the correction goes out with the first batch of next week.

    Raises RecallGone, SecondPersonNeeded, and what `ask_recall` raises.
    """
    row = _lock(recall.person)
    recall = check_can_confirm_recall(recall, by=by)
    audited = record("recall", row.id, by=by, day=day, reason=recall.reason)
    to_be = correction_to_be(recall.reason, str(audited.id), origin=row.origin, day=day)
    leaf = leaf_of(recall.person)
    recall.correction = ask_correction(leaf, to_be.reason, to_be.commitment, day=day)
    recall.second, recall.day = by.id, day
    recall.mail = _tell(row, [(recall.person.number, to_be)], day=day)
    recall.save()
    return recall


@transaction.atomic
def take_back_recall(recall: Recall, *, by: Doer, day: date) -> None:
    """Take a recall back, as long as its correction has not gone out; any volunteer may.

    Raises RecallGone, RecallByDeclarant, transparency's CorrectionPublished.
    """
    row = _lock(recall.person)
    recall = check_can_take_back_recall(recall)
    correction, mail = recall.correction, recall.mail
    recall.delete()  # it protects its correction
    if correction is not None:
        retract_correction(correction)
    if mail is not None:
        mail.delete()
    record("recall_back", row.id, by=by, day=day)


def withdraw_published(row: Declaration, persons: Sequence[Person], *, day: date) -> None:
    """Make the corrections of a declaration that was withdrawn after publication.

    `persons` are those whose leaves are public. One who is corrected already stays so; what
    only a first volunteer has asked for gives way. Call it inside the deed's transaction.
    """
    Recall.objects.filter(person__in=persons, correction=None).delete()
    corrected = set(Recall.objects.filter(person__in=persons).values_list("pk", flat=True))
    left = [person for person in persons if person.pk not in corrected]
    if not left:
        return
    audited = record("withdraw_published", row.id, by=DECLARANT, day=day, persons=len(left))
    reason = Recall.Reason.WITHDRAWN.value
    made = []
    for person in left:
        to_be = correction_to_be(reason, str(audited.id), origin=row.origin, day=day)
        made.append((person, to_be))
    mail = _tell(row, [(person.number, to_be) for person, to_be in made], day=day)
    for person, to_be in made:
        correction = ask_correction(leaf_of(person), to_be.reason, to_be.commitment, day=day)
        Recall.objects.create(
            person=person,
            reason=reason,
            first=DECLARANT.id,
            day=day,
            correction=correction,
            mail=mail,
        )


def _lock(person: Person) -> Declaration:
    """Keep others from changing the declaration until we are done."""
    return Declaration.objects.select_for_update().get(pk=person.declaration_id)


def _tell(
    row: Declaration, persons: Sequence[tuple[int, CorrectionToBe]], *, day: date
) -> Mail | None:
    """Post `{"persons": [{"number", "opening"}]}`; nothing if the mailbox is erased."""
    if row.is_erased:
        return None
    told = [{"number": n, "opening": json.loads(to_be.opening)} for n, to_be in persons]
    text = json.dumps({"persons": told}, sort_keys=True, separators=(",", ":")).encode()
    kind = Mail.Kind.CORRECTION
    return post(bytes(row.lookup), row.mailbox_recipient, kind, text, day=day)
