# SPDX-License-Identifier: AGPL-3.0-or-later
"""Records from before the log: all of a file, once, in batches of their own."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from tests.registry.transparency.samples import arrive, at, day, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.cli.main import main
from tuidang.pure.intake.legacy_records import MAX_LINE, LegacyRecordError
from tuidang.pure.ledger.entries import Counted, Entry, Received, Seal
from tuidang.registry.audit.models import AuditRow
from tuidang.registry.transparency import actions, publication
from tuidang.registry.transparency.actions import finish_begun, publish
from tuidang.registry.transparency.errors import (
    LegacyFileChanged,
    LegacyFileDone,
    LegacyFileUnfinished,
    LegacyLinesUnknown,
    LogDamaged,
)
from tuidang.registry.transparency.legacy import (
    LegacyPlans,
    begin_import,
    find_begun,
    progress,
)
from tuidang.registry.transparency.legacy_table import LegacyTable
from tuidang.registry.transparency.models import Batch, Leaf, LegacyBatch, LegacyFile

pytestmark = pytest.mark.django_db

OpenTable = Callable[[str, list[str]], LegacyTable]
LINES = ["party,self_named,样本甲", "league pioneers,other_named,样本乙", "party,other_unnamed,"]
CELLS = {(1, 0x80): 7, (6, 0x82): 7, (1, 0x83): 7}


def write(path: Path, lines: list[str]) -> Path:
    """Write a table of sample records."""
    path.write_text("organizations,class,name\n" + "".join(f"{line}\n" for line in lines))
    return path


@pytest.fixture
def open_table(tmp_path: Path) -> Iterator[OpenTable]:
    """Give what writes and opens a table of sample records until the test is over."""
    with ExitStack() as opened:

        def open_table(name: str, lines: list[str]) -> LegacyTable:
            table = LegacyTable(write(tmp_path / name, lines), today=day(0))
            return opened.enter_context(table)

        yield open_table


@pytest.fixture
def table(open_table: OpenTable) -> LegacyTable:
    """Open a file of 21 sample persons in three cells."""
    return open_table("sample.csv", LINES * 7)


def begun(table: LegacyTable) -> LegacyFile:
    """Check a file and begin its import."""
    return begin_import(table.check(), now=at(0))


def import_all(table: LegacyTable, *, most: int = 8, on: int = 0) -> LegacyFile:
    """Import what is left of a file, batch after batch."""
    file = begun(table)
    finish_begun(now=at(on))
    plans = LegacyPlans(table, file, most=most)
    while progress(file) < file.persons:
        publish(now=at(on), at_once=True, plan=plans)
    return file


def carried(entries: list[Entry]) -> Counter[tuple[int, int]]:
    """Count the persons of a log by their cells, and hold that no commitment repeats."""
    persons = [entry for entry in entries if isinstance(entry, Counted)]
    assert len({entry.commitment for entry in persons}) == len(persons)
    return Counter((entry.orgs, entry.class_) for entry in persons)


def test_every_line_becomes_one_entry(stranger: Stranger, table: LegacyTable) -> None:
    """All persons are in the log, marked as carried over, and none of them has a row."""
    file = import_all(table)
    assert carried(stranger.look()) == CELLS
    assert Leaf.objects.count() == 0
    spans = LegacyBatch.objects.order_by("first").values_list("first", "end")
    assert list(spans) == [(0, 8), (8, 16), (16, 21)]
    assert AuditRow.objects.get(verb="import_records").facts == {"persons": file.persons}


def test_they_were_not_received(stranger: Stranger, table: LegacyTable) -> None:
    """Commitments that came in wait for the daily batch; a batch of earlier records has none."""
    arrive(range(3))
    import_all(table)
    entries = stranger.look()
    assert [entry.count for entry in entries if isinstance(entry, Received)] == [0, 0, 0]
    assert publish_on(0)
    entries = stranger.look()
    assert [entry.count for entry in entries if isinstance(entry, Received)] == [0, 0, 0, 3]
    assert carried(entries) == {**CELLS, (1, 1): 3}


def test_the_day_keeps_its_batch(stranger: Stranger, table: LegacyTable) -> None:
    """An import neither takes the place of a daily batch nor makes a second one due."""
    arrive(range(3))
    assert publish_on(0)
    import_all(table)
    assert publish_on(0) is None
    import_days = LegacyBatch.objects.values_list("batch__last_day", flat=True)
    assert set(import_days) == {day(0)}
    assert publish_on(1)
    assert stranger.look()


def test_two_imports_have_no_salt_in_common(
    stranger: Stranger, table: LegacyTable, open_table: OpenTable
) -> None:
    """Equal lines of two files become different entries, since their salts are fresh."""
    import_all(table)
    import_all(open_table("more.csv", LINES))
    assert carried(stranger.look()).total() == 24


def test_small_cells_say_less(stranger: Stranger, table: LegacyTable, settings: Settings) -> None:
    """A cell below the minimum says less at once; a batch where that is not enough is flagged."""
    settings.MIN_CELL = 8
    import_all(table, most=21)
    assert carried(stranger.look()) == {(1, 0x87): 14, (0xFF, 0x87): 7}
    assert Batch.objects.get(legacy__isnull=False).flags == 1


def test_a_rest_too_small_goes_with_the_last(
    stranger: Stranger, table: LegacyTable, settings: Settings
) -> None:
    """No batch is flagged only because a few lines were left over."""
    settings.MIN_BATCH = 8
    import_all(table)
    ends = LegacyBatch.objects.order_by("first").values_list("end", flat=True)
    assert list(ends) == [8, 21]
    assert all(not entry.flags for entry in stranger.look() if isinstance(entry, Seal))


@pytest.mark.parametrize("step", ["check_staged", "mark_published"])
def test_a_broken_batch_is_finished_or_gives_its_lines_back(
    stranger: Stranger, table: LegacyTable, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Whatever step fails, the import goes on with nothing twice and nothing lost."""
    plans = LegacyPlans(table, begun(table), most=8)
    publish(now=at(0), at_once=True, plan=plans)
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise LogDamaged(path="sample")

        broken.setattr(publication, step, fail)
        with pytest.raises(LogDamaged):
            publish(now=at(0), at_once=True, plan=plans)
    finish_begun(now=at(0))
    assert progress(LegacyFile.objects.get()) == (8 if step == "check_staged" else 16)
    import_all(table)
    assert carried(stranger.look()) == CELLS


@pytest.mark.parametrize("step", ["check_staged", "mark_published"])
def test_the_last_batch_is_not_taken_for_done(
    stranger: Stranger,
    table: LegacyTable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    step: str,
) -> None:
    """Where the last batch was begun and not published, the command finishes the file."""
    now = datetime.now(UTC)
    with monkeypatch.context() as broken:

        def fail(*_: object) -> None:
            raise LogDamaged(path="sample")

        broken.setattr(publication, step, fail)
        with pytest.raises(LogDamaged):
            publish(now=now, at_once=True, plan=LegacyPlans(table, begun(table), most=21))
    assert main(["log", "import", str(tmp_path / "sample.csv")]) == 0
    said = capsys.readouterr()
    assert ("21 of 21" in said.err) == (step == "check_staged")
    assert ("in the log already" in said.out) == (step == "mark_published")
    assert carried(stranger.look()) == CELLS


def test_a_plan_made_again_has_the_same_lines(
    stranger: Stranger, table: LegacyTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a batch has to be planned anew, its lines are read again, not skipped."""
    from tuidang.registry.transparency.errors import PlanOvertaken

    began, refused = actions.begin, []

    def overtaken_once(*given: object, **named: object) -> Batch:
        if not refused:
            refused.append(True)
            raise PlanOvertaken
        return began(*given, **named)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(actions, "begin", overtaken_once)
    import_all(table)
    assert refused
    assert carried(stranger.look()) == CELLS


def test_a_file_is_imported_once(stranger: Stranger, table: LegacyTable) -> None:
    """The same bytes again are refused, under whatever name."""
    import_all(table)
    with pytest.raises(LegacyFileDone):
        begun(table)


def test_an_import_that_was_begun_is_known_by_its_digest(
    stranger: Stranger, table: LegacyTable, open_table: OpenTable
) -> None:
    """Going on needs no second check of millions of lines; a new file is not known."""
    assert find_begun(table.digest()) is None
    file = begun(table)
    assert find_begun(table.digest()) == file
    publish(now=at(0), at_once=True, plan=LegacyPlans(table, file, most=8))
    again = open_table("copy.csv", LINES * 7)
    assert find_begun(again.digest()) == file
    publish(now=at(0), at_once=True, plan=LegacyPlans(again, file, most=13))
    assert carried(stranger.look()) == CELLS


def test_a_changed_copy_is_refused_halfway(
    stranger: Stranger, table: LegacyTable, open_table: OpenTable
) -> None:
    """While a file is unfinished no other begins: it may be the same people once more."""
    publish(now=at(0), at_once=True, plan=LegacyPlans(table, begun(table), most=8))
    changed = open_table("changed.csv", [*LINES * 7, LINES[0]])
    with pytest.raises(LegacyFileUnfinished) as caught:
        begun(changed)
    assert (caught.value.data["done"], caught.value.data["persons"]) == (8, 21)
    import_all(table)
    assert import_all(changed).persons == 22
    assert carried(stranger.look()).total() == 43


def test_a_file_of_which_nothing_went_out_can_be_replaced(
    stranger: Stranger, table: LegacyTable, open_table: OpenTable
) -> None:
    """A mistake that is seen before the first batch costs nothing."""
    begun(table)
    import_all(open_table("right.csv", LINES))
    assert carried(stranger.look()).total() == 3


@pytest.mark.parametrize("change", ["longer", "shorter", "same length"])
def test_a_file_that_changes_meanwhile_stops_the_import(
    stranger: Stranger, table: LegacyTable, tmp_path: Path, change: str
) -> None:
    """What is written into the file during the import does not get into the log."""
    path = tmp_path / "sample.csv"
    plans = LegacyPlans(table, begun(table), most=8)
    publish(now=at(0), at_once=True, plan=plans)
    whole = path.read_bytes()
    changed = {
        "longer": whole + LINES[0].encode(),
        "shorter": whole[:-40],
        "same length": whole.replace(b"league pioneers", b"party    league"),
    }
    with path.open("r+b") as file:
        file.truncate()
        file.write(changed[change])
    os.utime(path, ns=(0, 0))
    with pytest.raises(LegacyFileChanged):
        publish(now=at(0), at_once=True, plan=plans)
    assert not Batch.objects.filter(state=Batch.State.PREPARED).exists()
    assert carried(stranger.look()).total() == 8


def test_a_database_that_has_forgotten_imports_nothing(
    stranger: Stranger, table: LegacyTable, open_table: OpenTable
) -> None:
    """Where the log holds more earlier records than the rows know, nobody is counted twice."""
    import_all(table)
    LegacyBatch.objects.filter(first=16).delete()
    with pytest.raises(LegacyLinesUnknown) as caught:
        begun(open_table("more.csv", LINES))
    assert caught.value.data == {"carried": 21, "known": 16}


def test_every_bad_line_is_named(open_table: OpenTable) -> None:
    """A check gives line numbers and codes of the first twenty, and counts nothing as read."""
    lines = [LINES[0], "army,self_named,", "party,own,", "x" * (MAX_LINE + 5), *["party"] * 30]
    checked = open_table("bad.csv", lines).check()
    assert [(bad.line, bad.code) for bad in checked.problems[:3]] == [
        (3, "organizations"),
        (4, "class"),
        (5, "line_too_long"),
    ]
    assert len(checked.problems) == 20


@pytest.mark.parametrize("content", ["organizations,class\n", "organizations,class"])
def test_a_table_without_lines_is_refused(tmp_path: Path, content: str) -> None:
    """A heading alone is nothing to import."""
    path = tmp_path / "empty.csv"
    path.write_text(content)
    with LegacyTable(path, today=day(0)) as table:
        (problem,) = table.check().problems
    assert problem.code == "empty"


def test_a_table_without_heading_is_refused(tmp_path: Path) -> None:
    """A file that begins with a person would lose that person."""
    path = tmp_path / "headless.csv"
    path.write_text("party,self_named\n")
    with pytest.raises(LegacyRecordError):
        LegacyTable(path, today=day(0))


def test_lines_of_a_file_go_out_once(stranger: Stranger, table: LegacyTable) -> None:
    """The database itself holds no line twice, and no batch without lines."""
    file = import_all(table)
    daily = publish_on(1)
    for first, end in ((0, 5), (30, 30)):
        with pytest.raises(IntegrityError), transaction.atomic():
            LegacyBatch.objects.create(batch=daily, file=file, first=first, end=end)
