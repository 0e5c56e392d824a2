# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first volunteer's part: opening an application, asking, recording the identity check,
refusing. Everything that is opened is audited; nothing that was opened is written in the clear.
"""

import contextlib
import json
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tuidang.pure.credential.claims import IdentityCheck
from tuidang.registry.audit.actions import record
from tuidang.registry.audit.doers import Doer
from tuidang.registry.certificates.actions.holding import checked_text
from tuidang.registry.certificates.applied import Applied, Checked
from tuidang.registry.certificates.errors import ApplicationGone, CheckUnfit, LinkedBefore
from tuidang.registry.certificates.models import Application
from tuidang.registry.certificates.opened import OpenedApplication, check_sealed, open_sealed
from tuidang.registry.certificates.policies import check_can_prepare, check_is_open
from tuidang.registry.declarations.errors import MailboxErased
from tuidang.registry.declarations.policies import check_can_be_told
from tuidang.registry.transparency import links
from tuidang.registry.transparency.errors import LinkedAlready, LinkPublished
from tuidang.registry.transparency.models import Link
from tuidang.registry.vault.actions import post, seal_to_ring
from tuidang.registry.vault.models import Mail, RingKey
from tuidang.registry.vault.unlocked import Unlocked

State = Application.State


@transaction.atomic
def open_application(
    application_id: UUID, unlocked: Unlocked, *, by: Doer, day: date
) -> OpenedApplication:
    """Open one application with its replies, for one answer; the audit says who looked.

    Raises ApplicationGone, vault's Unopenable.
    """
    row = locked(application_id)
    record("open_application", row.pk, by=by, day=day)
    return open_sealed(row, unlocked)


@transaction.atomic
def ask(application_id: UUID, text: str, *, by: Doer, day: date) -> None:
    """Write to the applicant: a question, or when to come; it waits in the mailbox.

    Raises ApplicationGone, ApplicationDecided, TextUnfit, declarations' MailboxErased.
    """
    row = locked(application_id)
    check_is_open(row)
    tell(row, {"question": checked_text(text)}, day)
    record("ask_applicant", row.pk, by=by, day=day)


@transaction.atomic
def prepare(
    application_id: UUID, check: IdentityCheck, unlocked: Unlocked, *, by: Doer, day: date
) -> Application:
    """Record the identity check and ask for the link; a second volunteer signs later.

    Raises ApplicationGone, ApplicationDecided, CheckUnfit, ApplicationBroken, LinkedBefore,
    declarations' MailboxErased, vault's Unopenable and NoRecipient.
    """
    row = locked(application_id)
    check_can_prepare(row)
    check_can_be_told(row.declaration)
    applied = open_sealed(row, unlocked).applied
    check_sealed(row, applied)
    check_identity_check(check, applied, day)
    content = Checked(check).to_json()
    row.prepared_month, row.prepared = seal_to_ring(
        content, day=day, ring=RingKey.Ring.CERTIFICATES
    )
    row.link = _link(applied, day)
    row.preparer, row.state = by.id, State.PREPARED
    row.save(update_fields=["prepared", "prepared_month", "link", "preparer", "state"])
    told = row.link.applications.exclude(linked_mail=None).values_list("linked_mail", flat=True)
    if earlier := told.first():
        Application.objects.filter(pk=row.pk).update(linked_mail=earlier)
    else:
        tell_link(row, applied, day)
    record("prepare_certificate", row.pk, by=by, day=day, check=check.code)
    return row


@transaction.atomic
def refuse(application_id: UUID, reason: str, *, by: Doer, day: date) -> Application:
    """Refuse an open application for a reason of Application.Refusal, and tell the applicant.

    The link goes back, unless the log has it. Raises ApplicationGone, ApplicationDecided,
    ValueError for a reason not in the list.
    """
    row = locked(application_id)
    check_is_open(row)
    row.reason = Application.Refusal(reason).value
    close(row, State.REFUSED, day)
    with contextlib.suppress(MailboxErased):
        tell(row, {"refused": row.reason}, day)
    record("refuse_certificate", row.pk, by=by, day=day, reason=row.reason)
    return row


def locked(application_id: UUID) -> Application:
    """Read an application so that two volunteers at once act one after the other.

    Its declaration too, so that nothing is posted to a mailbox that is being erased.
    """
    rows = Application.objects.select_for_update(of=("self", "declaration"), no_key=True)
    rows = rows.select_related("declaration")
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise ApplicationGone
    return found


def close(row: Application, state: str, day: date) -> None:
    """End a locked application without a certificate; call it inside a transaction."""
    row.state, row.decided_on = state, day
    row.save(update_fields=["state", "decided_on", "reason"])
    if row.link is not None and not row.link.applications.exclude(pk=row.pk).exists():
        _take_link_back(row, row.link, row.linked_mail)


def tell(row: Application, content: dict[str, object], day: date) -> None:
    """Post a word of the certificate office: `{"number", "question" or "refused"}`."""
    declaration = row.declaration
    check_can_be_told(declaration)
    text = json.dumps({"number": row.number, **content}, sort_keys=True).encode()
    recipient = declaration.mailbox_recipient
    post(bytes(declaration.lookup), recipient, Mail.Kind.APPLICATION, text, day=day)


def tell_link(row: Application, applied: Applied, day: date, proof: str = "") -> None:
    """Post what opens the L leaf, in place of an earlier piece: `{"box", "number", "proof"?}`.

    The box (hex; see `second_word`) holds the opening, and opens with the legal name and birth
    date themselves: so who finds the code alone learns neither. `proof` is the entry's
    c2sp.org/tlog-proof@v1.
    """
    box = applied.link_word.lock(applied.l_opening.to_json()).hex()
    content = {"box": box, "number": row.number} | ({"proof": proof} if proof else {})
    text = json.dumps(content, sort_keys=True, separators=(",", ":")).encode()
    mailbox, recipient = bytes(row.declaration.lookup), row.declaration.mailbox_recipient
    sharing = Application.objects.filter(link=row.link)
    Mail.objects.filter(pk__in=list(sharing.values_list("linked_mail", flat=True))).delete()
    mail = post(mailbox, recipient, Mail.Kind.LINKED, text, day=day)
    sharing.update(linked_mail=mail)


def check_identity_check(check: IdentityCheck, applied: Applied, day: date) -> None:
    """Raise CheckUnfit unless the application can have this check.

    S is for who applies for themselves, R for who applies for another; nothing was seen tomorrow.
    """
    alone = applied.relation == "self"
    wrong = (check.code == "S" and not alone) or (check.code == "R" and alone)
    if wrong or (check.day is not None and check.day > day):
        raise CheckUnfit


def _link(applied: Applied, day: date) -> Link:
    commitment = applied.l_opening.commitment(settings.ORIGIN)
    try:
        return links.link(commitment, applied.nullifier, day=day)
    except LinkedAlready as error:
        raise LinkedBefore from error


def _take_link_back(row: Application, link: Link, mail: Mail | None) -> None:
    """Undo a link that nobody else needs, with what the holder was told; not once it is out."""
    try:
        with transaction.atomic():
            row.link = row.linked_mail = None
            row.save(update_fields=["link", "linked_mail"])
            links.retract_link(link)
            if mail is not None:
                mail.delete()
    except LinkPublished:
        row.link, row.linked_mail = link, mail
