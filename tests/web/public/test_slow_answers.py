# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slow answers have few places, and leave a thread for everybody who asks for something else."""

from datetime import timedelta
from threading import BoundedSemaphore
from uuid import uuid4

import pytest
from django.test import Client

from tests.registry.certificates.conftest import office
from tests.registry.certificates.office import Applicant, Office
from tests.registry.declarations.desk import DAY
from tests.web.public.applying import PATH, WORD, come, filled, form, ticket_in
from tests.web.public.browsing import page_of, send
from tuidang.registry.certificates.models import Application
from tuidang.web.public import certificates, slow_answers
from tuidang.web.public.certificate_deeds import DailyFew
from tuidang.web.public.slow_answers import TooManyAtOnce, place_in

__all__ = ["office"]


def test_all_kinds_together_leave_a_thread() -> None:
    """Each kind has its own places, and places become free whatever happens in them."""
    kinds = [BoundedSemaphore(2) for _ in range(2)]
    with place_in(kinds[0]), place_in(kinds[0]):
        with pytest.raises(TooManyAtOnce), place_in(kinds[0]):
            pass
        with place_in(kinds[1]), pytest.raises(TooManyAtOnce), place_in(kinds[1]):
            pass
    assert slow_answers.MOST < 4
    for kind in kinds * 2:
        with pytest.raises(ValueError, match="sample"), place_in(kind):
            raise ValueError("sample")
    with place_in(kinds[0]), place_in(kinds[1]), place_in(kinds[1]):
        pass


def test_few_words_are_stretched_at_once(client: Client, office: Office) -> None:
    """Beyond two at once the answer is 503, nothing is stored, and other pages are there still."""
    applicant = office.applicant()
    fields = {**form(client, applicant.code), **filled()}
    taken = [certificates._words.acquire(blocking=False) for _ in range(3)]
    try:
        assert taken == [True, True, False]
        for do in sorted(certificates.STRETCHING):
            assert send(client, PATH, {**fields, "do": do}).status_code == 503
        assert come(client, applicant.code).status_code == 200
        assert client.get(PATH).status_code == 200
    finally:
        certificates._words.release(2)
    assert send(client, PATH, {**fields, "do": "preview"}).status_code == 200
    assert not Application.objects.exists()


def test_no_other_deed_stretches_a_word(
    client: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every way that costs much is one of those that are counted."""
    applicant: Applicant = office.applicant()
    fields = {**form(client, applicant.code), **filled(), "word": WORD}
    monkeypatch.setattr("hashlib.scrypt", None)
    ticket = ticket_in(come(client, applicant.code))
    for do in ("form", "suggest", "change", "reply", "withdraw", "day", "", "?"):
        assert send(client, PATH, {**fields, "ticket": ticket, "do": do}).status_code < 500


def test_who_is_not_counted_is_not_offered(client: Client, office: Office) -> None:
    """The page offers no certificate for a test, and says so where nobody else is there."""
    applicant = office.applicant(accept=False)
    office.desk.accept(applicant.row, not_counted={1: "test"})
    shown = page_of(come(client, applicant.code))
    assert "recorded and not counted" in shown.text
    assert "person" not in shown.fields


def test_pick_ups_are_few_a_day() -> None:
    """Each holder has some a day; another's do not count, and the next day begins anew."""
    few, (one, other) = DailyFew(2), (uuid4(), uuid4())
    assert [few.allow(DAY, one) for _ in range(3)] == [True, True, False]
    assert few.allow(DAY, other)
    assert few.allow(DAY + timedelta(days=1), one)
