# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same attempts at the office itself: what two volunteers sign has the true days, or is not
signed at all."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.registry.certificates.edits import EDITS
from tests.registry.certificates.office import BOUND, Applicant, Office
from tests.registry.declarations.desk import DAY
from tuidang.pure.credential.cose import open_signed
from tuidang.pure.credential.face_code import read_code
from tuidang.registry.certificates.delivery import CODE
from tuidang.registry.certificates.errors import ApplicationBroken, NotDatedYet, OwnCheckFailed
from tuidang.registry.certificates.models import Application, Certificate
from tuidang.registry.certificates.proving import installed_bundle

pytestmark = pytest.mark.django_db
REFUSED = (OwnCheckFailed, NotDatedYet, ApplicationBroken)
TODAY = DAY + timedelta(days=5)
TRUTH = (DAY + timedelta(days=2), DAY + timedelta(days=3))


@dataclass
class Waiting:
    """Somebody early, somebody two days later, and the later one's application, to be signed."""

    office: Office
    early: Applicant
    person: Applicant
    application: Application

    def sign(self) -> tuple[date | None, date | None] | None:
        """Return the days on the certificate, None if it is not signed."""
        try:
            issued = self.office.sign(self.application, day=TODAY)
        except REFUSED:
            return None
        code = read_code(issued.packed.files[CODE].decode().strip())
        claims = open_signed(code, installed_bundle().keys).claims
        days = [each.day if each else None for each in (claims.received, claims.linked)]
        return days[0], days[1]


@pytest.fixture
def waiting(office: Office) -> Waiting:
    """Take both on their road, up to the second volunteer."""
    early = office.applicant(bind=BOUND)
    office.prepare(early.apply())
    office.publish()
    office.now += timedelta(days=2)
    person = office.applicant(bind=BOUND)
    office.publish()
    office.now += timedelta(days=1)
    application = office.prepare(person.apply())
    office.publish()
    return Waiting(office, early, person, application)


def test_an_edited_database_gets_no_earlier_date_signed(waiting: Waiting) -> None:
    """Whatever the tables say: the true days, or no certificate and no trace of one."""
    early, person = (each.row.commitment(1) for each in (waiting.early, waiting.person))
    outcomes: dict[str, object] = {}
    for edit in EDITS:
        savepoint = transaction.savepoint()
        edit(early, person)
        outcomes[edit.__name__] = waiting.sign()
        assert Certificate.objects.exists() is (outcomes[edit.__name__] is not None)
        transaction.savepoint_rollback(savepoint)
    assert outcomes.pop("earlier_day") == TRUTH
    assert outcomes.pop("earlier_batches") == TRUTH
    assert set(outcomes.values()) == {None}
    assert waiting.sign() == TRUTH


def test_an_exchanged_application_borrows_nobodys_date(waiting: Waiting) -> None:
    """Sealed pieces, declarations and links that change places in the table."""
    mine = Application.objects.filter(pk=waiting.application.pk)
    other = Application.objects.exclude(pk=waiting.application.pk).get()
    outcomes = []
    for exchanged in (
        {"sealed": other.sealed},
        {"declaration": other.declaration, "number": 1},
        {"link": other.link},
    ):
        savepoint = transaction.savepoint()
        Application.objects.filter(pk=other.pk).update(state="withdrawn", decided_on=DAY)
        mine.update(**exchanged)
        outcomes.append(waiting.sign())
        transaction.savepoint_rollback(savepoint)
    assert outcomes == [None, None, TRUTH]
