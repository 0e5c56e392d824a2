# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deciding about a declaration, and taking a decision back.

What was declared is read here and never written: a person's row says counted or why not,
and the leaf holds two codes and a commitment.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.declarations.actions.taking_back import take_back_leaves
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.declarations.opened import Opened
from tuidang.registry.declarations.policies import (
    check_can_accept,
    check_can_be_told,
    check_can_decide,
    check_can_reopen,
    is_counted_before,
    needs_two,
)
from tuidang.registry.transparency.actions import ask_leaves
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail

State = Declaration.State


@transaction.atomic
def accept(
    row: Declaration,
    opened: Opened,
    *,
    by: Doer,
    manner: str,
    day: date,
    not_counted: Mapping[int, str] | None = None,
    hold_until: datetime | None = None,
) -> Declaration:
    """Accept a declaration and ask for a leaf for every person who counts.

    With more than 20 unnamed the first call is noted and the declaration stays received; a
    second doer completes it. `not_counted` maps person numbers to Person.NotCounted, and
    adds to what the declaration says itself. Leaves stay back until `hold_until`. Raises
    StateRefused, WithdrawalWaiting, PersonsDiffer, SecondPersonNeeded.
    """
    row = _locked(row)
    check_can_accept(row, opened, by=by)
    if needs_two(opened) and row.first_accept is None:
        row.first_accept = by.id
        row.save(update_fields=["first_accept"])
        record("accept_first", row.id, by=by, day=day)
        return row
    reasons = {**_reasons(opened), **_given_reasons(not_counted or {}, row.size)}
    _make_persons(row, opened, reasons, day=day, hold_until=hold_until)
    row.second_accept = by.id if row.first_accept else None
    row.manner = manner
    _decide(row, State.ACCEPTED, day, "second_accept", "manner")
    counted = row.size - len(reasons)
    record("accept", row.id, by=by, day=day, persons=row.size, counted=counted, manner=manner)
    return row


@transaction.atomic
def return_with_question(row: Declaration, question: str, *, by: Doer, day: date) -> Declaration:
    """Ask the declarant something; it waits, returned, for the answer.

    Raises StateRefused, WithdrawalWaiting, MailboxErased.
    """
    row = _locked(row)
    check_can_decide(row)
    check_can_be_told(row)
    row.state, row.first_accept = State.RETURNED, None
    row.save(update_fields=["state", "first_accept"])
    mail = json.dumps({"question": question}).encode()
    Mail.objects.filter(mailbox=row.lookup, kind=Mail.Kind.QUESTION).delete()  # one at a time
    post(bytes(row.lookup), row.mailbox_recipient, Mail.Kind.QUESTION, mail, day=day)
    record("return", row.id, by=by, day=day)
    return row


@transaction.atomic
def reject(row: Declaration, reason: str, *, by: Doer, day: date) -> Declaration:
    """Reject a declaration for a reason of Declaration.Rejection.

    Raises StateRefused and WithdrawalWaiting, ValueError for a reason not in the list.
    """
    row = _locked(row)
    check_can_decide(row)
    row.reason, row.first_accept = Declaration.Rejection(reason).value, None
    _decide(row, State.REJECTED, day, "reason", "first_accept")
    record("reject", row.id, by=by, day=day, reason=reason)
    return row


@transaction.atomic
def reopen(row: Declaration, *, by: Doer, day: date) -> Declaration:
    """Take the last step of a decision back: leaves that are not public, a question, a rejection.

    Of two acceptances the second is taken back and the first stays. Raises StateRefused,
    AlreadyPublished.
    """
    row = _locked(row)
    check_can_reopen(row)
    if row.state == State.RECEIVED:
        row.first_accept = None
    if row.state == State.RETURNED:
        Mail.objects.filter(mailbox=row.lookup, kind=Mail.Kind.QUESTION).delete()
    take_back_leaves(row)
    row.second_accept, row.manner, row.reason = None, "", ""
    row.decided_on = None
    row.state = State.RECEIVED
    row.save(
        update_fields=["state", "decided_on", "first_accept", "second_accept", "manner", "reason"]
    )
    record("reopen", row.id, by=by, day=day)
    return row


def _locked(row: Declaration) -> Declaration:
    """Read the row again, so that two volunteers at once decide one after the other."""
    return Declaration.objects.select_for_update().get(pk=row.pk)


def _decide(row: Declaration, state: str, day: date, *fields: str) -> None:
    """Write a decision, and drop the fingerprint of a list with it."""
    row.state, row.decided_on, row.fingerprint = state, day, None
    row.save(update_fields=["state", "decided_on", "fingerprint", *fields])


def _reasons(opened: Opened) -> dict[int, str]:
    """Say who is not counted by what the declaration says itself (intake spec, section 1)."""
    body = opened.declaration
    reasons = {
        head.number: Person.NotCounted.UNASKED.value for head in body.people() if not head.countable
    }
    if body.counted_before or is_counted_before(opened):
        reasons |= dict.fromkeys(body.anew, Person.NotCounted.REPEAT.value)
    return reasons


def _given_reasons(not_counted: Mapping[int, str], size: int) -> dict[int, str]:
    """Check what a volunteer said about single persons; ValueError for a wrong word or number."""
    if not all(1 <= number <= size for number in not_counted):
        raise ValueError("persons are numbered from 1 to the size of the declaration")
    return {number: Person.NotCounted(why).value for number, why in not_counted.items()}


def _make_persons(
    row: Declaration,
    opened: Opened,
    reasons: Mapping[int, str],
    *,
    day: date,
    hold_until: datetime | None,
) -> None:
    """Write a row for each person: with a leaf, or with the reason why there is none."""
    heads = list(opened.declaration.people())
    counted = [head for head in heads if head.number not in reasons]
    wanted = [(row.commitment(h.number), h.organizations, h.klass) for h in counted]
    leaves = ask_leaves(wanted, day=day, hold_until=hold_until)
    leaf_of = {head.number: leaf for head, leaf in zip(counted, leaves, strict=True)}
    Person.objects.bulk_create(
        Person(
            declaration=row,
            number=head.number,
            leaf=leaf_of.get(head.number),
            not_counted=reasons.get(head.number, ""),
        )
        for head in heads
    )
