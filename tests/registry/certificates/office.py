# SPDX-License-Identifier: AGPL-3.0-or-later
"""A certificate office with two volunteers, a log that publishes, and sample applicants."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tests.registry.declarations.desk import (
    DAY,
    NOW,
    Desk,
    Seat,
    body,
    hand_in,
    make_desk,
    person,
)
from tuidang.pure.credential.claims import IdentityCheck
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.certificates import actions, trusted
from tuidang.registry.certificates.actions import Delivery, Issued, Wish
from tuidang.registry.certificates.models import Application
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.vault.actions import open_member, renew_ring

WORD = "sample word"
NAME, BORN = "SAMPLE<<ONE<PERSON", date(1990, 1, 2)
SELF_STATED = IdentityCheck("S")
WISH = Wish(1, NAME, BORN, chinese_name="样本甲", birth_place="SAMPLETOWN", orgs=1)
BOUND = {"legal_name": NAME, "birth_date": BORN.isoformat()}


@dataclass
class Applicant:
    """Somebody with a receipt code."""

    row: Declaration
    code: Code

    def apply(self, *wishes: Wish, **facts: Any) -> Application:
        """Apply, for the first person unless told otherwise, and return the first application."""
        facts = {"word": WORD, "urgency": 2, "language": "en", "day": DAY} | facts
        self.row.refresh_from_db()
        return actions.apply(self.row, self.code, list(wishes) or [WISH], **facts)[0]

    def fetch(self, word: str = WORD) -> list[Delivery]:
        """Fetch what the second word opens."""
        return actions.fetch(self.row, self.code, word)


@dataclass
class Office:
    """The office; `now` is the time of its next publication, with the first of which the log
    begins."""

    desk: Desk
    now: datetime = NOW

    @property
    def first(self) -> Seat:
        """The volunteer who accepts and prepares."""
        return self.desk.first

    @property
    def second(self) -> Seat:
        """The volunteer who signs."""
        return self.desk.second

    def applicant(self, *persons: dict[str, Any], accept: bool = True, **fields: Any) -> Applicant:
        """Let somebody declare, and the first volunteer accept it."""
        row, code = hand_in(body(*(persons or (person(),)), **fields))
        if accept:
            self.desk.accept(row)
        return Applicant(row, code)

    def prepare(self, application: Application, check: IdentityCheck = SELF_STATED) -> Application:
        """Record the identity check as the first volunteer."""
        seat = self.first
        return actions.prepare(application.pk, check, seat.unlocked, by=seat.doer, day=DAY)

    def publish(self) -> None:
        """Publish what waits, tell the declarants, and hand down what certificates need."""
        assert publish_batch(now=self.now, at_once=True) is not None
        trusted.install(now=self.now)
        self.now += timedelta(minutes=1)

    def sign(self, application: Application, **facts: Any) -> Issued:
        """Sign as the second volunteer."""
        facts = {"by": self.second.doer, "day": DAY} | facts
        return actions.sign(application.pk, self.second.unlocked, **facts)

    def issue(self, applicant: Applicant, **changed: Any) -> Issued:
        """Take an application all the way."""
        application = applicant.apply(replace(WISH, **changed))
        self.prepare(application)
        self.publish()
        return self.sign(application)


def make_office() -> Office:
    """Make the rings, and the two who open them."""
    desk = make_desk()
    renew_ring("certificates", "2026-07", by=REGISTRY, day=DAY)
    passphrases = ("sample one", "sample two")
    seats = [
        Seat(seat.doer, open_member(seat.doer.id, passphrase))
        for seat, passphrase in zip((desk.first, desk.second), passphrases, strict=True)
    ]
    return Office(Desk(*seats))
