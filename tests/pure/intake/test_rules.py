# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a declaration must be, and that a refusal tells everything but what was typed."""

import copy
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.intake.bodies import (
    KEY,
    TODAY,
    body,
    good_bodies,
    json_values,
    person,
    problems,
    relative,
    unnamed,
)
from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.problems import PROBLEM_CODES, IntakeError, LineProblem, Problem
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.receipt import Code

CODE = Code(bytes(range(11)))


def parsed(**changes: object) -> Declaration:
    """Parse a body with changes."""
    return parse_declaration(body(**changes), today=TODAY)


def test_smallest_declaration_passes() -> None:
    """One person under an alias is a declaration; everything else is optional."""
    declaration = parsed()
    assert declaration.size == 1
    assert declaration.persons[0].organizations == 6
    assert declaration.persons[0].klass == 1
    assert declaration.self_number == 1


def test_family_of_four_names_different_organizations() -> None:
    """Each member of a family has their own organisations, class and consent."""
    declaration = parsed(
        persons=[
            person(kind="real", organizations=["party"]),
            relative(organizations=["party", "league", "pioneers"]),
            relative(name="样本丙", organizations=["pioneers"], consent="asked"),
            relative(name="样本丁", organizations=["unspecified"], consent="unasked"),
        ]
    )
    people = list(declaration.people())
    assert [head.organizations for head in people] == [1, 7, 4, 0]
    assert [head.klass for head in people] == [0, 2, 2, 2]
    assert [head.countable for head in people] == [True, True, True, False]


def test_unnamed_people_are_leaves_of_their_own() -> None:
    """Three names and seventeen others are twenty people, numbered through from one."""
    others = unnamed(count=17, consent="unasked")
    persons = [relative(name=name) for name in ("样本甲", "样本乙", "样本丙")]
    people = list(parsed(persons=persons, unnamed=others, total=20).people())
    assert [head.number for head in people] == list(range(1, 21))
    assert {(head.name, head.klass, head.countable) for head in people[3:]} == {("", 3, False)}


def test_masked_name_is_an_alias() -> None:
    """A masked name is taken as written, and is an alias even if the form says real."""
    declaration = parsed(persons=[person(name="样××", kind="real")])
    assert declaration.persons[0].name == "样××"
    assert declaration.persons[0].klass == 1


@pytest.mark.parametrize(
    "name", ["𠮷样本", "㐆", "𬭎𬭎", "Sample O'One-Two", "样·本", "ßample", "\U000323af"]
)
def test_name_is_kept_exactly_as_typed(name: str) -> None:
    """Rare characters and Latin names stay what they are; only outer space goes."""
    assert parsed(persons=[person(name=f" \u3000{name}\n")]).persons[0].name == name


@pytest.mark.parametrize("stray", ["\u2126", "\uff21样本", "樣本", "Ⅷ样本"])
def test_name_is_never_folded(stray: str) -> None:
    """No compatibility form is turned into another: what passes stays as it is."""
    found = problems(body(persons=[person(name=stray)]))
    if not found:
        assert parsed(persons=[person(name=stray)]).persons[0].name == stray
    else:
        assert found == [("persons[0].name", "name_not_composed")]


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"language": "fr"}, "language", "unknown_choice"),
        ({"show": True}, "show", "wrong_type"),
        ({"persons": {}}, "persons", "wrong_type"),
        ({"persons": ["样本甲"]}, "persons[0]", "wrong_type"),
        ({"persons": []}, "persons", "nobody"),
        ({"persons": [person()] * 501}, "persons", "too_many_persons"),
        (
            {"persons": [relative()] * 499, "unnamed": unnamed(count=2)},
            "persons",
            "too_many_persons",
        ),
        ({"persons": [person(), person(name="样本乙")]}, "persons[1].declared_by", "self_twice"),
        ({"persons": [person(kind="nick")]}, "persons[0].kind", "unknown_choice"),
        (
            {"persons": [person(organizations=[])]},
            "persons[0].organizations",
            "organizations_empty",
        ),
        ({"persons": [person(organizations="party")]}, "persons[0].organizations", "wrong_type"),
        ({"persons": [person(organizations=[1])]}, "persons[0].organizations", "wrong_type"),
        (
            {"persons": [person(organizations=["army"])]},
            "persons[0].organizations",
            "unknown_choice",
        ),
        (
            {"persons": [person(organizations=["party", "party"])]},
            "persons[0].organizations",
            "organizations_repeated",
        ),
        (
            {"persons": [person(organizations=["party", "unspecified"])]},
            "persons[0].organizations",
            "organizations_mixed",
        ),
        ({"persons": [person(consent="agreed")]}, "persons[0].consent", "consent_for_self"),
        ({"persons": [person(declared_by="friend")]}, "persons[0].consent", "consent_missing"),
        ({"persons": [relative(consent="perhaps")]}, "persons[0].consent", "unknown_choice"),
        ({"unnamed": unnamed(count=0)}, "unnamed.count", "count_out_of_range"),
        ({"unnamed": unnamed(count=501)}, "unnamed.count", "count_out_of_range"),
        ({"unnamed": unnamed(count=True)}, "unnamed.count", "wrong_type"),
        ({"unnamed": unnamed(declared_by="self")}, "unnamed.declared_by", "self_unnamed"),
        ({"unnamed": None}, "unnamed", "wrong_type"),
        (
            {"unnamed": {"count": 3, "organizations": ["party"], "declared_by": "friend"}},
            "unnamed.consent",
            "consent_missing",
        ),
        ({"total": 2}, "total", "total_differs"),
        ({"total": 1.0}, "total", "wrong_type"),
        ({"statement": "字" * 5001}, "statement", "too_long"),
        ({"statement": "样本\x00"}, "statement", "text_control"),
        ({"statement": "样本\u202e"}, "statement", "text_control"),
        ({"statement": "样本\ud800"}, "statement", "text_control"),
        ({"statement": f"样本 {CODE.english()}"}, "statement", "statement_receipt_code"),
        ({"statement": f"样本 {CODE.digits()}。"}, "statement", "statement_receipt_code"),
        ({"place": "CN"}, "place", "wrong_type"),
        ({"place": {"province": "广东"}}, "place.country", "missing"),
        ({"place": {"country": "XX"}}, "place.country", "country_unknown"),
        ({"place": {"country": "CN", "province": "样本市"}}, "place.province", "place_too_fine"),
        ({"place": {"country": "CN", "province": "样本路3号"}}, "place.province", "province_form"),
        ({"place": {"country": "DE", "province": "样" * 41}}, "place.province", "too_long"),
        ({"place": {"country": "DE", "street": "x"}}, "place", "unknown_field"),
        ({"stated_on": "2026-07-03"}, "stated_on", "date_future"),
        ({"stated_on": "1921-07-22"}, "stated_on", "date_too_early"),
        ({"stated_on": "2025-02-29"}, "stated_on", "date_unreadable"),
        ({"stated_on": "2025-W01-1"}, "stated_on", "date_unreadable"),
        ({"stated_on": "２０２５-01-01"}, "stated_on", "date_unreadable"),
        ({"show": "text"}, "show", "statement_missing"),
        ({"show": "text", "statement": " \n"}, "show", "statement_missing"),
        (
            {"show": "text_and_name", "statement": "样本", "persons": [relative()]},
            "show",
            "show_needs_self",
        ),
        ({"earlier_receipt": "no code"}, "earlier_receipt", "receipt_unreadable"),
        ({"counted_before": "yes"}, "counted_before", "wrong_type"),
        ({"counted_before": 1}, "counted_before", "wrong_type"),
        (
            {"earlier_receipt": "0138 1157 1577 0338 0780 1121 0804 0540 1417"},
            "earlier_receipt",
            "receipt_check_failed",
        ),
        ({"idempotency_key": "too-short"}, "idempotency_key", "key_form"),
        ({"idempotency_key": "k" * 129}, "idempotency_key", "key_form"),
        ({"idempotency_key": KEY + "="}, "idempotency_key", "key_form"),
        ({"idempotency_key": KEY + "\n"}, "idempotency_key", "key_form"),
        ({"样本": 1}, "", "unknown_field"),
    ],
)
def test_each_bad_input_has_its_path_and_code(
    changes: dict[str, object], path: str, code: str
) -> None:
    """Every kind of bad input is refused with one problem at one place."""
    assert problems(body(**changes)) == [(path, code)]


@pytest.mark.parametrize(
    ("bind", "expected"),
    [
        ({"legal_name": "ZHANG<<SAN", "birth_date": "1990-01-02"}, ("ZHANG<<SAN", "19900102")),
        ({"legal_name": "Zhang, San", "birth_date": "19900102"}, ("ZHANG<<SAN", "19900102")),
    ],
)
def test_legal_name_is_bound_in_the_passports_spelling(
    bind: dict[str, str], expected: tuple[str, str]
) -> None:
    """A legal name and a birth date become what a passport's zone says."""
    bound = parsed(bind=bind).bind
    assert bound is not None
    assert (bound.legal_name, bound.birth_date) == expected


@pytest.mark.parametrize(
    ("bind", "path", "code"),
    [
        (
            {"legal_name": "样本甲", "birth_date": "1990-01-02"},
            "bind.legal_name",
            "legal_name_form",
        ),
        (
            {"legal_name": "SAMPLE ONE", "birth_date": "1990-01-02"},
            "bind.legal_name",
            "legal_name_parts",
        ),
        (
            {"legal_name": "A<<" + "B" * 40, "birth_date": "1990-01-02"},
            "bind.legal_name",
            "legal_name_form",
        ),
        (
            {"legal_name": "SAMPLE<<ONE", "birth_date": "1990-13-02"},
            "bind.birth_date",
            "date_unreadable",
        ),
        (
            {"legal_name": "SAMPLE<<ONE", "birth_date": "2026-07-03"},
            "bind.birth_date",
            "date_future",
        ),
        (
            {"legal_name": "SAMPLE<<ONE", "birth_date": "1899-12-31"},
            "bind.birth_date",
            "date_too_early",
        ),
        ({"legal_name": "SAMPLE<<ONE"}, "bind.birth_date", "missing"),
        ("SAMPLE<<ONE", "bind", "wrong_type"),
    ],
)
def test_a_binding_that_no_passport_could_have_is_refused(
    bind: object, path: str, code: str
) -> None:
    """What would never open in a certificate is refused on the day it is typed."""
    assert problems(body(bind=bind)) == [(path, code)]


def test_only_oneself_can_bind_a_legal_name() -> None:
    """Nobody's legal name can be bound by somebody else."""
    bind = {"legal_name": "SAMPLE<<ONE", "birth_date": "1990-01-02"}
    assert problems(body(persons=[relative()], bind=bind)) == [("bind", "bind_needs_self")]


def test_all_problems_are_told_at_once() -> None:
    """One answer lists everything, so that nobody corrects a form ten times."""
    found = problems(
        {
            "language": "xx",
            "show": "text",
            "persons": [person(name=""), relative(organizations=[])],
            "stated_on": "soon",
            "total": 9,
        }
    )
    assert {code for _, code in found} == {
        "missing",
        "unknown_choice",
        "name_empty",
        "organizations_empty",
        "date_unreadable",
        "total_differs",
    }


def test_total_names_both_numbers() -> None:
    """The form can ask "you wrote 5 and listed 4", since both numbers are harmless."""
    with pytest.raises(IntakeError) as refused:
        parsed(unnamed=unnamed(), total=5)
    assert refused.value.problems == (
        Problem("total", "total_differs", {"stated": 5, "listed": 4}),
    )


def test_tomorrow_is_today_somewhere() -> None:
    """At UTC+14 it may be tomorrow already; the day after is in the future everywhere."""
    tomorrow = TODAY + timedelta(days=1)
    assert parsed(stated_on=tomorrow.isoformat()).stated_on == tomorrow
    later = (TODAY + timedelta(days=2)).isoformat()
    assert problems(body(stated_on=later)) == [("stated_on", "date_future")]


def test_first_possible_day_passes() -> None:
    """The day on which there first was something to leave is not too early."""
    assert parsed(stated_on="1921-07-23").stated_on == date(1921, 7, 23)


def test_statement_of_full_length_passes() -> None:
    """5,000 characters are the limit, after the line breaks of forms became plain ones."""
    text = "字" * 4998 + "\r\n字"
    assert parsed(statement=f"  {text}\r\n").statement == text.replace("\r", "")


def test_five_hundred_people_pass() -> None:
    """500 is the limit, listed and unnamed together."""
    assert parsed(persons=[relative()] * 499, unnamed=unnamed(count=1)).size == 500


def test_earlier_receipt_is_read_in_any_spelling() -> None:
    """Whoever declared before can give the code as it was shown to them."""
    spellings = (CODE.digits(), CODE.english().upper(), CODE.chinese(traditional=True))
    assert {parsed(earlier_receipt=each).earlier_receipt for each in spellings} == {CODE}


@pytest.mark.parametrize(
    ("country", "province"),
    [
        ("CN", "广东"),
        ("CN", "廣東省"),
        ("CN", "北京市"),
        ("CN", "广西壮族自治区"),
        ("CA", "British Columbia"),
        ("FR", "Provence-Alpes-Côte d’Azur"),
        ("CN", "香港特别行政区"),
    ],
)
def test_provinces_pass_as_people_write_them(country: str, province: str) -> None:
    """Provinces of the world pass; only what is finer does not."""
    place = parsed(place={"country": country, "province": province}).place
    assert place is not None
    assert (place.country, place.province) == (country, province)


@pytest.mark.parametrize(
    "province", ["样本县", "样本区", "Sample Street", "sample village", "样本村"]
)
def test_nothing_finer_than_a_province_is_kept(province: str) -> None:
    """Towns, districts and streets are refused in every country."""
    for country in ("CN", "US"):
        found = problems(body(place={"country": country, "province": province}))
        assert found == [("place.province", "place_too_fine")]


@given(json_values)
def test_any_json_is_refused_in_order_or_read(value: object) -> None:
    """Whatever JSON comes, the only answer besides a declaration is IntakeError."""
    assert all(code in PROBLEM_CODES for _, code in problems(value))


@given(st.data(), good_bodies, json_values)
def test_any_damage_to_a_good_body_is_told_in_order(
    data: st.DataObject, good: dict[str, object], value: object
) -> None:
    """One value replaced anywhere never breaks the rules themselves."""
    damaged = copy.deepcopy(good)
    target: dict[str, object] | list[object] = damaged
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        inner = target[key]  # type: ignore[index, call-overload]
        if isinstance(inner, dict | list) and inner and data.draw(st.booleans()):
            target = inner
            continue
        target[key] = value  # type: ignore[index, call-overload]
        break
    assert all(code in PROBLEM_CODES for _, code in problems(damaged))


@given(st.text(alphabet="样本文字☃\u202e\x00", min_size=4, max_size=30))
def test_no_problem_repeats_what_was_typed(typed: str) -> None:
    """Neither values nor keys that somebody typed come back in a problem."""
    spoiled = body(**{typed: typed, "language": typed, "statement": typed + "\x00"})
    spoiled["persons"] = [person(name=typed + "\u202e", kind=typed, **{typed: typed})]
    with pytest.raises(IntakeError) as refused:
        parse_declaration(spoiled, today=TODAY)
    assert typed not in repr(refused.value.problems)
    assert typed not in str(refused.value)


def test_problem_codes_are_a_closed_list() -> None:
    """A code without words in three languages cannot be used at all."""
    with pytest.raises(ValueError, match="no such problem code"):
        Problem("", "invented")
    with pytest.raises(ValueError, match="no such problem code"):
        LineProblem(1, "invented")


def test_each_problem_code_has_one_sentence() -> None:
    """Every code is documented by one sentence."""
    for code, sentence in PROBLEM_CODES.items():
        assert code == code.lower()
        assert sentence.endswith(".")
        assert sentence.count(". ") == 0
