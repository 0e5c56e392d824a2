# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door's rights to certificates: it adds, and reads what the code's holder may see."""

import uuid
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.registry.certificates.office import WISH, WORD, Office
from tests.registry.certificates.test_fetch import deliver
from tests.registry.declarations.desk import DAY
from tests.registry.declarations.test_grants import PublicDoor, is_refused
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.grants import statements
from tuidang.registry.certificates.lookup import look_up
from tuidang.registry.certificates.models import Application
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.declarations.grants import statements as of_declarations
from tuidang.registry.declarations.models import Declaration


class CertificateDoor(PublicDoor):
    """The public role, with its rights to certificates too."""

    def enter(self) -> None:
        """Give these rights before those of declarations are given and the role is taken on."""
        super().enter()
        if self.has_roles:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")
                # A table with checks to come cannot be altered.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for statement in statements():
                    cursor.execute(statement)
                cursor.execute('SET LOCAL ROLE "tuidang_public"')


@pytest.fixture
def door(office: Office) -> Iterator[CertificateDoor]:
    """Give the public role; the test's transaction takes it away again."""
    door = CertificateDoor(has_roles=connection.vendor == "postgresql")
    yield door
    if door.has_roles:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def test_the_holders_verbs_work_with_few_rights(office: Office, door: CertificateDoor) -> None:
    """Applying, replying, withdrawing, fetching, picking up, erasing, looking up."""
    applicant = office.applicant()
    piece = deliver(applicant)
    door.enter()
    found = declarations.find(applicant.code)
    assert found is not None
    asking = {"word": WORD, "day": DAY}
    actions.check_apply(found, applicant.code, [WISH], **asking)
    (row,) = actions.apply(found, applicant.code, [WISH], urgency=1, language="en", **asking)
    actions.reply(found, row.pk, "样本", day=DAY)
    actions.withdraw_application(found, row.pk, day=DAY)
    assert [each.state for each in actions.applications_of(found)] == ["withdrawn"]
    assert actions.median_days(day=DAY) == {1: None, 2: None, 3: None}
    code = actions.make_pickup(found, applicant.code, WORD, piece, day=DAY)
    assert actions.pick_up(code).files == actions.fetch(found, applicant.code, WORD)[0].files
    actions.ask_erasure_of_certificate(found, piece, day=DAY)
    assert actions.pieces_of(found) == []
    assert look_up("0" * 12, "SAMPLE", date(1990, 1, 2)) is None


def test_what_is_sealed_to_the_office_stays_with_it(office: Office, door: CertificateDoor) -> None:
    """No sealed application, no reply, nobody who decided; and nothing is changed or deleted."""
    office.applicant().apply()
    door.enter()
    if door.has_roles:  # all names in these statements are our own constants
        for table, column in (
            ("application", "sealed"),
            ("application", "prepared"),
            ("application", "preparer"),
            ("reply", "sealed"),
            ("certificate", "status_index"),
            ("certificate", "reason"),
            ("certificate", "signer"),
        ):
            assert is_refused(f"SELECT {column} FROM certificates_{table}")  # noqa: S608
        for table in ("application", "certificate", "pickup", "pickedup", "erasure", "withdrawal"):
            assert is_refused(f"DELETE FROM certificates_{table}")  # noqa: S608
        assert is_refused("UPDATE certificates_application SET state = 'issued'")
        assert is_refused("INSERT INTO certificates_certificate DEFAULT VALUES")
    else:
        assert not any("sealed" in each for each in statements() if "SELECT (" in each)


def test_what_the_front_door_adds_nobody_has_decided(office: Office, door: CertificateDoor) -> None:
    """Whoever controls that process can put in no accepted declaration and no application that
    somebody is said to have checked: two persons of the office stay two.
    """
    applicant = office.applicant(accept=False)
    application = applicant.apply()
    accepted = Declaration.objects.get(pk=applicant.row.pk)
    prepared = Application.objects.get(pk=application.pk)
    accepted.pk, accepted.lookup, accepted.idempotency = uuid.uuid4(), b"l" * 32, b"i" * 32
    accepted.state, accepted.manner, accepted.decided_on = "accepted", "single", DAY
    prepared.pk, prepared.number, prepared.state = uuid.uuid4(), 2, "prepared"
    prepared.preparer = office.first.doer.id
    door.enter()
    for row in (accepted, prepared):
        if door.has_roles:
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                row.save(force_insert=True)
        else:
            assert any(f'"{row._meta.db_table}" FOR INSERT' in each for each in everything())


def everything() -> list[str]:
    """Return all statements of the public role."""
    return [*of_declarations(), *statements()]
