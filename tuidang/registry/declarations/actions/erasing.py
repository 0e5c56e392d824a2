# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing a mailbox: the packet with the salts, and all mail. The leaf stays, nobody can open it.

The public process may only ask, as for a withdrawal; the timetable carries it out. Nothing
that was erased comes back, and nothing is delivered any more.
"""

from datetime import date

from django.db import IntegrityError, transaction

from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import DECLARANT
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.declarations.policies import check_can_erase
from tuidang.registry.vault.models import Mail


def ask_erasure(declaration: Declaration, *, day: date) -> None:
    """Ask that the mailbox be erased; asking twice is the same as once.

    Raises QuestionFirst while a question waits for its answer.
    """
    check_can_erase(declaration)
    try:
        with transaction.atomic():
            Request.objects.create(declaration=declaration, kind=Request.Kind.ERASE, day=day)
    except IntegrityError:
        pass  # asked already


def erase(row: Declaration, *, day: date) -> None:
    """Delete the mailbox of a locked row, on wish. Call it inside a transaction.

    The sealed text, which the office can open, follows by `forget`: at once if the decision
    is past undoing, else right after it.
    """
    delete_mailbox(row)
    record("erase", row.id, by=DECLARANT, day=day)


def delete_mailbox(row: Declaration) -> None:
    """Delete packet and mail of a locked row, so that nothing can be delivered any more."""
    Mail.objects.filter(mailbox=row.lookup).delete()
    row.packet, row.mailbox_recipient, row.holder_digests = None, "", b""
    row.save(update_fields=["packet", "mailbox_recipient", "holder_digests"])
