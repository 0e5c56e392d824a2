# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public door's rights: its own role on PostgreSQL; on SQLite sealing is the only wall."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from tests.architecture.house import ROOT
from tests.registry.declarations.desk import DAY, NOW, ROOMS, Desk, body, hand_in, new_key
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.grants import PUBLIC_ROLE, statements
from tuidang.registry.declarations.models import PUBLIC_COLUMNS
from tuidang.registry.tally.actions import publish_batch


@dataclass
class PublicDoor:
    """The public role, where the database has roles."""

    has_roles: bool

    def enter(self) -> None:
        """Make the role, give it its rights, and act as it for the rest of the test."""
        if not self.has_roles:
            return
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE ROLE "{PUBLIC_ROLE}"')
            # A table with checks to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in statements():
                cursor.execute(statement)
            cursor.execute(f'SET LOCAL ROLE "{PUBLIC_ROLE}"')


@pytest.fixture
def door(desk: Desk) -> Iterator[PublicDoor]:
    """Give the public role; the test's transaction takes it away again."""
    door = PublicDoor(has_roles=connection.vendor == "postgresql")
    yield door
    if door.has_roles:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def is_refused(sql: str) -> bool:
    """Say whether the database refuses a statement for want of rights."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "permission denied" in str(error)
    return False


def readable() -> list[tuple[str, list[str]]]:
    """Read the tables and columns of the SELECT rights out of the statements."""
    pattern = re.compile(r'GRANT SELECT(?: \((.*)\))? ON "(\w+)" TO "\w+"')
    matches = [pattern.fullmatch(each) for each in statements() if "GRANT SELECT" in each]
    return [(m[2], [c.strip('" ') for c in (m[1] or "").split(",") if c]) for m in matches if m]


def tables() -> set[str]:
    """Name every table of the registry."""
    return {
        model._meta.db_table for room in ROOMS for model in apps.get_app_config(room).get_models()
    }


def test_the_public_door_works_with_its_few_rights(door: PublicDoor) -> None:
    """Taking in, a double click, the state, the mailbox, and asking to withdraw all work."""
    door.enter()
    key = new_key()
    code = actions.receive(body(), idempotency_key=key, channel="web", day=DAY)
    again = actions.receive(body(), idempotency_key=key, channel="web", day=DAY)
    row = actions.find(code)
    assert row is not None
    assert again == code
    assert actions.open_mail(row, code)[0].kind == "openings"
    actions.ask_withdrawal(row, day=DAY)
    actions.ask_erasure(row, day=DAY)
    assert actions.state_of(row).state == "withdrawn"
    assert actions.open_mail(row, code) == []


def test_the_public_door_sees_a_correction_without_its_reason(desk: Desk, door: PublicDoor) -> None:
    """It learns that an entry is corrected and by which, and may read nothing else of it."""
    row, code = hand_in()
    desk.accept(row)
    publish_batch(now=NOW, at_once=True)
    actions.ask_withdrawal(row, day=DAY)
    actions.apply_requests(day=DAY)
    publish_batch(now=NOW + timedelta(days=7))
    door.enter()
    found = actions.find(code)
    assert found is not None
    assert [each.state for each in actions.state_of(found).persons] == ["corrected"]
    if door.has_roles:
        assert is_refused("SELECT commitment FROM transparency_correction")
        assert is_refused("SELECT reason FROM declarations_recall")


def test_a_question_is_answered_with_few_rights(desk: Desk, door: PublicDoor) -> None:
    """The holder of the code reads the question and answers it as the public role."""
    row, code = hand_in()
    actions.return_with_question(row, "样本？", by=desk.first.doer, day=DAY)
    door.enter()
    found = actions.find(code)
    assert found is not None
    assert actions.open_mail(found, code)[1].content == {"question": "样本？"}
    actions.answer(found, "样本", day=DAY)
    assert not actions.state_of(found).question_open


def test_what_is_sealed_to_the_office_is_out_of_reach(door: PublicDoor) -> None:
    """The public role may not read `sealed`; where there are no roles, the pages say so."""
    door.enter()
    if door.has_roles:
        assert is_refused("SELECT sealed FROM declarations_declaration")
        assert is_refused("SELECT sealed FROM declarations_request")
        assert is_refused("SELECT * FROM declarations_declaration")
        assert not is_refused("SELECT packet FROM declarations_declaration")
    else:
        threats = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
        assert "On SQLite there are no database roles" in threats


def test_no_other_table_can_be_read_and_none_changed(door: PublicDoor) -> None:
    """Accounts, reviews, wraps and the audit are out of reach, and nothing is ever changed."""
    forbidden = tables() - {table for table, _ in readable()}
    assert {"accounts_volunteer", "vault_wrap", "vault_member", "audit_auditrow"} <= forbidden
    assert {"review_decision", "review_claim", "transparency_received"} <= forbidden
    door.enter()
    if door.has_roles:
        open_to_all = [t for t in forbidden if not is_refused(f"SELECT count(*) FROM {t}")]  # noqa: S608
        changeable = [t for t in tables() if not is_refused(f"DELETE FROM {t}")]  # noqa: S608
        assert (open_to_all, changeable) == ([], [])
        assert is_refused("UPDATE declarations_declaration SET state = 'accepted'")


def test_the_rights_name_columns_that_exist() -> None:
    """A renamed table or column is noticed here, and `sealed` is in no list."""
    columns = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
    }
    named = {(table, column) for table, each in readable() for column in each}
    assert named <= columns
    assert {table for table, _ in readable()} <= tables()
    assert "sealed" not in PUBLIC_COLUMNS
    assert not any(column == "sealed" for _, column in named)


def test_a_role_is_a_plain_name() -> None:
    """A role's name cannot smuggle SQL."""
    with pytest.raises(ValueError, match="letters"):
        statements('public"; DROP TABLE x; --')
