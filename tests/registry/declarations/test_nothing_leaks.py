# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever copies the data folder and the database finds nothing of what was typed in."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT
from tests.registry.declarations.desk import (
    DAY,
    ORIGIN,
    Desk,
    all_columns,
    body,
    found_in,
    hand_in,
    new_key,
    other,
    person,
    secret_forms,
    text_forms,
)
from tuidang.registry.declarations import actions
from tuidang.registry.declarations.errors import AlreadyReceived, KeyReused
from tuidang.registry.declarations.models import Declaration

STATEMENT = "这一段文字只是样本，谁也没有这样说过。"


def test_a_copied_folder_tells_nothing(tmp_path: Path) -> None:
    """Data folder and SQLite file, with the WAL and after a checkpoint, hold no name, text,
    code or key; the copies are whole, since what may be there is found in them.
    """
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tuidang.settings.test",
        "TUIDANG_DATA": str(tmp_path / "data"),
        "TUIDANG_MEMORY": str(tmp_path / "memory"),
        "TUIDANG_TEST_DATABASE": "",
        "TUIDANG_ORIGIN": ORIGIN,
    }
    (tmp_path / "data").mkdir()
    ran = subprocess.run(
        [sys.executable, "-m", "tests.registry.declarations.copied", str(tmp_path)],
        capture_output=True, check=True, env=environment, cwd=ROOT,
    )  # fmt: skip
    typed = [bytes.fromhex(line) for line in ran.stdout.decode().split()]
    assert len(typed) > 100
    assert found_in(ran.stderr, typed) == []
    for copy in ("with-wal", "after-checkpoint"):
        files = [path for path in (tmp_path / copy).rglob("*") if path.is_file()]
        assert "db.sqlite3" in {path.name for path in files}
        whole = b"".join(path.read_bytes() for path in files)
        assert found_in(whole, typed) == []
        assert found_in(whole, [ORIGIN.encode(), b"zh-Hans"]) == [ORIGIN.encode(), b"zh-Hans"]
    wal = tmp_path / "with-wal" / "db.sqlite3-wal"
    assert wal.stat().st_size > 0


def test_no_column_holds_what_was_typed(desk: Desk) -> None:
    """In every column of every table, on either database, nothing typed or derived is found."""
    key = new_key()
    declared = body(person("样本甲子"), other("Sample Person Two"), statement=STATEMENT)
    row, code = hand_in(declared, idempotency_key=key)
    actions.return_with_question(row, "样本问题：是哪一年？", by=desk.first.doer, day=DAY)
    row.refresh_from_db()
    actions.answer(row, "样本回答：是那一年。", day=DAY)
    columns = all_columns()
    texts = ["样本甲子", "Sample Person Two", STATEMENT, key]
    texts += ["样本问题：是哪一年？", "样本回答：是那一年。"]
    assert found_in(columns, [*text_forms(*texts), *secret_forms(code, persons=2)]) == []
    assert found_in(columns, [ORIGIN.encode()]) == [ORIGIN.encode()]


def test_errors_and_logs_repeat_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """What is refused is refused without a word of it, in the error and in the log."""
    caplog.set_level(logging.DEBUG)
    key = new_key()
    _, code = hand_in(body(person("样本甲子"), statement=STATEMENT), idempotency_key=key)
    refusals = []
    for day, other_body in ((DAY, body(person("样本乙丑"))), (DAY.replace(day=17), body())):
        with pytest.raises((KeyReused, AlreadyReceived)) as refused:
            hand_in(other_body, idempotency_key=key, day=day)
        refusals.append(f"{refused.value!s}{refused.value!r}{vars(refused.value)}")
    said = ("".join(refusals) + caplog.text).encode()
    names = text_forms("样本甲子", "样本乙丑", STATEMENT, key)
    assert found_in(said, [*names, *secret_forms(code)]) == []


def test_no_repr_shows_a_declaration(desk: Desk) -> None:
    """Rows and opened declarations print nothing that was declared."""
    row, code = hand_in(body(person("样本甲子"), statement=STATEMENT))
    shown = f"{row!r}{desk.opened(row)!r}{code!r}{actions.state_of(row)!r}".encode()
    assert found_in(shown, [*text_forms("样本甲子", STATEMENT), *secret_forms(code)]) == []
    assert isinstance(row, Declaration)
