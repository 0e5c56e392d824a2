# SPDX-License-Identifier: AGPL-3.0-or-later
"""Handing over: code and second word, pick-up codes, erasing. What is in the files is nobody's
matter here."""

import uuid
from datetime import timedelta

import pytest

from tests.registry.certificates.office import WORD, Applicant, Office
from tests.registry.declarations.desk import DAY, other, person
from tuidang.pure.receipt import Code
from tuidang.registry.certificates import actions
from tuidang.registry.certificates.delivery import Delivery, Packed
from tuidang.registry.certificates.errors import (
    NothingToFetch,
    PickedUpAlready,
    PickupUnknown,
    WrongWord,
)
from tuidang.registry.certificates.models import Pickup
from tuidang.registry.certificates.second_word import WordKey, WordOpener, plain_word
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.vault.actions import post
from tuidang.registry.vault.models import Mail

FILES = {"certificate.pdf": b"%PDF sample", "code.txt": b"sample\n"}


def deliver(applicant: Applicant, number: int = 1, word: str = WORD) -> uuid.UUID:
    """Put a piece into the mailbox as signing does."""
    content = WordKey.new(word).lock(Packed(number, FILES).to_bytes())
    row = applicant.row
    return post(bytes(row.lookup), row.mailbox_recipient, "certificate", content, day=DAY).pk


def test_code_and_word_open_it(office: Office) -> None:
    """The word opens it however it was typed; what comes out is what was put in."""
    applicant = office.applicant()
    piece = deliver(applicant, word="Sample  Ｗord ")
    assert applicant.fetch("ｓａｍｐｌｅ word") == [Delivery(1, DAY, FILES, piece)]
    assert actions.pieces_of(applicant.row) == [(piece, DAY)]
    assert "PDF" not in repr(applicant.fetch("sample word"))


def test_a_wrong_word_opens_nothing(office: Office) -> None:
    """It is refused as often as it is tried, and does not keep the right one out."""
    applicant = office.applicant()
    with pytest.raises(NothingToFetch):
        applicant.fetch()
    deliver(applicant)
    for wrong in ("", "sample", "sample word 2", "another"):
        with pytest.raises(WrongWord):
            applicant.fetch(wrong)
    assert len(applicant.fetch()) == 1


def test_each_word_opens_its_own(office: Office) -> None:
    """Persons of one declaration who chose different words do not open each other's."""
    applicant = office.applicant(person(), other("样本乙"))
    deliver(applicant, 1, "first word")
    deliver(applicant, 2, "second word")
    assert [each.number for each in applicant.fetch("second word")] == [2]


def test_boxes_under_one_salt_are_stretched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fetching for a whole family costs one scrypt, and each box says its own cost."""
    from tuidang.registry.certificates import second_word

    key = WordKey.of("sample", b"s" * 16, 3)
    made = []
    stretch = second_word._stretch
    monkeypatch.setattr(second_word, "_stretch", lambda *a: made.append(a) or stretch(*a))
    opener = WordOpener("SAMPLE")
    assert [opener.open(key.lock(text)) for text in (b"one", b"two")] == [b"one", b"two"]
    assert made == [("sample", b"s" * 16, 3)]


def test_words_are_folded_and_not_more() -> None:
    """Full-width forms, case and white space do not count; accents and signs do."""
    assert plain_word(" Ａb\u3000 C ") == "ab c"
    assert plain_word("è") != plain_word("e")
    assert plain_word("樣本") != plain_word("样本")


def pickup_of(applicant: Applicant, piece: uuid.UUID, word: str = WORD) -> Code:
    """Make a pick-up code for a piece."""
    return actions.make_pickup(applicant.row, applicant.code, word, piece, day=DAY)


def test_a_pickup_works_once(office: Office) -> None:
    """A lawyer gets the same files by a code of their own, once; then they are deleted, and whoever
    comes later is told so for as long as the code would have lasted.
    """
    applicant = office.applicant()
    code = pickup_of(applicant, deliver(applicant))
    assert actions.pick_up(code) == Delivery(1, DAY, FILES)
    with pytest.raises(PickedUpAlready):
        actions.pick_up(code)
    assert actions.carry_out(day=DAY) == 1
    assert actions.carry_out(day=DAY) == 0
    assert bytes(Pickup.objects.get().sealed) == b""
    with pytest.raises(PickedUpAlready):
        actions.pick_up(code)
    assert len(applicant.fetch()) == 1
    actions.forget(day=DAY + timedelta(days=91))
    with pytest.raises(PickupUnknown):
        actions.pick_up(code)


def test_codes_do_not_pass_for_one_another(office: Office) -> None:
    """A receipt code picks nothing up, and a pick-up code is no receipt."""
    applicant = office.applicant()
    piece = deliver(applicant)
    with pytest.raises(PickupUnknown):
        actions.pick_up(applicant.code)
    assert declarations.find(pickup_of(applicant, piece)) is None


def test_a_pickup_needs_the_word_and_the_piece(office: Office) -> None:
    """Without the second word, or for a piece of somebody else, there is no code."""
    applicant, stranger = office.applicant(), office.applicant()
    piece = deliver(applicant)
    with pytest.raises(WrongWord):
        pickup_of(applicant, piece, "another")
    with pytest.raises(NothingToFetch):
        pickup_of(applicant, deliver(stranger))
    assert not Pickup.objects.exists()


def test_erased_on_wish(office: Office) -> None:
    """It is gone from the page at once, and from the table with the timetable; others stay."""
    applicant, stranger = office.applicant(), office.applicant()
    piece, kept = deliver(applicant), deliver(applicant)
    for _ in range(2):
        actions.ask_erasure_of_certificate(applicant.row, piece, day=DAY)
    assert [each.piece for each in applicant.fetch()] == [kept]
    with pytest.raises(NothingToFetch):
        actions.ask_erasure_of_certificate(applicant.row, deliver(stranger), day=DAY)
    assert actions.carry_out(day=DAY) == 1
    assert not Mail.objects.filter(pk=piece).exists()
    assert actions.carry_out(day=DAY) == 0


def test_the_receipt_leaves_certificates_closed(office: Office) -> None:
    """The code alone opens no certificate, and an erased mailbox has none."""
    applicant = office.applicant()
    deliver(applicant)
    assert "certificate" not in [
        p.kind for p in declarations.open_mail(applicant.row, applicant.code)
    ]
    declarations.ask_erasure(applicant.row, day=DAY)
    with pytest.raises(NothingToFetch):
        applicant.fetch()
    declarations.apply_requests(day=DAY)
    assert not Mail.objects.filter(kind="certificate").exists()
