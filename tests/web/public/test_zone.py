# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public zone: every page works with the rights of the public role, and asks for no more."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.registry.declarations.desk import DAY, NOW, Desk, body, hand_in
from tests.web.public.browsing import code_in, page_of, send
from tests.web.public.filling import declare, fresh, myself
from tests.web.public.test_api import PATH, sample
from tuidang.registry.certificates import grants as certificates
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.grants import PUBLIC_ROLE, statements
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency import actions as transparency

RECEIPT = "/en/receipt/"
PAGES = [
    *("/en/tally/", "/api/v1/tally", "/api/v1/tally.csv", "/healthz", "/log/checkpoint"),
    *("/log.atom", "/log/parts.json", "/log/parts/", "/open-data/days.csv", "/open-data/days.json"),
    *(
        "/en/certificate/",
        "/en/certificate/pickup/",
        "/en/lawyers/",
        "/en/audit/",
        "/en/open-data/",
        "/en/figures/",
        "/en/figures/2026-q3/",
    ),
]


@pytest.fixture
def asked_back(desk: Desk) -> str:
    """Publish a batch, then hand in a declaration that a volunteer asks about; give its code."""
    transparency.install(now=NOW)
    desk.accept(hand_in()[0])
    publish_batch(now=NOW, at_once=True)
    row, code = hand_in(body(statement="这是样本"))
    actions.return_with_question(row, "样本问题", by=desk.first.doer, day=DAY)
    return code.digits()


@contextmanager
def public_role() -> Iterator[CaptureQueriesContext]:
    """Act as the public role where the database has roles, and listen to every statement."""
    has_roles = connection.vendor == "postgresql"
    if has_roles:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE ROLE "{PUBLIC_ROLE}"')
            # A table with checks to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in [*statements(), *certificates.statements()]:
                cursor.execute(statement)
            cursor.execute(f'SET LOCAL ROLE "{PUBLIC_ROLE}"')
    with CaptureQueriesContext(connection) as queries:
        yield queries
    if has_roles:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@pytest.fixture
def as_the_public_role(asked_back: str) -> Iterator[CaptureQueriesContext]:
    """Act as the public role once somebody has been asked."""
    with public_role() as queries:
        yield queries


def test_every_page_works_with_the_public_role(
    client: Client, asked_back: str, as_the_public_role: CaptureQueriesContext
) -> None:
    """Declaring, answering, withdrawing and reading totals need only the rights of the role."""
    assert code_in(declare(client, {**fresh(client), **myself()}))
    posted = client.post(PATH, json.dumps(sample()), content_type="application/json")
    assert posted.status_code == 201
    fields = page_of(send(client, RECEIPT, {"code": asked_back})).fields
    answered = send(client, RECEIPT, {**fields, "do": "answer", "text": "样本回答"})
    withdrawn = send(client, RECEIPT, {**fields, "do": "withdraw", "sure": "yes"})
    assert (answered.status_code, withdrawn.status_code) == (200, 200)
    for path in PAGES:
        assert client.get(path).status_code == 200
    asked = [query["sql"].lower() for query in as_the_public_role.captured_queries]
    assert not any(room in sql for sql in asked for room in ("audit_", "accounts_", "review_"))
    read = [sql for sql in asked if sql.startswith("select")]
    sealed = [sql for sql in read if '"declarations_declaration"."sealed"' in sql]
    assert read
    assert sealed == []


def test_a_declaration_is_one_statement(client: Client, desk: Desk, settings: Settings) -> None:
    """The hot path makes one INSERT and asks the database nothing."""
    settings.RECIPIENT_CACHE_SECONDS = 60
    first, second = (json.dumps(sample()) for _ in range(2))
    client.post(PATH, first, content_type="application/json")
    with CaptureQueriesContext(connection) as queries:
        response = client.post(PATH, second, content_type="application/json")
    asked = [query["sql"] for query in queries.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert response.status_code == 201
    assert len(asked) == 1
    assert asked[0].startswith("INSERT")
