# SPDX-License-Identifier: AGPL-3.0-or-later
"""A visit at a desk: declared, applied and checked at once, without a receipt from before.

The visitor gets a receipt code like everybody, and chooses the second word. Nothing is left out:
the volunteer accepts the declaration and records the identity check; another one signs.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tuidang.pure.credential.claims import IdentityCheck
from tuidang.pure.intake.declaration import Declaration as Body
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import Doer
from tuidang.registry.certificates.actions.applying import apply
from tuidang.registry.certificates.actions.checking import prepare
from tuidang.registry.certificates.models import Application
from tuidang.registry.certificates.wishes import Wish
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.unlocked import Unlocked


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """What came of a visit: the receipt code, to be shown once, and what waits for a signature."""

    code: Code
    application: Application


@transaction.atomic
def walk_in(
    declaration: Body,
    wish: Wish,
    check: IdentityCheck,
    unlocked: Unlocked,
    *,
    word: str,
    idempotency_key: str,
    language: str,
    by: Doer,
    day: date,
    urgency: int = Application.Urgency.WEEK,
    hold_until: datetime | None = None,
) -> Visit:
    """Declare, accept, apply and prepare for one visitor, all or nothing.

    The leaf stays back until `hold_until`, so that the decision can be undone. Raises what
    `receive`, `accept`, `apply` and `prepare` raise.
    """
    code = declarations.receive(
        declaration,
        idempotency_key=idempotency_key,
        channel=Declaration.Channel.DESK,
        day=day,
    )
    found = declarations.find(code)
    if found is None:
        raise AssertionError  # pragma: no cover -- it was just received
    row = Declaration.objects.get(pk=found.pk)
    opened = declarations.open_sealed(row, unlocked)
    manner = Declaration.Manner.SINGLE
    declarations.accept(row, opened, by=by, manner=manner, day=day, hold_until=hold_until)
    (application,) = apply(
        row, code, [wish], word=word, urgency=urgency, language=language, day=day
    )
    Application.objects.filter(pk=application.pk).update(walk_in=True)
    return Visit(code, prepare(application.pk, check, unlocked, by=by, day=day))
