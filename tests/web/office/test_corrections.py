# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a published entry out of the count: two volunteers, and every refusal a sentence."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from tests.web.office.conftest import Volunteer
from tests.web.office.samples import declare
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations.actions import apply_requests, ask_withdrawal
from tuidang.registry.declarations.models import Declaration, Person, Recall
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.transparency.models import Correction

UNKNOWN = "No published entry of a declaration here has this number."


def publish(weeks: int = 0) -> None:
    """Publish now, or so many weeks later."""
    assert publish_batch(now=timezone.now() + timedelta(weeks=weeks), at_once=True)


@pytest.fixture
def row(first: Volunteer) -> Declaration:
    """Two persons, accepted and published."""
    row = declare("样本甲", "样本乙")
    first.send(f"/declaration/{row.id}/accept/")
    publish()
    return row


def path(row: Declaration, deed: str = "", number: int = 2) -> str:
    """Return the address of a published person, or of a deed on them."""
    person = Person.objects.get(declaration=row, number=number)
    return f"/published/{person.id}/" + (f"{deed}/" if deed else "")


def entry(row: Declaration, number: int = 2) -> str:
    """Return the index of a person's entry, as somebody would type it."""
    leaf = Person.objects.get(declaration=row, number=number).leaf
    assert leaf is not None
    return str(leaf.index)


def test_an_entry_is_found_by_its_number(first: Volunteer, row: Declaration) -> None:
    """The page shows what the log says, the day and the place, and no name."""
    assert "Correct a published entry" in first.look()
    text = first.send("/corrections/find/", entry=f" {entry(row)} ")
    for words in (
        f"Entry {entry(row)}",
        "Young Pioneers",
        "Reported by others, with a name",
        "Person 2 of 2",
        "in batch 0",
    ):
        assert words in text
    assert "样本" not in text
    assert not AuditRow.objects.filter(verb="open_published").exists()


def test_opening_the_name_is_audited(first: Volunteer, row: Declaration) -> None:
    """One person's name is shown for one answer, and the audit says who looked."""
    text = first.send(path(row, "open"))
    assert "样本乙" in text
    assert "样本甲" not in text
    assert AuditRow.objects.get(verb="open_published").subject == row.id
    assert "样本" not in first.look(path(row))


def test_without_the_sealed_text_the_page_says_so(first: Volunteer, row: Declaration) -> None:
    """After 90 days nobody can be shown; the entry can still be corrected."""
    Declaration.objects.update(sealed=None)
    text = first.send(path(row, "open"))
    assert "The sealed text is deleted" in text
    assert "样本" not in text
    assert "Ask for a correction" in text


@pytest.mark.parametrize("typed", ["", "样本", "-1", "²", "9" * 18, "9" * 40, "1 2"])
def test_what_is_no_entry_gets_a_sentence(first: Volunteer, row: Declaration, typed: str) -> None:
    """A number that no person's entry has is refused in words, whatever was typed."""
    assert UNKNOWN in first.send("/corrections/find/", entry=typed)


def test_notes_receipts_and_seals_are_nobody(first: Volunteer, row: Declaration) -> None:
    """An entry of the log that counts nobody is not found."""
    for index in ("2", "3", "4"):
        assert UNKNOWN in first.send("/corrections/find/", entry=index)


def test_two_volunteers_correct_an_entry(
    first: Volunteer, second: Volunteer, row: Declaration
) -> None:
    """The first asks, cannot confirm, the second confirms, and a week later it is in the log."""
    text = first.send(path(row, "ask"), reason="repeat")
    assert "A second volunteer has to confirm it." in text
    assert "Confirm the correction" not in text
    assert "A second volunteer has to accept" in first.send(path(row, "confirm"))
    assert not Correction.objects.exists()
    assert f"Entry {entry(row)} · declared before" in second.look("/corrections/")
    assert "Confirm the correction" in second.look(path(row))
    assert "goes out with the weekly publication" in second.send(path(row, "confirm"))
    assert Correction.objects.get().reason == 1
    assert f"Entry {entry(row)} · declared before" in second.look("/corrections/")
    publish(weeks=1)
    text = first.look(path(row))
    assert f"Corrected by entry {Correction.objects.get().index}." in text
    assert "Take it back" not in text
    assert "declared before" not in first.look("/corrections/")


def test_it_can_be_taken_back_until_it_is_published(
    first: Volunteer, second: Volunteer, row: Declaration
) -> None:
    """Either volunteer takes it back; afterwards that is refused in words."""
    first.send(path(row, "ask"), reason="deceased")
    second.send(path(row, "confirm"))
    assert "the entry counts as before" in first.send(path(row, "back"))
    assert not Recall.objects.exists()
    assert not Correction.objects.exists()
    assert "This was taken back" in first.send(path(row, "back"))
    first.send(path(row, "ask"), reason="deceased")
    second.send(path(row, "confirm"))
    publish(weeks=1)
    assert "it cannot be taken back" in first.send(path(row, "back"))


def test_what_cannot_be_asked_is_said(first: Volunteer, row: Declaration) -> None:
    """No reason, a reason that only declarants give, twice, and nobody there."""
    for reason in ("", "withdrawn", "样本"):
        assert "Please choose a reason." in first.send(path(row, "ask"), reason=reason)
    first.send(path(row, "ask"), reason="test")
    assert "asked for this correction already" in first.send(path(row, "ask"), reason="test")
    nowhere = f"/published/{uuid.uuid4()}/"
    assert UNKNOWN in first.look_after(nowhere)
    for deed in ("open", "ask", "confirm", "back"):
        assert 'class="said bad"' in first.send(f"{nowhere}{deed}/", reason="test")


def test_who_withdrew_is_shown_as_such(first: Volunteer, row: Declaration) -> None:
    """A volunteer sees that the declarant did it, and cannot take it back."""
    ask_withdrawal(row, day=row.day)
    apply_requests(day=row.day)
    text = first.look(path(row))
    assert "The declarant withdrew." in text
    assert "Take it back" not in text
    assert "a volunteer cannot undo that" in first.send(path(row, "back"))


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_pages_speak_each_language(first: Volunteer, row: Declaration, language: str) -> None:
    """Both pages are whole in each language, and say nothing of the other person."""
    first.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    heading = {
        "zh-hans": "更正已公布的条目",
        "zh-hant": "更正已公布的條目",
        "en": "Correct a published entry",
    }
    assert heading[language] in first.look("/corrections/")
    assert entry(row) in first.look(path(row))


def test_nobody_looks_without_signing_in(first: Volunteer, row: Declaration) -> None:
    """A stranger is sent to the door, from the list, a person's page, and every deed."""
    stranger = Volunteer()
    for each in ("/corrections/", path(row)):
        assert stranger.get(each, secure=True).status_code == 302
    for deed in ("open", "ask", "confirm", "back"):
        answer = stranger.post(path(row, deed), {"reason": "test"}, secure=True)
        assert answer.status_code in {302, 403}
    assert not Recall.objects.exists()
