# SPDX-License-Identifier: AGPL-3.0-or-later
"""Many at the same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.db import connection

from tests.registry.declarations.desk import (
    DAY,
    Desk,
    body,
    hand_in,
    make_desk,
    new_key,
    person,
    unnamed,
)
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import (
    KeyReused,
    NoQuestionOpen,
    SecondPersonNeeded,
    StateRefused,
)
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.transparency.models import Leaf

AT_ONCE = 8
T = TypeVar("T")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(shared_database: None) -> Desk:
    """Make the desk in a database that other threads see."""
    return make_desk()


def at_once(deed: Callable[[int], T]) -> list[T]:
    """Do a deed in several threads at once and close their connections."""

    def do(number: int) -> T:
        try:
            return deed(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(do, range(AT_ONCE)))


def test_a_double_click_is_one_declaration(desk: Desk) -> None:
    """The same form at the same moment: one row, and the same code for all."""
    key = new_key()

    def click(_: int) -> str:
        code = actions.receive(body(), idempotency_key=key, channel="web", day=DAY)
        return code.digits()

    assert len(set(at_once(click))) == 1
    assert Declaration.objects.count() == 1


def test_one_key_with_many_bodies_takes_one(desk: Desk) -> None:
    """The same key with different bodies at the same moment: one code, and refusals."""
    key = new_key()

    def send(number: int) -> bool:
        declared = body(person(f"样本{number}号人"))
        try:
            actions.receive(declared, idempotency_key=key, channel="web", day=DAY)
        except KeyReused:
            return False
        return True

    assert at_once(send).count(True) == 1
    assert Declaration.objects.count() == 1


def test_different_forms_do_not_hinder_one_another(desk: Desk) -> None:
    """At the same moment each of them is taken."""
    at_once(lambda _: hand_in())
    assert Declaration.objects.count() == AT_ONCE


def test_two_who_accept_at_once_make_one_decision(desk: Desk) -> None:
    """Accepting the same declaration at the same moment gives one set of leaves."""
    row, _ = hand_in()

    def accept(_: int) -> bool:
        try:
            desk.accept(row)
        except StateRefused:
            return False
        return True

    assert at_once(accept).count(True) == 1
    assert Leaf.objects.count() == 1


def test_one_volunteer_at_many_desks_is_still_one(desk: Desk) -> None:
    """The same volunteer accepting many times at once is only ever the first of two."""
    row, _ = hand_in(body(unnamed=unnamed(21)))

    def accept(_: int) -> bool:
        try:
            desk.accept(row)
        except SecondPersonNeeded:
            return False
        return True

    assert at_once(accept).count(True) == 1
    assert not Leaf.objects.exists()


def test_asking_to_withdraw_at_once_is_asking_once(desk: Desk) -> None:
    """A double click on "withdraw" leaves one request."""
    row, _ = hand_in()
    at_once(lambda _: actions.ask_withdrawal(row, day=DAY))
    assert Request.objects.count() == 1


def test_answering_at_once_is_answering_once(desk: Desk) -> None:
    """Of several answers at the same moment one is taken and the others are told so."""
    row, _ = hand_in()
    actions.return_with_question(row, "样本？", by=desk.first.doer, day=DAY)
    row.refresh_from_db()

    def reply(_: int) -> bool:
        try:
            actions.answer(row, "样本", day=DAY)
        except NoQuestionOpen:
            return False
        return True

    assert at_once(reply).count(True) == 1
    assert Request.objects.count() == 1
