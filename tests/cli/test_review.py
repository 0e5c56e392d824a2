# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang review`: the queue, a batch decision, and the login that opens it."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest

from tests.cli.desk import make_volunteers, run_command
from tests.registry.declarations.conftest import installation
from tests.registry.declarations.desk import body, hand_in, other, person, unnamed
from tuidang.cli import login as logins
from tuidang.pure.intake.flags import RULES
from tuidang.registry.declarations.models import Declaration
from tuidang.registry.review.actions import batch

__all__ = ["installation"]

Logins = tuple[Path, Path]


@pytest.fixture
def volunteers(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logins:
    """Make two login files, and a clock that sleeping moves on."""
    slept: list[float] = []
    now = time.time
    monkeypatch.setattr(logins.time, "sleep", slept.append)
    monkeypatch.setattr(logins.time, "time", lambda: now() + sum(slept))
    return make_volunteers(tmp_path)


def wait(*persons: dict[str, object], **fields: object) -> Declaration:
    """Hand in a declaration today."""
    return hand_in(body(*persons, **fields), day=datetime.now(UTC).date())[0]


def test_the_list_shows_what_waits_without_names(
    volunteers: Logins, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line a declaration: persons, day, flags, cluster; names only on request."""
    same = "这是一段样本文字，谁也没有这样声明过，只用来看看。"
    first = wait(person("样本甲"), other("样本乙"), statement=same)
    wait(person("测试样本"), statement=same)
    assert run_command("review", "list", "--login", str(volunteers[0])) == 0
    out = capsys.readouterr().out
    assert "2 declarations wait." in out
    assert "样本" not in out
    line = next(line for line in out.splitlines() if str(first.id)[:8] in line.split()[:1])
    assert f"{first.day}  persons   2  no flags, cluster" in line
    assert "test_word" in out
    assert run_command("review", "list", "--open", "--login", str(volunteers[1])) == 0
    opened = capsys.readouterr().out
    assert "1  样本甲  party" in opened
    assert same in opened


def test_the_list_can_be_read_by_machines(
    volunteers: Logins, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json each item has id, day, persons, flags and cluster, and names only on request."""
    row = wait(person("样本甲"), unnamed=unnamed(21))
    assert run_command("review", "list", "--json", "--login", str(volunteers[0])) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "closed": 0,
        "waiting": [
            {
                "id": str(row.id),
                "day": row.day.isoformat(),
                "persons": 22,
                "flags": ["many_unnamed"],
                "cluster": None,
                "needs_two": True,
            }
        ],
    }
    assert run_command("review", "list", "--json", "--open", "--login", str(volunteers[1])) == 0
    (item,) = json.loads(capsys.readouterr().out)["waiting"]
    assert item["declaration"]["persons"][0]["name"] == "样本甲"


def test_all_clean_are_accepted_and_the_rules_are_named(
    volunteers: Logins, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output lists each rule with what it flagged, what was accepted, and what is left."""
    clean, flagged = wait(person(), other("样本乙")), wait(person("测试样本"))
    big = wait(person(), unnamed=unnamed(21))
    assert run_command("review", "accept", "--all-clean", "--login", str(volunteers[0])) == 0
    out = capsys.readouterr().out
    assert all(f"{rule.name}: {rule.sentence}" in out for rule in RULES)
    assert "1  test_word:" in out
    assert "Accepted 1 declaration with 2 persons" in out
    assert "1 flagged by a rule" in out
    assert "1 need two volunteers" in out
    states = dict(Declaration.objects.values_list("id", "state"))
    assert states == {clean.id: "accepted", flagged.id: "received", big.id: "received"}
    assert "样本" not in out


def test_the_report_can_be_read_by_machines(
    volunteers: Logins, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --json the report is an object with rules, accepted, persons and left."""
    wait()
    words = ("review", "accept", "--all-clean", "--json", "--login", str(volunteers[0]))
    assert run_command(*words) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {rule["name"] for rule in printed.pop("rules")} == {rule.name for rule in RULES}
    assert printed == {"accepted": 1, "persons": 1, "left": {}}


def test_a_batch_needs_rules(
    volunteers: Logins, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no rule ran the command refuses and accepts nothing."""
    monkeypatch.setattr(batch, "RULES", ())
    wait()
    assert run_command("review", "accept", "--all-clean", "--login", str(volunteers[0])) == 1
    assert "No rule ran" in capsys.readouterr().err
    assert Declaration.objects.get().state == "received"


def test_accepting_names_what_is_accepted(volunteers: Logins) -> None:
    """Without --all-clean nothing is meant, so nothing is done."""
    with pytest.raises(SystemExit):
        run_command("review", "accept", "--login", str(volunteers[0]))


def test_commands_may_follow_one_another(volunteers: Logins) -> None:
    """With the same login file several commands within half a minute all sign in."""
    for _ in range(4):
        assert run_command("review", "list", "--login", str(volunteers[0])) == 0


@pytest.mark.parametrize(
    ("last_used", "now", "expected"),
    [
        (0, 3000.0, (100, 0.0)),
        (99, 3029.9, (100, 0.0)),
        (100, 3000.0, (101, 0.0)),
        (101, 3010.0, (102, 20.0)),
        (102, 3010.0, (103, 50.0)),
    ],
)
def test_the_next_unused_code_is_taken(
    last_used: int, now: float, expected: tuple[int, float]
) -> None:
    """This step's code if unused, else the next one's, else wait until that is accepted."""
    assert logins.next_step(last_used, now) == expected


def test_a_wrong_login_opens_nothing(
    volunteers: Logins, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong passphrase and an unknown name are refused with the same words."""
    login = json.loads(volunteers[0].read_text())
    said = set()
    for wrong in ({"passphrase": "sample sample"}, {"username": "nobody"}):
        path = tmp_path / "wrong.json"
        path.write_text(json.dumps(login | wrong))
        assert run_command("review", "list", "--login", str(path)) == 1
        said.add(capsys.readouterr().err)
    assert said == {"User name, passphrase or code is wrong.\n"}


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_login_file_must_be_one(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    """A missing or malformed login file is said to be one."""
    path = tmp_path / "login.json"
    if content is not None:
        path.write_text(content)
    assert run_command("review", "list", "--login", str(path)) == 2
    assert "login file" in capsys.readouterr().err


def test_without_a_file_the_login_is_asked_for(
    volunteers: Logins, monkeypatch: pytest.MonkeyPatch
) -> None:
    """User name, passphrase and code are asked for, the latter two unseen."""
    login = json.loads(volunteers[0].read_text())
    unseen = iter([login["passphrase"], pyotp.TOTP(login["totp_secret"]).now()])
    monkeypatch.setattr("builtins.input", lambda _: login["username"])
    monkeypatch.setattr(logins, "getpass", lambda _: next(unseen))
    assert run_command("review", "list") == 0
