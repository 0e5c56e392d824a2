# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking a declaration in: sealed, once, and safe to repeat."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.registry.declarations.desk import (
    DAY,
    ORIGIN,
    Desk,
    body,
    hand_in,
    new_key,
    other,
    person,
    unnamed,
)
from tuidang.pure.ledger.commitments import HOLDER, IDENTITY, NAME
from tuidang.pure.ledger.links import identity_binding
from tuidang.pure.ledger.openings import Opening
from tuidang.pure.receipt import Code, DeclarantKeys
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations.actions import find, open_mail, receive
from tuidang.registry.declarations.errors import (
    AlreadyReceived,
    EarlierReceiptUnknown,
    KeyReused,
    ListRepeated,
)
from tuidang.registry.declarations.keyed_hashes import list_fingerprint
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.errors import NoRecipient
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.recipients import forget_recipients

BIND = {"legal_name": "SAMPLE<<ONE", "birth_date": "1990-01-02"}


def openings_of(row: Declaration, code: Code) -> list[Opening]:
    """Open the packet as its declarant would."""
    kind, day, content = open_mail(row, code)[0]
    assert (kind, day, content["origin"]) == ("openings", DAY, ORIGIN)
    return [
        Opening.from_json(
            json.dumps(each["opening"], sort_keys=True, separators=(",", ":")).encode()
        )
        for each in content["openings"]
    ]


def test_what_comes_in_is_found_by_its_code_and_by_no_other(desk: Desk) -> None:
    """The receipt code finds the declaration; another code finds nothing."""
    row, code = hand_in()
    assert find(code) == row
    assert find(Code(bytes(11))) is None


def test_taking_in_is_one_statement(desk: Desk, settings: Settings) -> None:
    """The hot path runs one SQL statement: the INSERT."""
    settings.RECIPIENT_CACHE_SECONDS = 60
    connection.ensure_connection()
    hand_in()
    connection.in_atomic_block, atomic = False, connection.in_atomic_block
    try:
        with CaptureQueriesContext(connection) as queries:
            receive(body(), idempotency_key=new_key(), channel="web", day=DAY)
    finally:
        connection.in_atomic_block = atomic
    assert [query["sql"].split()[0] for query in queries] == ["INSERT"]
    assert "RETURNING" not in queries[0]["sql"]


def test_the_same_form_twice_gives_the_same_code(desk: Desk) -> None:
    """Same key and body: the same code again, and still one declaration."""
    key = new_key()
    codes = {hand_in(idempotency_key=key)[1].digits() for _ in range(3)}
    assert len(codes) == 1
    assert Declaration.objects.count() == 1


def test_another_key_gives_another_code(desk: Desk) -> None:
    """The same body under two keys is two declarations."""
    assert hand_in()[1] != hand_in()[1]
    assert Declaration.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(desk: Desk) -> None:
    """Same key, other body: KeyReused, and nothing is stored."""
    key = new_key()
    hand_in(idempotency_key=key)
    with pytest.raises(KeyReused):
        hand_in(body(person("样本乙")), idempotency_key=key)
    assert Declaration.objects.count() == 1


def test_the_code_is_given_again_for_two_days_and_not_later(desk: Desk) -> None:
    """For 48 hours the same code; once the day key is destroyed, only that it came in."""
    key = new_key()
    _, code = hand_in(idempotency_key=key)
    for days in (1, 2):
        assert hand_in(idempotency_key=key, day=DAY + timedelta(days=days))[1] == code
    with pytest.raises(KeyReused):
        hand_in(body(person("样本乙")), idempotency_key=key, day=DAY + timedelta(days=2))
    with pytest.raises(AlreadyReceived):
        hand_in(idempotency_key=key, day=DAY + timedelta(days=3))
    assert Declaration.objects.get().day == DAY


def test_every_person_has_a_commitment_that_their_packet_opens(desk: Desk) -> None:
    """Openings are sealed to the code, in the order of the persons, and open the commitments."""
    declared = body(
        person("样本甲"), other("样本𠮷", organizations=["league", "pioneers"]), unnamed=unnamed(2)
    )
    row, code = hand_in(declared)
    openings = openings_of(row, code)
    assert len(openings) == row.size == 4
    for head, opening, commitment in zip(
        declared.people(), openings, row.all_commitments(), strict=True
    ):
        opening.verify(ORIGIN, commitment)
        values = [opening.value(j) for j in range(1, 7)]
        holder = DeclarantKeys(code, ORIGIN).holder_public(head.number)
        codes = [bytes([head.organizations]), bytes([head.klass])]
        assert values == [b"2026-07-14", *codes, head.name.encode(), holder, b""]
        at = 32 * (head.number - 1)
        assert bytes(row.holder_digests[at : at + 32]) == opening.digests[HOLDER - 1]


def test_a_legal_name_is_bound_to_oneself_alone(desk: Desk) -> None:
    """Field 6 binds name and birth date under the code's key for the person who asked, no other."""
    row, code = hand_in(body(other("样本乙"), person("样本甲"), bind=BIND))
    relative, oneself = openings_of(row, code)
    key = DeclarantKeys(code, ORIGIN).identity_key(2)
    assert oneself.value(IDENTITY) == identity_binding(key, "SAMPLE<<ONE", "19900102")
    assert relative.value(IDENTITY) == b""


def test_salts_are_never_used_twice(desk: Desk) -> None:
    """The same declaration twice shares no salt and no digest."""
    salts: list[bytes] = []
    for _ in range(2):
        for opening in openings_of(*hand_in(body(person(), other("样本乙")))):
            salts += [opening.salt, *(field.salt for field in opening.shown), *opening.digests]
    assert len(set(salts)) == len(salts)


def test_reviewers_get_what_was_declared_without_salts_and_codes(desk: Desk) -> None:
    """What is sealed to the ring holds the declaration, no salt, no legal name, no earlier code."""
    _, earlier = hand_in()
    declared = body(bind=BIND, statement="这是样本。", earlier_receipt=earlier.digits())
    row, code = hand_in(declared)
    sealed = desk.first.unlocked.unseal(row.ring_month, bytes(row.sealed or b""))
    opened = desk.opened(row).declaration
    assert opened.persons == declared.persons
    assert (opened.statement, opened.declared_before) == ("这是样本。", True)
    secret = [b"SAMPLE<<ONE", b"19900102", earlier.random, earlier.random.hex().encode()]
    secret += [field.salt.hex().encode() for field in openings_of(row, code)[0].shown]
    assert [each for each in secret if each in sealed] == []


def test_nothing_is_stored_when_there_is_nobody_to_seal_to(desk: Desk) -> None:
    """Without a ring key taking in fails closed."""
    RingKey.objects.all().delete()
    forget_recipients()
    with pytest.raises(NoRecipient):
        hand_in()
    assert not Declaration.objects.exists()


def test_an_earlier_receipt_is_marked_if_somebody_has_it(desk: Desk) -> None:
    """A known earlier code becomes its keyed hash in the sealed text; an unknown one is refused."""
    first, code = hand_in()
    row, _ = hand_in(body(earlier_receipt=code.english()))
    assert desk.opened(row).declaration.earlier_lookup == bytes(first.lookup)
    with pytest.raises(EarlierReceiptUnknown):
        hand_in(body(earlier_receipt=Code(bytes(11)).digits()))
    assert Declaration.objects.count() == 2


def test_the_same_list_twice_is_noticed(desk: Desk) -> None:
    """A list with the same persons in another order is refused while the first one waits."""
    one, two = person("样本甲"), other("样本乙")
    hand_in(body(one, two), fingerprint=list_fingerprint(body(one, two)))
    with pytest.raises(ListRepeated):
        hand_in(body(two, one), fingerprint=list_fingerprint(body(two, one)))
    hand_in(body(two, one))
    assert Declaration.objects.count() == 2


def test_lists_that_differ_have_other_fingerprints(desk: Desk) -> None:
    """A name, an organisation or a number more makes another list; nobody named makes none."""
    lists = [
        body(person("样本甲")),
        body(person("样本甲"), other("样本甲")),
        body(person("样本甲", organizations=["league"])),
        body(person("样本甲"), unnamed=unnamed(1)),
        body(person("样本甲"), unnamed=unnamed(2)),
    ]
    assert len({list_fingerprint(each) for each in lists}) == len(lists)
    assert list_fingerprint(body(unnamed=unnamed(3))) is None


def test_a_sample_cannot_stand_among_real_declarations(desk: Desk) -> None:
    """A database constraint keeps samples off an origin that is not reserved for them."""
    with pytest.raises(IntegrityError):
        receive(body(), idempotency_key=new_key(), channel="web", day=DAY, sample=True)
    assert not Declaration.objects.exists()


def test_a_sample_is_taken_where_the_origin_is_reserved(desk: Desk, settings: Settings) -> None:
    """On an origin that ends in .invalid a sample is stored as one."""
    settings.ORIGIN = "demo.invalid/registry"
    receive(body(), idempotency_key=new_key(), channel="web", day=DAY, sample=True)
    assert Declaration.objects.get().sample


def test_arriving_leaves_no_trace_of_its_order(desk: Desk) -> None:
    """No audit row is written when something comes in, and no column holds a time."""
    before = AuditRow.objects.count()
    row, _ = hand_in()
    assert AuditRow.objects.count() == before
    kinds = {field.get_internal_type() for field in row._meta.concrete_fields}
    assert kinds.isdisjoint({"DateTimeField", "TimeField", "AutoField", "BigAutoField"})


def test_the_name_is_in_the_log_only_as_a_digest(desk: Desk) -> None:
    """An opening without field 4 still opens the commitment and tells no name."""
    row, code = hand_in(body(person("样本甲")))
    shown = openings_of(row, code)[0].only({1, 2, 3})
    shown.verify(ORIGIN, row.commitment(1))
    assert "样本甲".encode() not in shown.to_json()
    assert NAME not in {field.j for field in shown.shown}
