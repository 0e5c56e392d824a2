# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commitments, openings, links, and what was received."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.ledger.samples import ORIGIN, VECTORS, digest
from tests.pure.merkle.samples import flip
from tuidang.pure.ledger.commitments import CommitmentError, commitment, field_digest
from tuidang.pure.ledger.entries import Counted, EntryError, decode
from tuidang.pure.ledger.links import (
    LinkError,
    canonical_legal_name,
    check_legal_name,
    identity_binding,
    link_message,
    nullifier,
    sign_link,
    verify_link,
)
from tuidang.pure.ledger.openings import Opening, OpeningError, ShownField
from tuidang.pure.ledger.received import receive, received_paths, verify_received
from tuidang.pure.merkle.proofs import ProofError


def from_vectors(kind: str) -> Opening:
    """Return the full opening of the D or L leaf in the vectors."""
    found = VECTORS[kind]
    salts, values = ([bytes.fromhex(each) for each in found[key]] for key in ("salts", "values"))
    return Opening.of(bytes.fromhex(found["salt"]), salts, values)


OPENING = from_vectors("D")
COMMITMENT = bytes.fromhex(VECTORS["D"]["commitment"])
HOLDER = bytes.fromhex(VECTORS["holder_public"])
SEED = bytes.fromhex(VECTORS["hkdf"]["holder_seed_person_1"])
IDENTITY_KEY = bytes.fromhex(VECTORS["hkdf"]["identity_key_person_1"])
PERSON = (VECTORS["legal_name"], VECTORS["birth_date"])
ENTRY = decode(bytes.fromhex(VECTORS["D"]["entry"]))
JSON = OPENING.to_json()
FIELD = st.tuples(st.binary(min_size=16, max_size=16), st.binary(max_size=40))


def test_the_commitments_of_the_vectors() -> None:
    """Digests and commitments of the published leaves come out byte for byte."""
    assert [each.hex() for each in OPENING.digests] == VECTORS["D"]["digests"]
    assert OPENING.commitment(ORIGIN) == COMMITMENT
    assert from_vectors("L").commitment(ORIGIN).hex() == VECTORS["L"]["commitment"]


@given(st.lists(FIELD, min_size=6, max_size=6), st.sets(st.integers(1, 6)))
def test_openings_round_trip(fields: list[tuple[bytes, bytes]], kept: set[int]) -> None:
    """An opening survives its JSON, and still opens when fields are left out."""
    salts, values = zip(*fields, strict=True)
    full = Opening.of(bytes(32), salts, values)
    part = full.only(kept)
    assert Opening.from_json(part.to_json()) == part
    part.verify(ORIGIN, full.commitment(ORIGIN))
    assert {each.j: each.value for each in part.shown} == {j: values[j - 1] for j in kept}


@given(st.integers(0, len(JSON) * 8 - 1))
def test_every_flipped_bit_of_an_opening_is_refused(bit: int) -> None:
    """An opening with one bit changed is not read, or does not open the leaf."""
    with pytest.raises(OpeningError):
        Opening.from_json(flip(JSON, bit)).verify(ORIGIN, COMMITMENT)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"7",
        b"[" * 100_000,
        b'{"salt":1,"digests":[],"shown":[]}',
        JSON + b"\n",
        JSON.replace(b":", b": "),
        JSON.replace(b'"j":1', b'"j":"1"'),
        JSON.replace(b'"j":1', b'"j":1,"k":1'),
        json.dumps(dict(reversed(json.loads(JSON).items()))).encode(),
    ],
)
def test_other_spellings_of_an_opening_are_refused(data: bytes) -> None:
    """Anything but the one JSON spelling of an opening is refused."""
    with pytest.raises(OpeningError):
        Opening.from_json(data)


def test_an_opening_is_bound_to_one_log() -> None:
    """The same opening is worth nothing under another origin."""
    with pytest.raises(OpeningError) as caught:
        OPENING.verify("other.example/registry", COMMITMENT)
    assert caught.value.code == "commitment_differs"


def test_a_false_field_is_refused() -> None:
    """Showing another name under true digests does not open the leaf."""
    shown = (ShownField(4, OPENING.shown[3].salt, "样本乙".encode()),)
    with pytest.raises(OpeningError) as caught:
        Opening(OPENING.salt, OPENING.digests, shown).verify(ORIGIN, COMMITMENT)
    assert caught.value.code == "field_differs"


def test_a_field_that_is_not_shown_has_no_value() -> None:
    """Asking for a field that was left out raises instead of answering."""
    assert OPENING.value(1) == b"2026-11-22"
    with pytest.raises(OpeningError) as caught:
        OPENING.only([1]).value(4)
    assert caught.value.code == "field_not_shown"


def test_an_opened_leaf_agrees_with_its_public_bytes() -> None:
    """Orgs and class in the entry equal the fields or are withheld, and nothing else."""
    assert isinstance(ENTRY, Counted)
    OPENING.verify_counted(ORIGIN, ENTRY)
    for orgs, class_ in [(0xFF, 1), (5, 7), (0xFF, 7), (0xFF, 0x87)]:
        OPENING.verify_counted(ORIGIN, Counted(orgs, class_, COMMITMENT))
    for orgs, class_, code in [(7, 1, "orgs_differ"), (5, 0, "class_differs")]:
        with pytest.raises(OpeningError) as caught:
            OPENING.verify_counted(ORIGIN, Counted(orgs, class_, COMMITMENT))
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("salt", "digests", "shown", "code"),
    [
        (bytes(31), OPENING.digests, (), "salt_size"),
        (bytes(32), OPENING.digests[:5], (), "digest_size"),
        (bytes(32), OPENING.digests, (ShownField(1, bytes(15), b""),), "salt_size"),
        (bytes(32), OPENING.digests, (ShownField(7, bytes(16), b""),), "fields_out_of_order"),
        (bytes(32), OPENING.digests, OPENING.shown[::-1], "fields_out_of_order"),
    ],
)
def test_malformed_openings_cannot_be_made(
    salt: bytes, digests: tuple[bytes, ...], shown: tuple[ShownField, ...], code: str
) -> None:
    """Sizes and order are checked when an opening is made."""
    with pytest.raises(OpeningError) as caught:
        Opening(salt, digests, shown)
    assert caught.value.code == code


def test_commitments_want_their_sizes() -> None:
    """Short salts, unknown fields, a missing digest or a long origin are refused."""
    for j, salt in [(0, bytes(16)), (7, bytes(16)), (1, bytes(15))]:
        with pytest.raises(CommitmentError):
            field_digest(j, salt, b"")
    for origin, salt, digests in [
        ("", bytes(32), OPENING.digests),
        ("x" * 256, bytes(32), OPENING.digests),
        (ORIGIN, bytes(31), OPENING.digests),
        (ORIGIN, bytes(32), OPENING.digests[1:]),
    ]:
        with pytest.raises(CommitmentError):
            commitment(origin, salt, digests)


def test_the_link_of_the_vectors() -> None:
    """Binding, message, signature and nullifier come out byte for byte."""
    expected = VECTORS["L"]
    assert identity_binding(IDENTITY_KEY, *PERSON).hex() == VECTORS["identity_binding"]
    assert link_message(COMMITMENT, *PERSON).hex() == expected["message"]
    assert sign_link(SEED, COMMITMENT, *PERSON).hex() == expected["signature"]
    assert nullifier(COMMITMENT, HOLDER).hex() == expected["nullifier"]
    verify_link(HOLDER, bytes.fromhex(expected["signature"]), COMMITMENT, *PERSON)


@given(st.integers(0, (64 + 32) * 8 - 1))
def test_a_link_holds_for_one_leaf_and_signature(bit: int) -> None:
    """With one bit of signature or commitment changed a link is refused."""
    changed = flip(bytes.fromhex(VECTORS["L"]["signature"]) + COMMITMENT, bit)
    with pytest.raises(LinkError) as caught:
        verify_link(HOLDER, changed[:64], changed[64:], *PERSON)
    assert caught.value.code == "link_signature"


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("ZHANG<<SAN", "ZHANG<<SAN"),
        ("ZHANG<<SAN<<<<<<<", "ZHANG<<SAN"),
        (" zhang, san ", "ZHANG<<SAN"),
        ("Sample-One, Two Three", "SAMPLE<ONE<<TWO<THREE"),
        ("O'SAMPLE << ONE", "OSAMPLE<<ONE"),
        ("SAMPLE", "SAMPLE"),
        ("A" * 36 + ", B", "A" * 36 + "<<B"),
    ],
)
def test_names_become_those_of_the_passport(text: str, canonical: str) -> None:
    """What people type for a passport name becomes the machine-readable spelling."""
    assert canonical_legal_name(text) == canonical
    check_legal_name(canonical)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ZHANG SAN", "legal_name_parts"),
        ("ZHANG<SAN", "legal_name_parts"),
        ("", "legal_name_form"),
        ("<<SAN", "legal_name_form"),
        ("A<<B<<C", "legal_name_form"),
        ("样本甲", "legal_name_form"),
        ("LÜ, SAMPLE", "legal_name_form"),
        ("ſAMPLE, ONE", "legal_name_form"),
        ("ZHANG2, SAN", "legal_name_form"),
        ("A" * 37 + ", B", "legal_name_form"),
        ("ZHANG, SAN\n,X", "legal_name_form"),
    ],
)
def test_names_are_never_guessed(text: str, code: str) -> None:
    """Where a passport's spelling cannot be known the name is refused, and not echoed."""
    with pytest.raises(LinkError) as caught:
        canonical_legal_name(text)
    assert caught.value.code == code
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize(
    "day", ["1990-01-02", "19900230", "1990010", "00000101", "１９９００１０２", ""]
)
def test_birth_dates_are_days_of_the_calendar(day: str) -> None:
    """A birth date that is not YYYYMMDD is refused before anything is bound to it."""
    with pytest.raises(LinkError) as caught:
        identity_binding(IDENTITY_KEY, PERSON[0], day)
    assert caught.value.code == "birth_date_form"


def test_only_canonical_names_are_bound() -> None:
    """A name that is not in canonical form is not bound, since it would never open."""
    with pytest.raises(LinkError):
        link_message(COMMITMENT, "Zhang, San", PERSON[1])


def test_what_was_received_in_the_vectors() -> None:
    """The R entry of the published commitments comes out byte for byte, in any order."""
    commitments = [bytes.fromhex(each) for each in VECTORS["R"]["commitments"]]
    assert receive(commitments[::-1]).encode().hex() == VECTORS["R"]["entry"]


@given(st.integers(0, 40))
def test_everyone_received_has_a_path(count: int) -> None:
    """Each commitment gets a path that holds for it and for no other."""
    commitments = [digest(str(n)) for n in range(count)]
    entry, paths = receive(commitments), received_paths(commitments)
    assert sorted(paths) == sorted(commitments)
    for each, (index, path) in paths.items():
        verify_received(entry, each, index, path)
        with pytest.raises(ProofError):
            verify_received(entry, digest("stranger"), index, path)


def test_nothing_is_received_twice() -> None:
    """A repeated commitment is refused, since the count would be too high."""
    with pytest.raises(EntryError) as caught:
        receive([digest("1"), digest("1")])
    assert caught.value.code == "commitment_repeats"
