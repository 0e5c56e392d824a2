# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may apply, for what, and what is sealed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.registry.certificates.office import BORN, BOUND, NAME, WISH, WORD, Applicant, Office
from tests.registry.declarations.desk import DAY, body, hand_in, other, person, unnamed
from tuidang.pure.ledger.commitments import CLASS_FIELD, HOLDER, IDENTITY, ORGS_FIELD
from tuidang.pure.ledger.commitments import NAME as NAME_FIELD
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.applied import Applied
from tuidang.registry.certificates.errors import (
    ApplicationDecided,
    ApplicationGone,
    AppliedAlready,
    LinkedToAnotherName,
    NotCertifiable,
    TextUnfit,
    TooManyReplies,
    WishesRefused,
    WordUnfit,
)
from tuidang.registry.certificates.models import Application
from tuidang.registry.certificates.opened import check_sealed, open_sealed
from tuidang.registry.certificates.policies import MAX_REPLIES, can_apply
from tuidang.registry.certificates.wishes import WISH_PROBLEMS
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.vault.errors import NoRecipient
from tuidang.registry.vault.models import RingKey


def applied(office: Office, application: Application) -> Applied:
    """Open what was applied for."""
    row = Application.objects.get(pk=application.pk)
    found = open_sealed(row, office.first.unlocked).applied
    check_sealed(row, found)
    return found


def test_what_is_applied_for_is_sealed_and_signed(office: Office) -> None:
    """The office opens all that was typed, and a link that the holder's key has signed."""
    applicant = office.applicant(bind=BOUND)
    found = applied(office, applicant.apply(needed_by=DAY + timedelta(days=9)))
    assert (found.legal_name, found.birth_date, found.chinese_name) == (NAME, BORN, "样本甲")
    assert found.needed_by == DAY + timedelta(days=9)
    assert found.is_bound
    assert found == Applied.from_json(found.to_json())
    assert repr(found) == "Applied(…)"


@pytest.mark.parametrize(
    ("declared", "wish", "fields"),
    [
        (person(), WISH, {ORGS_FIELD, CLASS_FIELD, NAME_FIELD, HOLDER}),
        (person(kind="alias"), WISH, {ORGS_FIELD, CLASS_FIELD, HOLDER}),
        (
            person(kind="alias"),
            replace(WISH, show_alias=True),
            {ORGS_FIELD, CLASS_FIELD, NAME_FIELD, HOLDER},
        ),
    ],
)
def test_the_office_sees_an_alias_only_if_it_is_to_be_printed(
    office: Office, declared: dict[str, Any], wish: Any, fields: set[int]
) -> None:
    """The opening that the office gets shows no more than it has to work with."""
    found = applied(office, office.applicant(declared).apply(wish))
    assert {each.j for each in found.d_opening.shown} == fields


def test_only_the_bound_name_is_bound(office: Office) -> None:
    """Another name or birth date than that of the day leaves the binding closed."""
    applicant = office.applicant(bind=BOUND)
    for changed in ({"legal_name": "OTHER<<ONE"}, {"birth_date": date(1990, 1, 3)}):
        application = applicant.apply(replace(WISH, **changed))
        found = applied(office, application)
        assert not found.is_bound
        assert IDENTITY not in {each.j for each in found.d_opening.shown}
        Application.objects.all().delete()


def test_all_persons_of_a_declaration_in_one_go(office: Office) -> None:
    """A relative applies for everybody at once; each application is sealed by itself."""
    applicant = office.applicant(person(), other("样本乙"))
    wife = replace(WISH, number=2, relation="relative", legal_name="Sample, Two")
    applicant.apply(WISH, wife)
    states = actions.applications_of(applicant.row)
    assert [(each.number, each.state, each.open) for each in states] == [
        (1, "waiting", True),
        (2, "waiting", True),
    ]


def test_all_or_nothing(office: Office) -> None:
    """If one of the wishes cannot be, none is taken."""
    applicant = office.applicant(person(), other("样本乙"))
    with pytest.raises(WishesRefused):
        applicant.apply(WISH, replace(WISH, number=2, legal_name="NOPARTS HERE"))
    applicant.apply(replace(WISH, number=2))
    with pytest.raises(AppliedAlready):
        applicant.apply(WISH, replace(WISH, number=2))
    assert Application.objects.count() == 1


def test_one_open_application_a_person(office: Office) -> None:
    """A second one waits until the first is decided, and a preview says so."""
    applicant = office.applicant()
    look = {"word": WORD, "day": DAY}
    actions.check_apply(applicant.row, applicant.code, [WISH], **look)
    application = applicant.apply()
    with pytest.raises(AppliedAlready):
        applicant.apply()
    with pytest.raises(AppliedAlready):
        actions.check_apply(applicant.row, applicant.code, [WISH], **look)
    actions.refuse(application.pk, "unreadable", by=office.first.doer, day=DAY)
    applicant.apply()


def as_list(office: Office) -> Applicant:
    """Hand in a short list."""
    return Applicant(*hand_in(body(other("样本乙")), channel="list"))


def as_many(office: Office) -> Applicant:
    """Hand in more persons than one code may certify."""
    return office.applicant(unnamed=unnamed(13))


def as_rejected(office: Office) -> Applicant:
    """Hand in something that is rejected."""
    found = office.applicant(accept=False)
    declarations.reject(found.row, "test", by=office.first.doer, day=DAY)
    return found


def as_withdrawing(office: Office) -> Applicant:
    """Ask to withdraw, which nobody has carried out yet."""
    found = office.applicant()
    declarations.ask_withdrawal(found.row, day=DAY)
    return found


def as_withdrawn(office: Office) -> Applicant:
    """Withdraw."""
    found = as_withdrawing(office)
    declarations.apply_requests(day=DAY)
    return found


def as_erased(office: Office) -> Applicant:
    """Erase the mailbox."""
    found = office.applicant()
    declarations.ask_erasure(found.row, day=DAY)
    return found


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (as_list, "list"),
        (as_many, "list"),
        (as_rejected, "rejected"),
        (as_withdrawing, "withdrawn"),
        (as_withdrawn, "withdrawn"),
        (as_erased, "erased"),
    ],
)
def test_who_cannot_apply(office: Office, make: Callable[[Office], Applicant], why: str) -> None:
    """Each refusal says why, and the policy agrees with the action."""
    applicant = make(office)
    with pytest.raises(NotCertifiable) as refused:
        applicant.apply()
    assert refused.value.why == why
    assert not can_apply(applicant.row)


def test_there_is_no_such_person(office: Office) -> None:
    """A number beyond the declaration is no person of it."""
    applicant = office.applicant(accept=False)
    assert can_apply(applicant.row)
    for number in (0, 2):
        with pytest.raises(NotCertifiable) as refused:
            applicant.apply(replace(WISH, number=number))
        assert refused.value.why == "person"


@pytest.mark.parametrize(
    ("changed", "where", "code"),
    [
        ({"legal_name": "SAMPLE ONE"}, "legal_name", "legal_name_parts"),
        ({"legal_name": "样本<<甲"}, "legal_name", "legal_name_form"),
        ({"birth_date": DAY + timedelta(days=1)}, "birth_date", "birth_date_range"),
        ({"birth_date": date(1899, 12, 31)}, "birth_date", "birth_date_range"),
        ({"birth_date": date(2008, 7, 15)}, "relation", "minor_alone"),
        ({"chinese_name": "Sample"}, "chinese_name", "chinese_name_form"),
        ({"chinese_name": "样本、甲"}, "chinese_name", "chinese_name_form"),
        ({"chinese_name": "样本\U000323af"}, "chinese_name", "unprintable"),
        ({"birth_place": " Sampletown"}, "birth_place", "birth_place_form"),
        ({"birth_place": "S" * 61}, "birth_place", "birth_place_form"),
        ({"orgs": 2}, "orgs", "orgs_not_declared"),
        ({"orgs": 8}, "orgs", "orgs_not_declared"),
        ({"show_alias": True}, "show_alias", "alias_none"),
        ({"stated_on": DAY + timedelta(days=1)}, "stated_on", "stated_range"),
        ({"stated_on": date(1921, 6, 30)}, "stated_on", "stated_range"),
        ({"script": "Latn"}, "script", "choice_unknown"),
        ({"look": "mirror"}, "look", "choice_unknown"),
        ({"replaces": "ABC"}, "replaces", "replaces_form"),
        ({"replaces": "000000000000"}, "replaces", "replaces_unknown"),
    ],
)
def test_what_cannot_stand_on_a_certificate(
    office: Office, changed: dict[str, Any], where: str, code: str
) -> None:
    """Each field is refused by itself, with a code of the closed list, and nothing is sealed."""
    applicant = office.applicant()
    with pytest.raises(WishesRefused) as refused:
        applicant.apply(replace(WISH, **changed))
    (problem, *more) = refused.value.problems
    assert (problem.number, problem.where, problem.code) == (1, where, code)
    assert code in WISH_PROBLEMS
    assert {each.where for each in more} <= {where}
    assert not Application.objects.exists()


def test_a_character_without_a_glyph_is_named(office: Office) -> None:
    """Who typed a character that no font has learns which one it is."""
    with pytest.raises(WishesRefused) as refused:
        office.applicant().apply(replace(WISH, chinese_name="样\U000323af本"))
    assert refused.value.problems[0].facts == {"characters": "\U000323af"}


def test_an_alias_without_a_glyph_is_named(office: Office) -> None:
    """An alias is looked at before it is applied for too, not when somebody signs."""
    with pytest.raises(WishesRefused) as refused:
        office.applicant(person("样\U000323af本", kind="alias")).apply(
            replace(WISH, show_alias=True)
        )
    (problem,) = refused.value.problems
    assert (problem.where, problem.code) == ("show_alias", "unprintable")
    assert problem.facts == {"characters": "\U000323af"}


@pytest.mark.parametrize("word", ["abc", " a b ", "", "x" * 101])
def test_a_second_word_has_a_length(office: Office, word: str) -> None:
    """Four characters at least, and no book."""
    with pytest.raises(WordUnfit):
        office.applicant().apply(word=word)


def test_a_second_word_is_no_part_of_the_code(office: Office) -> None:
    """Who holds the code must not hold the word with it, in any spelling."""
    applicant = office.applicant()
    code = applicant.code
    spelled = [code.digits(), code.english(), code.chinese(), code.chinese(traditional=True)]
    parts = [part for text in spelled for part in (text, " ".join(text.split()[2:4]))]
    for word in parts:
        with pytest.raises(WordUnfit):
            applicant.apply(word=word.upper())
    applicant.apply()


def test_without_a_ring_nothing_is_taken(office: Office) -> None:
    """Sealing fails closed: without a recipient there is no application."""
    applicant = office.applicant()
    RingKey.objects.filter(ring="certificates").delete()
    with pytest.raises(NoRecipient):
        applicant.apply()
    assert not Application.objects.exists()


def test_once_linked_a_person_keeps_the_name(office: Office) -> None:
    """After the check the same name is taken again with the same link, and no other name."""
    applicant = office.applicant()
    first = applicant.apply()
    link = office.prepare(first).link
    office.publish()
    actions.withdraw_application(applicant.row, first.pk, day=DAY)
    actions.carry_out(day=DAY)
    for changed in ({"legal_name": "OTHER<<ONE"}, {"birth_date": date(1990, 1, 3)}):
        wish = replace(WISH, **changed)
        with pytest.raises(LinkedToAnotherName) as refused:
            actions.check_apply(applicant.row, applicant.code, [wish], word=WORD, day=DAY)
        assert refused.value.number == 1
        with pytest.raises(LinkedToAnotherName):
            applicant.apply(wish)
    assert office.prepare(applicant.apply()).link == link


def test_replies_reach_the_office(office: Office) -> None:
    """What an applicant writes is sealed to the office; no code, no book, and not for ever."""
    applicant = office.applicant()
    application = applicant.apply()
    actions.reply(applicant.row, application.pk, " 样本回复。\r\n二 ", day=DAY)
    for text in ("", "x" * 2001, "a\x00b", applicant.code.english()):
        with pytest.raises(TextUnfit):
            actions.reply(applicant.row, application.pk, text, day=DAY)
    opened = actions.open_application(
        application.pk, office.first.unlocked, by=office.first.doer, day=DAY
    )
    assert opened.replies == ((DAY, "样本回复。\n二"),)
    for _ in range(MAX_REPLIES - 1):
        actions.reply(applicant.row, application.pk, "样本", day=DAY)
    with pytest.raises(TooManyReplies):
        actions.reply(applicant.row, application.pk, "样本", day=DAY)


def test_nobody_acts_on_the_application_of_another(office: Office) -> None:
    """An id alone gives no right: the application must be one of the declaration."""
    application, stranger = office.applicant().apply(), office.applicant()
    with pytest.raises(ApplicationGone):
        actions.reply(stranger.row, application.pk, "样本", day=DAY)
    with pytest.raises(ApplicationGone):
        actions.withdraw_application(stranger.row, application.pk, day=DAY)


def test_withdrawing_an_application(office: Office) -> None:
    """It shows at once, is carried out by the timetable, and nothing of it is left to open."""
    applicant = office.applicant()
    application = applicant.apply()
    actions.reply(applicant.row, application.pk, "样本", day=DAY)
    office.prepare(application)
    for _ in range(2):
        actions.withdraw_application(applicant.row, application.pk, day=DAY)
    (state,) = actions.applications_of(applicant.row)
    assert (state.state, state.open) == ("withdrawn", False)
    with pytest.raises(ApplicationDecided):
        actions.reply(applicant.row, application.pk, "样本", day=DAY)
    with pytest.raises(ApplicationDecided):
        office.sign(application)
    assert actions.carry_out(day=DAY) == 1
    row = Application.objects.get()
    assert (row.state, row.sealed, row.prepared, row.link) == ("withdrawn", None, None, None)
    assert not row.replies.exists()
    with pytest.raises(ApplicationDecided):
        actions.withdraw_application(applicant.row, application.pk, day=DAY)


def test_the_median_tells_of_no_single_person(office: Office) -> None:
    """Days to issue are told for five certificates or more, by urgency, of the last 90 days."""
    applicant = office.applicant()
    ids = office.first.doer.id, office.second.doer.id

    def issued(days: int, urgency: int = 1, on: date = DAY) -> None:
        Application.objects.create(
            declaration=applicant.row, number=1, day=on - timedelta(days=days), decided_on=on,
            urgency=urgency, language="en", state="issued", walk_in=True,
            preparer=ids[0], signer=ids[1],
        )  # fmt: skip

    for days in (1, 2, 7, 9):
        issued(days)
    for days in (1, 1, 3, 4, 5):
        issued(days, urgency=2)
        issued(days, urgency=3, on=DAY - timedelta(days=91))
    assert actions.median_days(day=DAY) == {1: None, 2: 3, 3: None}
