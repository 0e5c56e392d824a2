# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever has the database finds no alias beside a legal name, and neither of them at all."""

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection

from tests.registry.certificates.office import BORN, BOUND, NAME, WISH, WORD, Office
from tests.registry.certificates.test_issue import judged
from tests.registry.declarations.desk import (
    DAY,
    ORIGIN,
    found_in,
    person,
    secret_forms,
    text_forms,
)
from tuidang.pure.credential.numbers import shown
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.errors import CertificateError

ALIAS, PLACE, CHINESE, REPLY = "样本化名子", "SAMPLETOWN", "样本真名丑", "样本回复寅"


def whole_database() -> bytes:
    """Return every value of every table; of SQLite the pages too, as a thief has them."""
    parts = []
    for model in apps.get_models():
        for row in model._default_manager.values_list():
            parts += [
                bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
            ]
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        parts.append(connection.connection.serialize())
    return b"\n".join(parts)


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes | memoryview)


def typed(number: str) -> Iterator[bytes]:
    """Give all that must not be found: names, birth date, number, words."""
    names = [ALIAS, CHINESE, NAME, NAME.replace("<<", ", "), PLACE, WORD, REPLY]
    dates = [f"{BORN:%Y%m%d}", f"{BORN.year}-{BORN.month:02}-{BORN.day:02}"]
    yield from text_forms(*names, *dates, number, shown(number))


def test_the_database_shows_neither_alias_nor_name(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    """Through the whole road, with a pick-up and a correction waiting, nothing typed is there."""
    caplog.set_level(logging.DEBUG)
    applicant = office.applicant(person(ALIAS, kind="alias"), bind=BOUND)
    wish = replace(WISH, chinese_name=CHINESE, birth_place=PLACE, show_alias=True)
    application = applicant.apply(wish)
    actions.reply(applicant.row, application.pk, REPLY, day=DAY)
    actions.ask(application.pk, REPLY, by=office.first.doer, day=DAY)
    office.prepare(application)
    office.publish()
    issued = office.sign(application)
    (delivery,) = applicant.fetch()
    assert delivery.piece is not None
    pickup = actions.make_pickup(applicant.row, applicant.code, WORD, delivery.piece, day=DAY)
    number = judged(issued).claims.number  # type: ignore[union-attr]
    applicant.apply(replace(wish, replaces=number))
    needles = [*typed(number), *secret_forms(applicant.code), *secret_forms(pickup)]
    database = whole_database()
    assert found_in(database, needles) == []
    assert found_in(database, [ORIGIN.encode()]) == [ORIGIN.encode()]
    assert found_in(caplog.text.encode(), needles) == []


def test_refusals_repeat_nothing(office: Office) -> None:
    """No error of this room, as text or in what it carries, says what was typed."""
    applicant = office.applicant(person(ALIAS, kind="alias"))
    said = []
    wishes = [
        replace(WISH, legal_name=NAME.replace("<<", " "), birth_place=f" {PLACE}", orgs=7),
        replace(WISH, number=2),
    ]
    for wish in wishes:
        with pytest.raises(CertificateError) as refused:
            applicant.apply(wish)
        said.append(f"{refused.value!s}{refused.value!r}{vars(refused.value)}")
    applicant.apply()
    with pytest.raises(CertificateError) as refused:
        applicant.fetch(f"{WORD} or another")
    said.append(f"{refused.value!r}{vars(refused.value)}")
    needles = [*typed("0" * 12), *secret_forms(applicant.code)]
    assert found_in("".join(said).encode(), needles) == []
