# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is left of all these stories in the installation's files: nothing that anybody typed.

Pytest takes files by name, so this one comes after all others.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.conftest import Installation
from tests.journeys.steps import CODES, SENTENCE, TYPED, Person, declare
from tuidang.pure.receipt import Code, DeclarantKeys, parse_code
from tuidang.pure.receipt.keys import mailbox_identity

ORIGIN = "demo.invalid/registry"
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030", "unicode-escape")
SEPARATORS = ("", " ", "-", ",", "、")
SHORTEST = 6  # bytes; fewer are found anywhere by chance


def test_a_copy_made_while_items_wait_holds_nothing_that_was_typed(
    page: Page, installation: Installation, tmp_path: Path
) -> None:
    """Database, its journal, keys and log, copied meanwhile, tell no name, no text and no code."""
    people = (Person("样本末路"), Person("Sample Waiting", by="friend", consent="agreed"))
    code = declare(page, installation, "zh-hans", *people, statement=SENTENCE)
    assert code in CODES
    copy = tmp_path / "copy"
    shutil.copytree(installation.data, copy, copy_function=_copy)
    (copy / "control").write_text(SENTENCE)  # shows that the search finds what is there
    files = [each for each in copy.rglob("*") if each.is_file()]
    assert {"db.sqlite3", "db.sqlite3-wal"} <= {each.name for each in files}
    wanted = list(secrets())
    assert len(wanted) > len(CODES) * len(SEPARATORS)
    telling = {path.name for path in files if _holds(path.read_bytes(), wanted)}
    assert telling == {"control"}


def test_the_processes_said_nothing_that_was_typed(installation: Installation) -> None:
    """What the processes wrote to their output holds the logins of the demonstration alone."""
    said = (installation.data.parent / "out.txt").read_bytes()
    said += (installation.data.parent / "err.txt").read_bytes()
    assert b"Ctrl-C" in said
    assert not _holds(said, list(secrets()))


def _copy(source: str, target: str) -> None:
    # The timetable runs meanwhile, and its temporary files come and go.
    with suppress(FileNotFoundError):
        shutil.copy2(source, target)


def secrets() -> Iterator[bytes]:
    """Give everything that was typed, and every code with its keys, as bytes in many spellings."""
    for text in sorted(TYPED):
        yield from filter(_is_long, (_encoded(text, each) for each in ENCODINGS))
    for code in map(parse_code, sorted(CODES)):
        yield from _spelled(code)
        keys = DeclarantKeys(code, ORIGIN)
        yield from (code.random, keys.lookup, keys.mailbox_secret, keys.identity_key(1))
        yield keys.holder_seed(1)
        yield mailbox_identity(keys.mailbox_secret).encode()


def _holds(data: bytes, wanted: list[bytes]) -> bool:
    return any(each in data for each in wanted)


def _spelled(code: Code) -> Iterator[bytes]:
    for words in (code.digits(), code.english(), code.chinese(), code.chinese(traditional=True)):
        for separator in SEPARATORS:
            yield separator.join(words.split()).encode()


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding, errors="ignore")


def _is_long(secret: bytes) -> bool:
    return len(secret) >= SHORTEST
