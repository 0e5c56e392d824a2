# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists: rows become one declaration, or every wrong line is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.intake.bodies import KEY, TODAY, chinese_names, latin_names
from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.lists import (
    ListDefaults,
    Row,
    body_from_rows,
    declaration_from_rows,
    rows_from_text,
)
from tuidang.pure.intake.problems import ListError


def read(rows: tuple[Row, ...], defaults: ListDefaults | None = None) -> Declaration:
    """Read rows as a list in Chinese."""
    return declaration_from_rows(
        rows,
        today=TODAY,
        language="zh-Hans",
        idempotency_key=KEY,
        defaults=defaults or ListDefaults(),
    )


def table(*rows: tuple[str, ...]) -> tuple[Row, ...]:
    """Number the rows of a table from one."""
    return tuple(Row(line, cells) for line, cells in enumerate(rows, 1))


def asked(rows: tuple[Row, ...]) -> list[tuple[int, str]]:
    """Give line and code of each problem of a refused list."""
    with pytest.raises(ListError) as refused:
        read(rows)
    return [(problem.line, problem.code) for problem in refused.value.problems]


def names_of(declaration: Declaration) -> list[str]:
    """Give the names of a declaration in order."""
    return [person.name for person in declaration.persons]


def test_usual_list_is_declared_by_a_collector() -> None:
    """Without further words: all agreed, nothing specified, real names unless masked."""
    declaration = read(rows_from_text("样本甲\n样××"))
    first, second = declaration.persons
    assert (first.kind, first.organizations, first.declared_by, first.consent) == (
        "real",
        0,
        "collector",
        "agreed",
    )
    assert second.kind == "alias"
    assert declaration.show == "count"


def test_defaults_are_the_callers() -> None:
    """The command's options hold for every line that says nothing else."""
    defaults = ListDefaults(7, "alias", "relative", "asked")
    persons = read(rows_from_text("样本甲\n样本乙\t党"), defaults).persons
    assert [person.organizations for person in persons] == [7, 1]
    assert {(p.kind, p.declared_by, p.consent) for p in persons} == {("alias", "relative", "asked")}


def test_fifty_three_names_of_all_kinds_are_one_declaration() -> None:
    """Mixed separators, Latin names, rare characters, a mask and a number make 53 people."""
    text = (
        "样本一、样本二，样本三,样本四；样本五/样本六\t党 团\n"
        "Sample One; Sample Two Three | 三退\n"
        "𠮷样 㐆样 𬭎样\n"
        "样×× 和 样某\n"
        "\n"
        "样本七等 12 人\n"
        + "\n".join(
            f"样本{sign}" for sign in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙"
        )
    )
    declaration = read(rows_from_text(text))
    assert declaration.size == 53
    assert len(declaration.persons) == 42
    assert {person.organizations for person in declaration.persons[:6]} == {3}
    assert names_of(declaration)[6:13] == [
        "Sample One", "Sample Two Three", "𠮷样", "㐆样", "𬭎样", "样××", "样某",
    ]  # fmt: skip
    assert declaration.persons[7].organizations == 7


@pytest.mark.parametrize(
    "heading",
    [
        ("姓名", "组织", "类别", "声明人", "同意"),
        ("姓名", "退出組織", "類別", "代辦", "同意情況"),
        ("Name", "Organizations", "Kind", "Declared_by", "Consent"),
    ],
)
def test_headings_are_known_in_three_languages(heading: tuple[str, ...]) -> None:
    """A heading says what each column holds, and an empty cell leaves what is usual."""
    declaration = read(
        table(
            heading,
            ("样本甲", "党", "化名", "本人", ""),
            ("样本乙", "三退", "real", "家人", "知情同意"),
            ("样本丙", "", "", "朋友", "未能询问"),
        )
    )
    assert [
        (person.organizations, person.kind, person.declared_by, person.consent)
        for person in declaration.persons
    ] == [
        (1, "alias", "self", None),
        (7, "real", "relative", "agreed"),
        (0, "real", "friend", "unasked"),
    ]


def test_column_of_list_numbers_is_no_part_of_the_names() -> None:
    """A column that numbers the rows may stand there, and must hold numbers."""
    assert names_of(read(table(("序号", "姓名"), ("1", "样本甲"), ("2.", "样本乙")))) == [
        "样本甲",
        "样本乙",
    ]
    assert asked(table(("No.", "Name"), ("x", "样本甲"))) == [(2, "value_unclear")]


@given(st.lists(chinese_names | latin_names, min_size=1, max_size=8))
def test_pasted_text_and_table_give_the_same_people(names: list[str]) -> None:
    """It makes no difference whether names stand in lines, in a row, in a column or in a cell."""
    forms = [
        rows_from_text("\n".join(names)),
        rows_from_text("、".join(names)),
        table(tuple(names)),
        table(*((name, "") for name in names)),
        table(("姓名",), *((name,) for name in names)),
        table(("", "名字"), ("", "\n".join(names))),
    ]
    assert all(names_of(read(form)) == names for form in forms)


def test_all_wrong_lines_are_told_together() -> None:
    """A refused list names every wrong line and what is wrong with it."""
    text = "1. 样本甲\n样本乙\n样本丙\t党\t备注\n党\n样本丁等0人\n样\u202e本"
    assert asked(rows_from_text(text)) == [
        (1, "name_numbering"),
        (3, "organizations_unclear"),
        (4, "organizations_unclear"),
        (5, "count_too_small"),
        (6, "name_bidi"),
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (table(("姓名", "备注"), ("样本甲", "x")), [(1, "column_unknown")]),
        (table(("姓名", "名字"), ("样本甲", "x")), [(1, "column_unknown")]),
        (table(("姓名",), ("样本甲", "样本乙")), [(2, "column_unknown")]),
        (table(("姓名", "组织"), ("样本甲", "军队?")), [(2, "organizations_unclear")]),
        (table(("姓名", "同意"), ("样本甲", "也许")), [(2, "value_unclear")]),
        (table(("姓名", "组织"), ("", "党")), [(2, "name_missing")]),
        (table(("姓名", "声明人", "同意"), ("样本甲", "本人", "同意")), [(2, "consent_for_self")]),
        (
            table(("姓名", "声明人"), ("样本甲", "本人"), ("样本乙", "本人")),
            [(3, "self_twice")],
        ),
        (
            table(("姓名", "声明人"), ("样本甲等3人", "本人")),
            [(2, "self_unnamed")],
        ),
        (table(("样本甲等3人", "党"), ("样本乙等3人", "团")), [(2, "unnamed_differ")]),
        (table(("样本甲",), ("共3人",)), [(2, "total_differs")]),
        (table(("样本甲等501人",)), [(0, "too_many_persons")]),
        (table(("样本甲等502人",)), [(1, "count_out_of_range")]),
        (table(*[("样本甲",)] * 501), [(0, "too_many_persons")]),
        (table(*[("样本甲",)] * 5001), [(0, "too_many_rows")]),
        (table(("", " \u3000"), ()), [(0, "file_empty")]),
        (table(("姓名",)), [(0, "nobody")]),
        ((), [(0, "file_empty")]),
        (table(("", ""), ("=样本", "党")), [(2, "name_formula")]),
    ],
)
def test_each_wrong_list_has_its_line_and_code(
    rows: tuple[Row, ...], found: list[tuple[int, str]]
) -> None:
    """What cannot be a list is refused where it goes wrong."""
    assert asked(rows) == found


def test_flood_of_problems_is_cut_short_and_says_so() -> None:
    """Beyond a thousand wrong lines only their number is told."""
    found = asked(table(*[("1. 样本甲",)] * 1_003))
    assert len(found) == 1_001
    assert found[0] == (0, "too_many_problems")


def test_five_hundred_people_are_a_list() -> None:
    """500 people is the limit, and a sum under the list is no person."""
    rows = table(*[("样本甲",)] * 499, ("等1人",), ("共500人",))
    assert read(rows).size == 500


def test_body_is_that_of_the_interface() -> None:
    """A list gives the persons and unnamed of the interface, for whoever sends it on."""
    assert body_from_rows(rows_from_text("样本甲等3人\t团")) == {
        "persons": [
            {
                "name": "样本甲",
                "organizations": ["league"],
                "kind": "real",
                "declared_by": "collector",
                "consent": "agreed",
            }
        ],
        "unnamed": {
            "count": 2,
            "organizations": ["league"],
            "declared_by": "collector",
            "consent": "agreed",
        },
    }
    with pytest.raises(ListError):
        body_from_rows(rows_from_text("1. 样本甲"))


@given(st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=6))
def test_any_table_is_read_or_refused_in_order(cells: list[list[str]]) -> None:
    """Whatever a table holds, the only answer besides a declaration is ListError."""
    try:
        declaration = read(table(*map(tuple, cells)))
    except ListError as error:
        assert error.problems  # noqa: PT017  (either outcome is fine, silence is not)
    else:
        assert declaration.size > 0


def test_no_problem_repeats_a_cell() -> None:
    """A refused list can be logged: nothing of it stands in the refusal."""
    with pytest.raises(ListError) as refused:
        read(table(("姓名", "同意"), ("1. 样本甲", "样本文字")))
    assert "样本" not in repr(refused.value.problems) + str(refused.value) + repr(table(("样本",)))
