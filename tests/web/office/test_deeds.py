# SPDX-License-Identifier: AGPL-3.0-or-later
"""What volunteers do with the queue, and that every refusal is a sentence."""

import uuid
from datetime import timedelta

import pytest

from tests.web.office.conftest import MoveTime, Volunteer
from tests.web.office.samples import TEXT, declare
from tuidang.registry.declarations.actions import ask_withdrawal
from tuidang.registry.declarations.models import Declaration, Person
from tuidang.registry.review.models import Claim, Decision
from tuidang.web.office import views

GONE = "This declaration or decision is not there any more."


def page(row: Declaration, deed: str = "") -> str:
    """Return the address of a declaration's page or of a deed on it."""
    return f"/declaration/{row.id}/" + (f"{deed}/" if deed else "")


def state(row: Declaration) -> str:
    """Return the state of a declaration as it is now."""
    row.refresh_from_db()
    return row.state


def test_the_queue_shows_what_waits(first: Volunteer) -> None:
    """Names, number, organisations, text and flags of each declaration stand in the queue."""
    declare("样本甲", "样本乙", statement=TEXT, unnamed=3)
    text = first.look()
    for words in (
        "样本甲, 样本乙",
        "and 3 unnamed",
        "5 persons",
        "Youth League",
        TEXT[:20],
        "no flag",
    ):
        assert words in text


def test_who_is_counted_already_is_a_repeat_by_presetting(first: Volunteer) -> None:
    """For who says so "declared before" is preset and "count" is not offered; others may count."""
    row = declare("样本甲", "样本乙", more={"counted_before": True})
    source = first.get(page(row)).content.decode()
    own, other = (
        source.partition(f'name="not_counted_{n}">')[2].partition("</select>")[0] for n in (1, 2)
    )
    assert '<option value="repeat" selected>' in own
    assert '<option value="">' not in own
    assert '<option value="">' in other
    assert "selected" not in other
    assert "says: counted already" in source


def test_an_empty_queue_says_so(first: Volunteer) -> None:
    """Where nothing waits, a sentence says it."""
    assert "Nothing is waiting." in first.look()


def test_one_page_shows_two_hundred(first: Volunteer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit on the page is counted below it and moves up later."""
    monkeypatch.setattr(views, "SHOWN", 2)
    for name in ("样本甲", "样本乙", "样本丙"):
        declare(name)
    text = first.look()
    assert "3 declarations are waiting." in text
    assert "One further is not on this page yet." in text
    assert text.count('class="item"') == 2


def test_a_declaration_is_read_whole(first: Volunteer) -> None:
    """Its page shows each person with organisations, who spoke, consent, and the whole text."""
    row = declare("样本甲", "样本乙", statement=TEXT, unnamed=2)
    text = first.look(page(row))
    for words in ("样本甲", "样本乙", "A relative of theirs", "They know and agree", "+2", TEXT):
        assert words in text


def test_what_else_was_stated_is_told(first: Volunteer) -> None:
    """Date, place and the wish to be shown stand below the persons."""
    place = {"country": "CN", "province": "样本省"}
    more = {"stated_on": "2020-02-03", "place": place, "show": "text"}
    row = declare("样本甲", statement=TEXT, more=more)
    text = first.look(page(row))
    for words in ("Date stated: 2020-02-03", "Place: CN 样本省", "Wishes the text to be shown."):
        assert words in text


def test_accepting_goes_on_to_the_next(first: Volunteer) -> None:
    """After a decision the next declaration is open, with what was done and a way back."""
    rows = sorted((declare("样本甲"), declare("样本乙")), key=lambda row: row.id)
    text = first.send(page(rows[0], "accept"), next=str(rows[1].id))
    assert state(rows[0]) == "accepted"
    assert "Accepted." in text
    assert rows[1].id.hex[:8] in text
    assert "Undo" in text
    assert Person.objects.get(declaration=rows[0]).leaf is not None


def test_somebody_can_be_left_out_of_the_count(first: Volunteer) -> None:
    """A volunteer accepts a declaration and says which person is not counted, and why."""
    row = declare("样本甲", "样本乙")
    first.send(page(row, "accept"), not_counted_2="deceased", not_counted_1="")
    reasons = Person.objects.filter(declaration=row).order_by("number")
    assert [person.not_counted for person in reasons] == ["", "deceased"]


@pytest.mark.parametrize(
    "fields",
    [
        {"not_counted_3": "deceased"},
        {"not_counted_0": "deceased"},
        {"not_counted_²": "deceased"},
        {"not_counted_-1": "deceased"},
        {"not_counted_99999999999999999999": "deceased"},
        {"not_counted_1": "withdrawn"},
        {"not_counted_1": "样本"},
        {"not_counted_": "deceased"},
    ],
)
def test_what_the_page_did_not_offer_is_not_done(first: Volunteer, fields: dict[str, str]) -> None:
    """Numbers and reasons that do not exist leave nobody out of the count."""
    row = declare("样本甲", "样本乙")
    first.send(page(row, "accept"), **fields)
    assert state(row) == "accepted"
    assert not Person.objects.exclude(not_counted="").exists()


def test_a_question_returns_the_declaration(first: Volunteer) -> None:
    """A question goes to the mailbox, and the declaration leaves the queue until it is answered."""
    row = declare("样本甲")
    assert "Returned with the question." in first.send(page(row, "return"), question="样本问题？")
    assert state(row) == "returned"


@pytest.mark.parametrize("question", ["", "  \n ", "问" * 2001])
def test_a_question_must_fit(first: Volunteer, question: str) -> None:
    """An empty or overlong question is refused with a sentence on the same page."""
    row = declare("样本甲")
    text = first.send(page(row, "return"), question=question)
    assert "A question has from 1 to 2,000 characters." in text
    assert "样本甲" in text
    assert state(row) == "received"


def test_rejecting_needs_a_reason(first: Volunteer) -> None:
    """Without a reason from the list nothing is rejected; with one, it and the note are kept."""
    row = declare("样本甲")
    assert "Please choose a reason." in first.send(page(row, "reject"), reason="样本")
    assert state(row) == "received"
    first.send(page(row, "reject"), reason="abuse", note="样本备注")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("rejected", "abuse")
    assert bytes(Decision.objects.get().note_sealed or b"").startswith(b"age-encryption.org")


def test_many_are_accepted_at_once(first: Volunteer) -> None:
    """All ticked ones are accepted singly; the others go on waiting."""
    ticked, other = [declare("样本甲"), declare("样本乙")], declare("样本丙")
    ids = [str(row.id) for row in ticked]
    assert "Accepted: 2." in first.send("/decide/", do="accept", declaration=ids)
    assert {state(row) for row in ticked} == {"accepted"}
    assert state(other) == "received"


def test_one_refusal_does_not_hold_up_the_rest(first: Volunteer, second: Volunteer) -> None:
    """Of many, those that cannot be accepted are left, with the reason; the rest are accepted."""
    held, free = declare("样本甲"), declare("样本乙")
    second.look(page(held))
    text = first.send("/decide/", do="accept", declaration=[str(held.id), str(free.id)])
    assert "Accepted: 1. Another volunteer has this declaration open." in text
    assert (state(held), state(free)) == ("received", "accepted")


def test_many_are_rejected_at_once(first: Volunteer) -> None:
    """All ticked ones are rejected for one reason."""
    rows = [declare("样本甲"), declare("样本乙")]
    ids = [str(row.id) for row in rows]
    assert "Rejected: 2." in first.send("/decide/", do="reject", reason="test", declaration=ids)
    assert {state(row) for row in rows} == {"rejected"}


def test_a_group_is_accepted_together(first: Volunteer) -> None:
    """Declarations with nearly the same text stand together and are accepted as a cluster."""
    rows = [declare("样本甲", statement=TEXT), declare("样本乙", statement=TEXT)]
    assert "Similar text: 2 declarations" in first.look()
    cluster = str(min(row.id for row in rows))
    members = {f"member_{cluster}": [str(row.id) for row in rows]}
    assert "Accepted as a group: 2." in first.send("/decide/", cluster=cluster, **members)
    assert {(state(row), row.manner) for row in rows} == {("accepted", "cluster")}


def test_what_is_not_similar_is_no_group(first: Volunteer) -> None:
    """A group that is put together by hand is refused."""
    rows = [declare("样本甲", statement=TEXT), declare("样本乙")]
    members = {"member_x": [str(row.id) for row in rows]}
    text = first.send("/decide/", cluster="x", **members)
    assert "These declarations are not near one another in text." in text
    assert {state(row) for row in rows} == {"received"}


def test_all_without_a_flag_are_accepted_as_a_batch(first: Volunteer) -> None:
    """What no rule flags is accepted as a batch; the sentence counts what is left, and why."""
    clean, flagged, many = declare("样本甲"), declare("测试"), declare("样本乙", unnamed=21)
    text = first.send("/decide/", do="clean")
    assert "Accepted as a batch: 1. Left: " in text
    assert "flagged 1" in text
    assert "need a second volunteer 1" in text
    assert (state(clean), clean.manner) == ("accepted", "batch")
    assert (state(flagged), state(many)) == ("received", "received")


def test_more_than_twenty_unnamed_need_two_volunteers(first: Volunteer, second: Volunteer) -> None:
    """The first acceptance is noted, the same volunteer cannot give the second, another can."""
    row = declare("样本甲", unnamed=21)
    assert "A second volunteer has to accept it as well." in first.send(page(row, "accept"))
    assert state(row) == "received"
    assert "waits for a second volunteer" in first.look()
    assert "A second volunteer has to accept this declaration." in first.send(page(row, "accept"))
    assert "Accepted." in second.send(page(row, "accept"))
    assert state(row) == "accepted"
    assert row.first_accept != row.second_accept


def test_who_has_it_open_decides(first: Volunteer, second: Volunteer, move_time: MoveTime) -> None:
    """While one volunteer has a declaration open, another reads it but decides nothing."""
    row = declare("样本甲")
    first.look(page(row))
    assert "Another volunteer has this declaration open." in second.look(page(row))
    assert "open at another volunteer" in second.look()
    second.send(page(row, "accept"))
    assert state(row) == "received"
    first.send(page(row, "release"))
    assert not Claim.objects.exists()
    second.send(page(row, "accept"))
    assert state(row) == "accepted"


def test_leaving_goes_on_to_the_next(first: Volunteer) -> None:
    """Who leaves a declaration undecided sees the next, and the first is free for others."""
    rows = sorted((declare("样本甲"), declare("样本乙")), key=lambda row: row.id)
    first.look(page(rows[0]))
    assert str(rows[1].id)[:8] in first.send(page(rows[0], "release"), next=str(rows[1].id))
    assert [claim.declaration_id for claim in Claim.objects.all()] == [rows[1].id]


def test_undo_works_for_ten_minutes(first: Volunteer, move_time: MoveTime) -> None:
    """A decision can be taken back from the queue, and after ten minutes no longer."""
    row = declare("样本甲")
    first.send(page(row, "accept"))
    assert "Decided in the last ten minutes" in first.look()
    assert "Undone: it waits again." in first.send(f"/undo/{Decision.objects.get().id}/")
    assert state(row) == "received"
    first.send(page(row, "accept"))
    decision = Decision.objects.get().id
    move_time(timedelta(minutes=10, seconds=1))
    assert "Decided in the last ten minutes" not in first.look()
    assert "This can no longer be undone." in first.send(f"/undo/{decision}/")
    assert state(row) == "accepted"


def test_what_is_to_be_withdrawn_is_not_decided(first: Volunteer) -> None:
    """Once the declarant has asked to withdraw, a volunteer's late click is refused."""
    row = declare("样本甲")
    ask_withdrawal(row, day=row.day)
    text = first.send("/decide/", do="accept", declaration=str(row.id))
    assert "Accepted: 0." in text
    assert state(row) == "received"


@pytest.mark.parametrize("deed", ["accept", "return", "reject"])
def test_nobody_decides_about_what_is_not_there(first: Volunteer, deed: str) -> None:
    """An id that belongs to nothing gets a sentence, whatever was to be done."""
    path = f"/declaration/{uuid.uuid4()}/{deed}/"
    assert GONE in first.send(path, reason="test", question="样本？")


def test_a_declaration_that_is_gone_leads_back_to_the_queue(first: Volunteer) -> None:
    """Opening, leaving or undoing what is not there ends at the queue, with a sentence."""
    nothing = uuid.uuid4()
    assert GONE in first.look_after(f"/declaration/{nothing}/")
    assert GONE in first.send(f"/undo/{nothing}/")
    assert "Waiting declarations" in first.send(f"/declaration/{nothing}/release/", next="样本")


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "accept"},
        {"do": "reject", "reason": "test"},
        {"do": "accept", "declaration": "样本"},
        {"do": "样本", "declaration": "1"},
        {"cluster": "样本"},
        {"cluster": "x", "member_x": ["样本", "1"]},
        {},
    ],
)
def test_garbage_gets_a_sentence(first: Volunteer, fields: dict[str, str | list[str]]) -> None:
    """What no page of ours sends is refused in words, and nothing is decided."""
    row = declare("样本甲")
    text = first.send("/decide/", **fields)
    assert 'class="said bad"' in text
    assert "样本<" not in text
    assert state(row) == "received"


def test_a_sentence_is_said_once(first: Volunteer) -> None:
    """What was done stands on the next page and on no other."""
    row = declare("样本甲")
    first.send(page(row, "accept"))
    assert 'class="said"' not in first.look()
