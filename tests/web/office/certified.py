# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sample applications for the certificate office; every name says that it is a sample."""

import secrets
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone

from tests.web.office.samples import row_of, today
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code
from tuidang.registry.certificates import actions, trusted
from tuidang.registry.certificates.actions import Delivery, Wish
from tuidang.registry.certificates.models import Application
from tuidang.registry.declarations.actions import receive
from tuidang.registry.tally.actions import publish_batch

WORD = "sample word"
BORN = date(1990, 1, 2)
WISH = Wish(1, "SAMPLE<<ONE", BORN, chinese_name="样本甲", orgs=1)


class Applicant:
    """Somebody with a receipt code, whose legal name is bound unless told otherwise."""

    def __init__(self, *, bound: bool = True) -> None:
        self.code = declared(bound=bound)
        self.row = row_of(self.code)

    def apply(self, *, urgency: int = 2, needed_by: date | None = None, **changed: Any) -> str:
        """Apply, and return the address of the application in the office."""
        facts: dict[str, Any] = {"word": WORD, "language": "zh-Hans", "day": today()}
        facts |= {"urgency": urgency, "needed_by": needed_by}
        wish = replace(WISH, **changed)
        (application,) = actions.apply(self.row, self.code, [wish], **facts)
        return path_of(application)

    @property
    def application(self) -> Application:
        """The newest application, as it is now."""
        return Application.objects.filter(declaration=self.row).order_by("-day", "state")[0]

    def reply(self, text: str) -> None:
        """Write back to the office."""
        actions.reply(self.row, self.application.pk, text, day=today())

    def fetch(self) -> list[Delivery]:
        """Fetch what the second word opens."""
        return actions.fetch(self.row, self.code, WORD)


def declared(*, bound: bool) -> Code:
    """Declare 样本甲 by their own name, and return the code."""
    person = {"name": "样本甲", "kind": "real", "organizations": ["party"], "declared_by": "self"}
    fields: dict[str, Any] = {
        "language": "zh-Hans",
        "show": "count",
        "persons": [person],
        "idempotency_key": secrets.token_urlsafe(16),
    }
    if bound:
        fields["bind"] = {"legal_name": "SAMPLE<<ONE", "birth_date": BORN.isoformat()}
    body = parse_declaration(fields, today=today())
    key = fields["idempotency_key"]
    return receive(body, idempotency_key=key, channel="web", day=today())


def path_of(application: Application) -> str:
    """Return the address of an application in the office."""
    return f"/certificates/application/{application.pk}/"


def publish() -> None:
    """Publish what waits, and hand down what certificates need."""
    assert publish_batch(now=timezone.now(), at_once=True) is not None
    trusted.install(now=timezone.now())
