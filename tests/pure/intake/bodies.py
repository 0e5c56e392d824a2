# SPDX-License-Identifier: AGPL-3.0-or-later
"""Bodies of `POST /api/v1/declarations` to start from, and ways to make arbitrary ones."""

from datetime import date

from hypothesis import strategies as st

from tuidang.pure.intake.problems import IntakeError
from tuidang.pure.intake.rules import parse_declaration

TODAY = date(2026, 7, 1)
KEY = "sample-idempotency-key"


def person(**changes: object) -> dict[str, object]:
    """Give one person who declares for themselves, with changes."""
    usual = {
        "name": "样本甲",
        "kind": "alias",
        "organizations": ["league", "pioneers"],
        "declared_by": "self",
    }
    return {**usual, **changes}


def relative(**changes: object) -> dict[str, object]:
    """Give one person whom a relative declares, with changes."""
    return person(**{"name": "样本乙", "declared_by": "relative", "consent": "agreed", **changes})


def unnamed(**changes: object) -> dict[str, object]:
    """Give three people without names, with changes."""
    usual = {
        "count": 3,
        "organizations": ["unspecified"],
        "declared_by": "friend",
        "consent": "asked",
    }
    return {**usual, **changes}


def body(**changes: object) -> dict[str, object]:
    """Give a body that passes, with changes."""
    usual = {
        "language": "zh-Hans",
        "show": "count",
        "persons": [person()],
        "idempotency_key": KEY,
    }
    return {**usual, **changes}


def problems(value: object) -> list[tuple[str, str]]:
    """List where and what is wrong with a body; nothing for one that passes."""
    try:
        parse_declaration(value, today=TODAY)
    except IntakeError as error:
        return [(problem.path, problem.code) for problem in error.problems]
    return []


# Every one of these is a name, so that no test spends its time on throwing texts away.
names = st.text(alphabet=st.sampled_from("样本甲樣𠮷㐆𬭎×某〇aeSéß '-_🌸"), max_size=10).map(
    lambda middle: f"样{middle}甲"
)
chinese_names = st.text(
    alphabet=st.sampled_from("样本甲乙丙丁一𠮷㐆𬭎樣某×"), min_size=2, max_size=4
)
latin_names = st.from_regex(r"Sample( [A-Z][a-z]{1,8}){0,2}", fullmatch=True)

_organizations = st.one_of(
    st.lists(st.sampled_from(["party", "league", "pioneers"]), min_size=1, unique=True),
    st.just(["unspecified"]),
)
_others = st.fixed_dictionaries(
    {
        "organizations": _organizations,
        "declared_by": st.sampled_from(["relative", "friend", "collector"]),
        "consent": st.sampled_from(["asked", "agreed", "unasked"]),
    }
)
_persons = st.builds(
    lambda values, name, kind: {**values, "name": name, "kind": kind},
    _others,
    names,
    st.sampled_from(["real", "alias"]),
)

good_bodies = st.fixed_dictionaries(
    {
        "language": st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
        "show": st.just("count"),
        "persons": st.lists(_persons, min_size=1, max_size=6),
        "idempotency_key": st.just(KEY),
    },
    optional={
        "unnamed": st.builds(
            lambda values, count: {**values, "count": count}, _others, st.integers(1, 200)
        ),
        "statement": st.sampled_from(["这是一段样本文字。", "This is a sample.\nSecond line.", ""]),
        "place": st.sampled_from([{"country": "DE"}, {"country": "CN", "province": "广东"}]),
        "stated_on": st.dates(date(1950, 1, 1), TODAY).map(date.isoformat),
        "earlier_receipt": st.just("0137 1157 1577 0338 0780 1121 0804 0540 1417"),
        "counted_before": st.booleans(),
    },
)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(["self", "party", "zh-Hans", "count", "agreed", "1990-01-02", "CN"]),
)
json_values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
