# SPDX-License-Identifier: AGPL-3.0-or-later
"""A form sent by somebody who holds a receipt code: read, and its declaration found.

The code comes by POST, typed or carried by a ticket of the page's purpose, and is used for
one answer. Nothing here may show it, or repeat what was typed.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from tuidang.pure.receipt import Code, CodeError, parse_code
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.models import Declaration
from tuidang.web.public import clock, tickets
from tuidang.web.public.form_fields import Typed, typed_one


@dataclass(frozen=True, repr=False)
class Visit:
    """One sent form of somebody who holds a code: what they have, and what they typed."""

    request: HttpRequest
    language: str
    typed: Typed
    code: Code
    declaration: Declaration
    now: datetime

    def one(self, name: str) -> str:
        """Give what was typed into a field."""
        return typed_one(self.typed, name)


class NoVisit(Exception):
    """There is no whole code of a declaration here; `code` has words, `status` the answer's."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


def enter(request: HttpRequest, language: str, typed: Typed, *, purpose: str) -> Visit:
    """Find the declaration of the code that was typed, or that a ticket carries. NoVisit."""
    now = clock.now()
    ticket = typed_one(typed, "ticket")
    try:
        if ticket:
            code = tickets.redeem(ticket, purpose, now=now)
        else:
            code = parse_code(typed_one(typed, "code"))
    except (CodeError, tickets.TicketRefused) as error:
        raise NoVisit(error.code, 422) from None
    declaration = actions.find(code)
    if declaration is None:
        raise NoVisit("receipt_unknown", 404)
    return Visit(request, language, typed, code, declaration, now)
