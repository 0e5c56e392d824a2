# SPDX-License-Identifier: AGPL-3.0-or-later
"""Erasing the mailbox: what opens an entry is deleted for good; entry and count stay."""

import sqlite3
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.db import connection

from tests.registry.declarations.desk import (
    DAY,
    NOW,
    Desk,
    all_columns,
    body,
    found_in,
    hand_in,
    make_desk,
    other,
    person,
)
from tuidang.pure.receipt import Code
from tuidang.registry.audit.doers import DECLARANT
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations import actions, jobs
from tuidang.registry.declarations.errors import MailboxErased, QuestionFirst
from tuidang.registry.declarations.models import Declaration, Request
from tuidang.registry.declarations.receipts import ReceiptState
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.tally.figures import published
from tuidang.registry.transparency.models import Leaf
from tuidang.registry.vault.models import Mail

PIECE = 64  # bytes of a ciphertext that are enough to recognise it


def after(days: int) -> datetime:
    """Give a time so many days later."""
    return datetime.combine(DAY + timedelta(days=days), time(12), tzinfo=UTC)


def state(code: Code) -> ReceiptState:
    """Look a code up, as the public door does."""
    row = actions.find(code)
    assert row is not None
    return actions.state_of(row)


def logged(desk: Desk) -> tuple[Declaration, Code]:
    """Hand in, accept and publish two persons; their mail is delivered."""
    row, code = hand_in(body(person("样本甲"), other("样本乙")))
    desk.accept(row)
    publish_batch(now=NOW, at_once=True)
    row.refresh_from_db()
    return row, code


def ciphertexts(row: Declaration) -> list[bytes]:
    """Return pieces of everything that holds salts: the packet and the mail, sealed."""
    row.refresh_from_db()
    mail = Mail.objects.filter(mailbox=row.lookup).values_list("sealed", flat=True)
    whole = [bytes(row.packet or b""), *map(bytes, mail)]
    return [each[at : at + PIECE] for each in whole for at in range(0, len(each), 500)]


def test_erasing_takes_packet_and_mail_and_leaves_the_count(desk: Desk) -> None:
    """Asked for, it shows at once; carried out, the tables hold nothing of it."""
    row, code = logged(desk)
    pieces = ciphertexts(row)
    assert len(found_in(all_columns(), pieces)) == len(pieces) > 10
    actions.ask_erasure(row, day=DAY)
    actions.ask_erasure(row, day=DAY)
    assert (state(code).erased, state(code).mail) == (True, ())
    assert actions.open_mail(row, code) == []
    assert actions.sealed_packet(row) is None
    assert actions.apply_requests(day=DAY) == 1
    assert found_in(all_columns(), pieces) == []
    row.refresh_from_db()
    assert (row.packet, row.mailbox_recipient, bytes(row.holder_digests)) == (None, "", b"")
    assert actions.open_mail(row, code) == []
    assert Leaf.objects.count() == published().totals.persons == 2
    assert (state(code).erased, state(code).erasable) == (True, False)
    assert AuditRow.objects.get(verb="erase").doer == DECLARANT.id


def test_nothing_of_it_is_left_in_the_files(shared_database: None, tmp_path: Path) -> None:
    """SQLite's file and its write-ahead log hold no ciphertext that held a salt."""
    row, _ = logged(make_desk())
    pieces = ciphertexts(row)

    def on_disk() -> list[bytes]:
        files = (tmp_path / name for name in ("db.sqlite3", "db.sqlite3-wal"))
        return found_in(b"".join(f.read_bytes() for f in files if f.exists()), pieces)

    if connection.vendor == "sqlite":
        assert len(on_disk()) == len(pieces)
    actions.ask_erasure(row, day=DAY)
    jobs.carry_out_requests(after(0))
    assert on_disk() == []
    assert found_in(all_columns(), pieces) == []


def test_a_reader_in_the_way_delays_the_journal_by_a_minute(
    shared_database: None, tmp_path: Path
) -> None:
    """While somebody reads, the journal stays; the next round empties it."""
    if connection.vendor != "sqlite":
        assert jobs.empty_journal()
        return
    row, _ = logged(make_desk())
    pieces = ciphertexts(row)
    reader = sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM vault_mail").fetchone()
    actions.ask_erasure(row, day=DAY)
    jobs.carry_out_requests(after(0))
    wal = tmp_path / "db.sqlite3-wal"
    assert found_in(wal.read_bytes(), pieces)
    reader.close()
    jobs.carry_out_requests(after(1))
    assert not wal.exists() or not wal.read_bytes()


def test_nothing_is_delivered_any_more(desk: Desk) -> None:
    """What is published later finds no mailbox; the person is counted all the same."""
    row, code = hand_in()
    actions.ask_erasure(row, day=DAY)
    actions.apply_requests(day=DAY)
    row.refresh_from_db()
    desk.accept(row)
    publish_batch(now=NOW, at_once=True)
    assert not Mail.objects.exists()
    seen = state(code)
    assert [each.state for each in seen.persons] == ["logged"]
    assert seen.received_in_log


def test_a_question_is_answered_before_erasing(desk: Desk) -> None:
    """An open question would be erased unread; and nothing is asked of an erased mailbox."""
    row, code = hand_in()
    actions.return_with_question(row, "样本？", by=desk.first.doer, day=DAY)
    row.refresh_from_db()
    with pytest.raises(QuestionFirst):
        actions.ask_erasure(row, day=DAY)
    assert not state(code).erasable
    erased, _ = hand_in()
    actions.ask_erasure(erased, day=DAY)
    with pytest.raises(MailboxErased):
        actions.return_with_question(erased, "样本？", by=desk.first.doer, day=DAY)


def test_the_sealed_text_follows_once_the_decision_stands(desk: Desk) -> None:
    """The office's own sealed copy goes the day after the decision, not after ninety days."""
    row, _ = logged(desk)
    waiting, _ = hand_in()
    for each in (row, waiting):
        actions.ask_erasure(each, day=DAY)
    actions.apply_requests(day=DAY)
    jobs.forget(after(0))
    assert Declaration.objects.filter(sealed__isnull=False).count() == 2
    jobs.forget(after(1))
    row.refresh_from_db()
    waiting.refresh_from_db()
    assert row.sealed is None
    assert waiting.sealed is not None  # nobody has decided about it yet


def test_erasing_comes_once_in_the_requests(desk: Desk) -> None:
    """Asking again after it was carried out changes nothing."""
    row, _ = logged(desk)
    actions.ask_erasure(row, day=DAY)
    actions.apply_requests(day=DAY)
    row.refresh_from_db()
    actions.ask_erasure(row, day=DAY)
    assert Request.objects.filter(kind="erase").count() == 1
    assert actions.apply_requests(day=DAY) == 0
