# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the holder of a code asks for, and carrying it out.

The public process may only add a request; the office's timetable carries it out before
anything is published. Nothing here opens what was sealed.
"""

import json
import unicodedata
from datetime import date

from django.db import IntegrityError, transaction

from tuidang.pure.intake.declaration import MAX_STATEMENT
from tuidang.pure.intake.problems import IntakeError, Problem
from tuidang.pure.receipt import contains_code
from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import DECLARANT
from tuidang.registry.declarations.actions.erasing import delete_mailbox, erase
from tuidang.registry.declarations.actions.recalling import withdraw_published
from tuidang.registry.declarations.actions.taking_back import take_back_unpublished
from tuidang.registry.declarations.errors import NoQuestionOpen
from tuidang.registry.declarations.models import Declaration, Person, Request
from tuidang.registry.declarations.policies import (
    check_can_answer,
    check_can_withdraw,
    is_being_published,
)
from tuidang.registry.transparency.errors import LeafPublished
from tuidang.registry.vault.actions import seal_to_ring

State = Declaration.State


def ask_withdrawal(declaration: Declaration, *, day: date) -> None:
    """Ask that a declaration be withdrawn; asking twice is the same as once.

    Who is published by then is taken out of the count by a correction. Raises NotWithdrawable
    once it is decided against or withdrawn.
    """
    check_can_withdraw(declaration)
    try:
        with transaction.atomic():
            Request.objects.create(declaration=declaration, kind=Request.Kind.WITHDRAW, day=day)
    except IntegrityError:
        pass  # asked already, perhaps by the other half of a double click


def answer(declaration: Declaration, text: str, *, day: date) -> None:
    """Answer the open question, sealed to the review ring.

    Raises NoQuestionOpen, and IntakeError for a text that a declaration could not have.
    """
    check_can_answer(declaration)
    checked = _checked(text)
    month, sealed = seal_to_ring(json.dumps({"answer": checked}).encode(), day=day)
    try:
        with transaction.atomic():
            Request.objects.create(
                declaration=declaration,
                kind=Request.Kind.ANSWER,
                sealed=sealed,
                ring_month=month,
                day=day,
            )
    except IntegrityError as error:
        raise NoQuestionOpen(declaration.state) from error


def apply_requests(*, day: date) -> int:
    """Carry out what declarants asked for, and return how much that was.

    What a publication holds at this moment waits until it is over.
    """
    done = 0
    for request in Request.objects.waiting():
        try:
            done += _apply(request, day)
        except LeafPublished:  # a batch took the leaf since we looked
            continue
    return done


@transaction.atomic
def _apply(request: Request, day: date) -> bool:
    row = Declaration.objects.select_for_update().get(pk=request.declaration_id)
    if request.kind == Request.Kind.ANSWER:
        _take_answer(row, day)
    elif request.kind == Request.Kind.ERASE:
        erase(row, day=day)
    elif is_being_published(row):
        return False
    elif row.state not in {State.REJECTED, State.WITHDRAWN}:
        _withdraw(row, day)
    Request.objects.filter(pk=request.pk).update(done=True)
    return True


def _take_answer(row: Declaration, day: date) -> None:
    if row.state != State.RETURNED:
        return  # the question was taken back; the answer is there to be read all the same
    row.state = State.RECEIVED
    row.save(update_fields=["state"])
    record("answer", row.id, by=DECLARANT, day=day)


def _withdraw(row: Declaration, day: date) -> None:
    """Take back what is not published, correct what is, and delete what could be read.

    With entries in the log the packet stays: it opens them and their corrections, and the
    holder of the code may still erase it.
    """
    take_back_unpublished(row)
    left = Person.objects.filter(declaration=row).select_related("leaf")
    published = list(left.order_by("number"))
    withdraw_published(row, published, day=day)
    row.requests.update(sealed=None)
    row.state, row.decided_on, row.sealed, row.fingerprint = State.WITHDRAWN, day, None, None
    row.save(update_fields=["state", "decided_on", "sealed", "fingerprint"])
    if not published:
        delete_mailbox(row)
    record("withdraw", row.id, by=DECLARANT, day=day)


def _checked(text: str) -> str:
    """Return the text without outer white space, or raise IntakeError with what is wrong."""
    plain = text.replace("\r\n", "\n").strip()
    if not plain:
        code = "missing"
    elif len(plain) > MAX_STATEMENT:
        code = "too_long"
    elif any(s not in "\n\t" and unicodedata.category(s) in {"Cc", "Cs", "Co"} for s in plain):
        code = "text_control"
    elif contains_code(plain):
        code = "statement_receipt_code"
    else:
        return plain
    facts = {"limit": MAX_STATEMENT} if code == "too_long" else {}
    raise IntakeError([Problem("answer", code, facts)])
