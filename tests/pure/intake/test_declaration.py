# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is stored of a declaration, what is hashed, and what shows nothing."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.intake.bodies import (
    TODAY,
    body,
    good_bodies,
    json_values,
    person,
    relative,
    unnamed,
)
from tuidang.pure.intake.declaration import Declaration
from tuidang.pure.intake.rules import parse_declaration
from tuidang.pure.intake.stored import StoredError, from_json
from tuidang.pure.receipt import Code

CODE = Code(bytes(range(11)))
BIND = {"legal_name": "SAMPLE<<ONE", "birth_date": "1990-01-02"}


def parsed(**changes: object) -> Declaration:
    """Parse a body with changes."""
    return parse_declaration(body(**changes), today=TODAY)


@given(good_bodies)
def test_what_is_stored_reads_back_equal(good: dict[str, object]) -> None:
    """A reviewer sees exactly what came in."""
    declaration = parse_declaration(good, today=TODAY)
    assert from_json(declaration.to_json()) == declaration


@given(good_bodies)
def test_stored_people_are_the_same_people(good: dict[str, object]) -> None:
    """Numbers, names, organisations, classes and who counts survive storing."""
    declaration = parse_declaration(good, today=TODAY)
    assert list(from_json(declaration.to_json()).people()) == list(declaration.people())


@given(good_bodies, st.data())
def test_any_flipped_bit_is_refused_or_another_declaration(
    good: dict[str, object], data: st.DataObject
) -> None:
    """Damage to stored bytes never reads back as what was stored."""
    stored = bytearray(parse_declaration(good, today=TODAY).to_json())
    at = data.draw(st.integers(0, len(stored) * 8 - 1))
    original = bytes(stored)
    stored[at // 8] ^= 1 << at % 8
    with contextlib.suppress(StoredError):
        assert from_json(bytes(stored)).to_json() != original


@given(st.one_of(st.binary(max_size=60), json_values.map(json.dumps).map(str.encode)))
def test_foreign_bytes_are_refused_in_order(data: bytes) -> None:
    """Whatever is unsealed, the only error is StoredError."""
    with pytest.raises(StoredError):
        from_json(data)


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values | {"note": 1},
        lambda values: values | {"total": True},
        lambda values: values | {"total": 0},
        lambda values: values | {"statement": ""},
        lambda values: values | {"declared_before": False},
        lambda values: values | {"earlier_lookup": "00"},
        lambda values: values | {"place": {"country": "DE"}},
        lambda values: values | {"persons": [*values["persons"], {"name": "样本"}]},
        lambda values: values | {"persons": [values["persons"][0] | {"name": ["样本"]}]},
        lambda values: values | {"persons": [values["persons"][0] | {"kind": "nick"}]},
        lambda values: values | {"persons": [values["persons"][0] | {"organizations": "party"}]},
        lambda values: values | {"persons": {}},
        lambda values: {key: value for key, value in values.items() if key != "language"},
    ],
)
def test_stored_form_is_strict(change: object) -> None:
    """Nothing can be slipped into, or left out of, what a reviewer unseals."""
    values = json.loads(parsed().to_json())
    spoiled = change(values)  # type: ignore[operator]
    data = json.dumps(spoiled, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with pytest.raises(StoredError):
        from_json(data.encode())


def test_reviewer_never_sees_code_or_legal_name() -> None:
    """The earlier receipt code and the bound legal name are not stored, not even sealed."""
    declaration = parsed(bind=BIND, earlier_receipt=CODE.digits())
    stored = declaration.to_json()
    assert CODE.random.hex().encode() not in stored
    assert b"SAMPLE" not in stored
    assert b"1990" not in stored
    read = from_json(stored)
    assert (read.declared_before, read.earlier_receipt, read.bind) == (True, None, None)


def test_who_is_counted_already_says_so_to_the_reviewer() -> None:
    """The wish not to be counted again is stored; it is about oneself where one declares so."""
    declaration = parsed(persons=[relative(), person()], counted_before=True)
    assert from_json(declaration.to_json()).counted_before
    assert declaration.anew == (2,)
    assert parsed(persons=[relative()], unnamed=unnamed()).anew == (1, 2, 3, 4)
    assert parsed(counted_before=False).canonical_body() == parsed().canonical_body()


def test_earlier_code_is_exchanged_for_its_lookup_value() -> None:
    """A review can find the earlier declaration without holding its code."""
    declaration = parsed(earlier_receipt=CODE.digits()).with_earlier_lookup(b"\x07" * 32)
    assert declaration.earlier_receipt is None
    assert from_json(declaration.to_json()).earlier_lookup == b"\x07" * 32


def test_lookup_value_has_its_length() -> None:
    """Nothing but a lookup value, least of all a code, takes its place."""
    with pytest.raises(ValueError, match="32 bytes"):
        parsed().with_earlier_lookup(CODE.random)


def test_same_body_has_the_same_canonical_form() -> None:
    """The order of keys and the idempotency key make no difference; white space outside neither."""
    usual = body(persons=[person(), relative()], unnamed=unnamed())
    turned = dict(reversed(usual.items())) | {"idempotency_key": "another-sample-key-0000"}
    turned["persons"] = [person(name=" 样本甲 "), dict(reversed(relative().items()))]
    one, other = (parse_declaration(each, today=TODAY) for each in (usual, turned))
    assert one.canonical_body() == other.canonical_body()


def test_canonical_form_is_fixed() -> None:
    """Receipt codes come from these bytes, so they may never change between releases."""
    assert parsed(bind=BIND, earlier_receipt=CODE.digits()).canonical_body().decode() == (
        '{"bind":["SAMPLE<<ONE","19900102"],"declared_before":true,'
        '"earlier_receipt":"000102030405060708090a","language":"zh-Hans",'
        '"persons":[{"declared_by":"self","kind":"alias","name":"样本甲",'
        '"organizations":["league","pioneers"]}],"show":"count"}'
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "en"},
        {"persons": [person(name="样本乙")]},
        {"persons": [person(organizations=["party"])]},
        {"persons": [person(kind="real")]},
        {"unnamed": unnamed()},
        {"statement": "样本"},
        {"place": {"country": "DE"}},
        {"stated_on": "2020-01-01"},
        {"total": 1},
        {"bind": BIND},
        {"earlier_receipt": CODE.digits()},
        {"counted_before": True},
        {"show": "text", "statement": "样本"},
    ],
)
def test_every_part_enters_the_canonical_form(changes: dict[str, object]) -> None:
    """Two bodies that differ in anything never share a receipt code."""
    assert parsed(**changes).canonical_body() != parsed().canonical_body()


def test_no_repr_shows_what_was_typed() -> None:
    """A log line or an error page that prints a declaration betrays nobody."""
    declaration = parsed(
        bind=BIND,
        statement="样本文字",
        earlier_receipt=CODE.digits(),
        place={"country": "DE", "province": "Sampleland"},
    )
    parts = [declaration, declaration.persons, list(declaration.people()), declaration.bind]
    shown = repr(parts) + repr(declaration.place)
    for typed in ("样本", "SAMPLE", "1990", "0102", "Sampleland"):
        assert typed not in shown


def test_declaration_for_others_has_no_self() -> None:
    """Where nobody declares for themselves there is no person to bind or certify."""
    assert parsed(persons=[relative()]).self_number is None
