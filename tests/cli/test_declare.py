# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang declare`: a list as a whole, or not at all."""

import json
from argparse import Namespace
from pathlib import Path

import openpyxl
import pytest
from pytest_django import Settings

from tests.cli.desk import make_volunteers, run_command
from tests.registry.declarations.conftest import installation
from tests.registry.declarations.desk import all_columns, found_in, text_forms
from tuidang.cli import declare
from tuidang.pure.receipt import parse_code
from tuidang.registry.declarations.actions import find, state_of
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.vault.models import RingKey
from tuidang.registry.vault.recipients import forget_recipients

__all__ = ["installation"]

SIGNS = "子丑寅卯辰巳午未申酉戌亥"
HAN = [f"样本{one}{two}" for one in "甲乙丙" for two in SIGNS]


@pytest.fixture
def ring(db: None, tmp_path: Path) -> tuple[Path, Path]:
    """Make the ring to which lists are sealed, and two login files."""
    return make_volunteers(tmp_path)


def write_list(folder: Path, text: str, name: str = "list.txt") -> str:
    """Write a list file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def fifty_three() -> str:
    """Write 53 persons as people do: mixed separators, rare signs, Latin, masked, "等 12 人"."""
    lines = ["、".join(HAN[:20]), "，".join(HAN[20:33]), " ".join(HAN[33:36])]
    lines += ["样本𠮷; 样本㐆; 样本𬭎", "Sample One", "样本**", "样本末等 12 人"]
    return "\n".join(lines)


def test_fifty_three_names_are_one_declaration(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mixed separators, rare characters, a masked name and "等 12 人" give 53 persons."""
    assert run_command("declare", write_list(tmp_path, fifty_three()), "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["persons"] == {"named": 42, "unnamed": 11}
    assert printed["consent"] == {"agreed": 53}
    row = Declaration.objects.get()
    assert (row.size, row.channel, row.language) == (53, "list", "zh-Hans")


def test_the_receipt_is_printed_in_three_spellings(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All three spellings are of the code that finds it; counts and consent stand beside."""
    path = write_list(tmp_path, "样本甲\n样本乙\n")
    assert run_command("declare", path, "--consent", "unasked", "--language", "zh-Hant") == 0
    out = capsys.readouterr().out
    lines = [line.split(None, 1) for line in out.splitlines() if line.startswith("    ")]
    spellings = dict(lines)
    codes = {parse_code(spellings[name]).digits() for name in ("digits", "chinese", "english")}
    assert len(codes) == 1
    found = find(parse_code(codes.pop()))
    assert found is not None
    assert state_of(found).state == "received"
    assert "2 persons, 2 named and 0 unnamed" in out
    assert "could not be asked" in out


def test_a_wrong_list_is_refused_as_a_whole(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every wrong line is named by its number, nothing of it is repeated, nothing is stored."""
    path = write_list(tmp_path, "样本甲\n1. 样本乙\n样本丙\n样本丁 https://sample.invalid\n")
    assert run_command("declare", path) == 2
    captured = capsys.readouterr()
    assert "line 2:" in captured.err
    assert "line 4:" in captured.err
    assert "line 1:" not in captured.err
    assert captured.out == ""
    assert found_in(captured.err.encode(), text_forms("样本乙", "样本丁", "sample.invalid")) == []
    assert not Declaration.objects.exists()


def test_refusals_can_be_read_by_machines(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json the problems are a list of line, code and message."""
    path = write_list(tmp_path, "样本甲\n1. 样本乙\n")
    assert run_command("declare", path, "--json") == 2
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert (problem["line"], problem["code"]) == (2, "name_numbering")


def test_a_workbook_is_read_like_a_text(ring: tuple[Path, Path], tmp_path: Path) -> None:
    """An .xlsx gives the same persons."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for name in ("样本甲", "样本𠮷"):
        book.active.append([name])
    book.save(tmp_path / "list.xlsx")
    assert run_command("declare", str(tmp_path / "list.xlsx")) == 0
    assert Declaration.objects.get().size == 2


def test_the_same_list_twice_is_asked_about(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Handed in again it is refused with words; with --again it is entered nevertheless."""
    path = write_list(tmp_path, "样本甲、样本乙")
    assert run_command("declare", path) == 0
    again = write_list(tmp_path, "样本乙\n样本甲", "again.csv")
    capsys.readouterr()
    assert run_command("declare", again) == 2
    captured = capsys.readouterr()
    assert "--again" in captured.err
    assert captured.out == ""
    assert Declaration.objects.count() == 1
    assert run_command("declare", again, "--again") == 0
    assert Declaration.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [("missing.txt", "cannot be read"), ("list.pdf", "none of"), ("garbage.txt", "no text")],
)
def test_a_file_that_is_no_list_is_refused(
    ring: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    words: str,
) -> None:
    """A file that is missing, of another kind, or garbage is refused in words."""
    (tmp_path / "list.pdf").write_bytes(b"%PDF")
    (tmp_path / "garbage.txt").write_bytes(bytes(range(256)))
    assert run_command("declare", str(tmp_path / name)) == 2
    assert words in capsys.readouterr().err
    assert not Declaration.objects.exists()


def test_organizations_and_who_declares_can_be_said_for_all(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--organizations and --declared-by hold for every line; unknown words are refused."""
    path = write_list(tmp_path, "样本甲")
    assert run_command("declare", path, "--organizations", "chess club") == 2
    assert "organisations" in capsys.readouterr().err
    assert run_command("declare", path, "--organizations", "party league") == 0
    args = Namespace(organizations="party league", declared_by="friend", consent="asked")
    defaults = declare._defaults(args)
    assert (defaults.organizations, defaults.declared_by, defaults.consent) == (
        3,
        "friend",
        "asked",
    )


def test_samples_are_for_demonstrations(
    ring: tuple[Path, Path],
    tmp_path: Path,
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """--sample is refused on an origin that could be real, and marks the list on a reserved one."""
    path = write_list(tmp_path, "样本甲")
    assert run_command("declare", path, "--sample") == 2
    assert ".invalid" in capsys.readouterr().err
    settings.ORIGIN = "demo.invalid/registry"
    assert run_command("declare", path, "--sample") == 0
    assert Declaration.objects.get().sample


def test_without_a_ring_nothing_is_taken(
    ring: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is nobody to seal to, the command says so and stores nothing."""
    RingKey.objects.all().delete()
    forget_recipients()
    assert run_command("declare", write_list(tmp_path, "样本甲")) == 1
    assert "doctor" in capsys.readouterr().err
    assert not Declaration.objects.exists()


def test_names_of_a_list_are_in_no_column(ring: tuple[Path, Path], tmp_path: Path) -> None:
    """After a list was entered no column of any table holds one of its names."""
    assert run_command("declare", write_list(tmp_path, fifty_three())) == 0
    assert found_in(all_columns(), text_forms(*HAN, "Sample One", "样本𠮷")) == []


def test_the_channels_are_those_of_the_registry() -> None:
    """What the command offers is known to the table."""
    assert set(declare.CHANNELS) <= set(Declaration.Channel.values)
