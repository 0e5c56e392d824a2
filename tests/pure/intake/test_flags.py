# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a reviewer is asked to look at, and what a writer is shown before sending."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.intake.bodies import TODAY, body, good_bodies, person, relative, unnamed
from tuidang.pure.intake.flags import RULES, flags, pointers
from tuidang.pure.intake.rules import parse_declaration

EARLIER = "0137 1157 1577 0338 0780 1121 0804 0540 1417"


def raised(**changes: object) -> list[tuple[str, int | None]]:
    """Give the flags of a body with changes."""
    declaration = parse_declaration(body(**changes), today=TODAY)
    return [(flag.rule, flag.person_number) for flag in flags(declaration)]


def test_usual_declaration_raises_nothing() -> None:
    """A family without anything strange can be accepted in a batch."""
    family = [person(), relative(), relative(name="Sample Three"), relative(name="样××")]
    assert raised(persons=family, unnamed=unnamed(count=20), statement="这是一段样本文字。") == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"statement": "样本电话 13800000000"}, [("contact", None)]),
        ({"show": "text", "statement": "样本，在样本中学"}, [("place_shown", None)]),
        ({"show": "text_and_name", "statement": "样本"}, [("name_shown", None)]),
        ({"unnamed": unnamed(count=21)}, [("many_unnamed", None)]),
        ({"earlier_receipt": EARLIER}, [("declared_before", None)]),
        ({"counted_before": True}, [("counted_before", None)]),
        ({"counted_before": False}, []),
        (
            {"persons": [person(), relative(declared_by="collector", consent="unasked")]},
            [("unasked_by_collector", 2)],
        ),
        (
            {"unnamed": unnamed(declared_by="collector", consent="unasked")},
            [("unasked_by_collector", None)],
        ),
        (
            {"persons": [person(), relative(), relative(name="样本甲")]},
            [("repeated_name", 1), ("repeated_name", 3)],
        ),
        ({"persons": [person(name="样本口号万岁万岁万万岁！")]}, [("sentence_name", 1)]),
        ({"persons": [person(name="this is a whole sample sentence")]}, [("sentence_name", 1)]),
        ({"persons": [person(name="样本甲和样本乙")]}, [("several_names", 1)]),
        ({"persons": [person(name="样本甲等三人")]}, [("several_names", 1)]),
        ({"persons": [person(name="测试")]}, [("test_word", 1)]),
        ({"persons": [person(name="Test")]}, [("test_word", 1)]),
        ({"statement": "just testing"}, [("test_statement", None)]),
        ({"stated_on": "1949-09-30"}, [("stated_long_ago", None)]),
    ],
)
def test_each_rule_raises_its_flag(
    changes: dict[str, object], expected: list[tuple[str, int | None]]
) -> None:
    """Each reason to look is told by its rule, with the person it concerns."""
    assert raised(**changes) == expected


def test_rules_can_be_listed() -> None:
    """A reviewer can read every rule that ran: a stable name and one sentence."""
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") and rule.name.isidentifier() for rule in RULES)


def test_places_matter_only_where_a_text_is_shown() -> None:
    """A text that nobody else sees may name a town."""
    assert raised(statement="样本，在样本中学") == []


@given(good_bodies)
def test_flags_name_known_rules_and_persons(good: dict[str, object]) -> None:
    """A flag belongs to a listed rule and to a listed person or to nobody, every time alike."""
    declaration = parse_declaration(good, today=TODAY)
    found = flags(declaration)
    assert found == flags(declaration)
    assert {flag.rule for flag in found} <= {rule.name for rule in RULES}
    numbers = {flag.person_number for flag in found} - {None}
    assert numbers <= set(range(1, len(declaration.persons) + 1))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("phone", "13800000000"),
        ("phone", "+86 138-0000-0000"),
        ("phone", "010-00000000"),
        ("phone", "+1 (000) 000-0000"),
        ("identity_number", "000000000000000000"),
        ("identity_number", "00000000000000000X"),
        ("identity_number", "E00000000"),
        ("mail", "sample@mail.example"),
        ("url", "https://sample.example/x"),
        ("messenger", "微信号：sample_one"),
        ("messenger", "QQ 000000"),
        ("messenger", "Telegram: @sample_one"),
        ("school", "样本大学"),
        ("school", "Sample University"),
        ("employer", "样本公司"),
        ("employer", "樣本醫院"),
        ("town", "北京"),
        ("town", "样本县"),
        ("town", "Shanghai"),
    ],
)
def test_what_leads_to_a_person_is_pointed_out_in_place(kind: str, text: str) -> None:
    """The preview can underline exactly what was found."""
    statement = f"——{text}。"
    found = pointers(statement)
    assert [(pointer.kind, statement[pointer.start : pointer.end]) for pointer in found] == [
        (kind, text)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "我自愿退出，这是样本。",
        "城市、超市、市场和市民，乡亲与同村人。",
        "A sample statement of 2024, written by one of 53 people.",
        "12 月 31 日",
        "",
    ],
)
def test_harmless_text_is_left_alone(text: str) -> None:
    """Words that lead to nobody are not underlined."""
    assert pointers(text) == ()


@given(st.text(alphabet="样本大学市县138@.00000微信a Sample University+-", max_size=80))
def test_pointers_never_overlap_and_lie_within_the_text(text: str) -> None:
    """Marks can be laid into the text from first to last."""
    end = 0
    for pointer in pointers(text):
        assert end <= pointer.start < pointer.end <= len(text)
        end = pointer.end
