# SPDX-License-Identifier: AGPL-3.0-or-later
"""Figures from before the log: signed, hashed into the log, and never counted."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.registry.tally.samples import at, day, declare
from tests.registry.transparency.stranger import Stranger
from tuidang.cli.main import main
from tuidang.pure.ledger.carried_over import CarriedOverError, CarriedOverFigure
from tuidang.pure.ledger.entries import CARRIED_STATEMENT, OperatorNote
from tuidang.pure.merkle.notes import open_note
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.declarations.grants import PUBLIC_ROLE, statements
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.tally.carried_over import carry_over, claims
from tuidang.registry.tally.figures import published
from tuidang.registry.tally.models import CarriedOver
from tuidang.registry.transparency import actions as transparency
from tuidang.registry.transparency.keys import read_keys
from tuidang.registry.transparency.models import Note
from tuidang.registry.transparency.statements import state

AS_OF = date(2025, 12, 31)


@pytest.fixture(autouse=True)
def _log_exists(stranger: Stranger) -> None:
    transparency.install(now=at(0))


def record(persons: int = 400_000_000, *, as_of: date = AS_OF, on: int = 0) -> CarriedOver:
    """Record a sample figure on a day."""
    return carry_over(
        persons, as_of=as_of, source="样本报 (sample)", language="zh-Hans", now=at(on)
    )


def test_a_figure_becomes_a_signed_file_and_an_entry(stranger: Stranger) -> None:
    """The file holds the log's signature, and its SHA-256 stands in the next batch."""
    row = record()
    name = f"{bytes(row.digest).hex()}.note"
    signed = (Path(settings.TRUST_FOLDER) / "statements" / name).read_bytes()
    keys = read_keys(Path(settings.KEYS_FOLDER), settings.ORIGIN)
    figure = CarriedOverFigure.parse(open_note(signed, [keys.log.verifier]).text)
    assert (figure.persons, figure.as_of, figure.recorded_on) == (400_000_000, AS_OF, day(0))
    assert signed.decode() == row.statement
    assert hashlib.sha256(signed).digest() == bytes(row.digest)
    assert claims()[0].index is None
    declare(2, manner="single")
    assert publish_batch(now=at(1))
    place = claims()[0].index
    assert place is not None
    assert stranger.look()[place] == OperatorNote(CARRIED_STATEMENT, bytes(row.digest))


def test_a_figure_is_added_to_nothing(stranger: Stranger) -> None:
    """Totals and seals are those of the counted persons alone."""
    record()
    declare(2, manner="single")
    publish_batch(now=at(1))
    figures = published()
    stranger.look()
    assert figures.totals.persons == 2
    assert sum(cell.count for cell in stranger.cells) == 2
    assert [claim.persons for claim in figures.carried_over] == [400_000_000]


def test_the_newest_day_comes_first_and_all_stay() -> None:
    """A later statement stands before the earlier ones; of one day, the one recorded last."""
    record(1, as_of=date(2025, 1, 1), on=2)
    record(3, as_of=date(2025, 6, 1), on=0)
    record(2, as_of=date(2025, 6, 1), on=1)
    assert [claim.persons for claim in claims()] == [2, 3, 1]


def test_the_same_statement_again_is_the_same() -> None:
    """Recorded twice on a day, a figure has one row, one entry and one line in the audit."""
    assert record().pk == record().pk
    assert Note.objects.filter(kind=CARRIED_STATEMENT).count() == 1
    assert AuditRow.objects.filter(verb="carry_over").count() == 1
    assert record(on=1).pk != record().pk


def test_a_refused_figure_leaves_nothing() -> None:
    """What no statement can say is neither signed nor kept."""
    with pytest.raises(CarriedOverError):
        record(as_of=day(1))
    assert not CarriedOver.objects.exists()
    assert not Note.objects.filter(kind=CARRIED_STATEMENT).exists()
    assert not (Path(settings.TRUST_FOLDER) / "statements").exists()


def test_the_table_refuses_what_the_text_refuses() -> None:
    """The database itself holds no figure of nobody, of tomorrow, or without a source."""
    row = record()
    for change in ({"persons": 0}, {"persons": 2**53 + 1}, {"as_of": day(1)}, {"source": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            CarriedOver.objects.filter(pk=row.pk).update(**change)


def test_a_checkpoint_is_never_signed_as_a_statement() -> None:
    """The log's key signs no second history, whoever asks for it."""
    with pytest.raises(ValueError, match="checkpoint"):
        state("example.org/registry\n5\n" + "A" * 43 + "=\n", CARRIED_STATEMENT, day=day(0))
    assert not Note.objects.filter(kind=CARRIED_STATEMENT).exists()


def test_the_public_door_may_read_them(stranger: Stranger) -> None:
    """Claims and their places can be read with the few rights of the public role."""
    record()
    publish_batch(now=at(1))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f'CREATE ROLE "{PUBLIC_ROLE}"')
            for statement in statements():
                cursor.execute(statement)
            cursor.execute(f'SET LOCAL ROLE "{PUBLIC_ROLE}"')
        (claim,) = published().carried_over
        if connection.vendor == "postgresql":
            cursor.execute("RESET ROLE")
    assert claim.persons == 400_000_000
    assert claim.index is not None


WORDS = ["log", "carry-over", "--persons", "400000000", "--as-of", "2025-12-31", "--source"]


def test_the_command_prints_what_it_has_signed(capsys: pytest.CaptureFixture[str]) -> None:
    """The statement is printed whole, with the name of its file."""
    assert main([*WORDS, "Sample Daily", "--source-url", "https://sample.example/1"]) == 0
    row = CarriedOver.objects.get()
    printed = capsys.readouterr().out
    assert row.statement in printed
    assert bytes(row.digest).hex() in printed
    assert (row.source_url, row.language) == ("https://sample.example/1", "en")


@pytest.mark.parametrize(
    "change",
    [
        ("400000000", "-5"),
        ("400000000", "4e8"),
        ("400000000", "9007199254740993"),
        ("400000000", "0"),
        ("2025-12-31", "2125-12-31"),
        ("2025-12-31", "31.12.2025"),
        ("Sample Daily", " "),
        ("Sample Daily", "Sample\tDaily"),
    ],
)
def test_the_command_refuses_bad_input(
    change: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A figure, day or source that is none gives status 1, a reason, and no record."""
    words = [change[1] if word == change[0] else word for word in [*WORDS, "Sample Daily"]]
    assert main(words) == 1
    assert "nothing was recorded: " in capsys.readouterr().err
    assert not CarriedOver.objects.exists()
