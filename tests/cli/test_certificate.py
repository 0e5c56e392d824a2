# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang certificate`: what waits, signing all that is ready, revoking, fetching."""

import io
import json
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.desk import make_volunteers, run_command
from tests.registry.certificates.office import WISH, WORD
from tests.registry.declarations.conftest import installation
from tests.registry.declarations.desk import body, hand_in
from tuidang.cli import login as logins
from tuidang.cli.certificate import issue as issuing
from tuidang.cli.certificate.revoke import REASONS
from tuidang.pure.credential.claims import IdentityCheck
from tuidang.pure.receipt import Code
from tuidang.registry.accounts.models import Volunteer
from tuidang.registry.audit.doers import REGISTRY
from tuidang.registry.certificates import actions, trusted
from tuidang.registry.certificates.models import Certificate
from tuidang.registry.certificates.proving import installed_bundle
from tuidang.registry.declarations import actions as declarations
from tuidang.registry.tally.actions import publish_batch
from tuidang.registry.vault.actions import renew_ring
from tuidang.registry.vault.months import month_of
from tuidang.verify.certificate.check import check_bytes

__all__ = ["installation"]

Logins = tuple[Path, Path]


@pytest.fixture
def volunteers(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logins:
    """Make two login files, both rings, and a clock that sleeping moves on."""
    slept: list[float] = []
    now = time.time
    monkeypatch.setattr(logins.time, "sleep", slept.append)
    monkeypatch.setattr(logins.time, "time", lambda: now() + sum(slept))
    today = datetime.now(UTC).date()
    files = make_volunteers(tmp_path)
    renew_ring("certificates", month_of(today), by=REGISTRY, day=today)
    return files


def prepared(login: Path) -> Code:
    """Take an application as far as the second signature, the first volunteer being this one."""
    now = datetime.now(UTC)
    row, code = hand_in(body(), day=now.date())
    volunteer, unlocked = logins.sign_in(login)
    doing = {"by": volunteer.doer(), "day": now.date()}
    declarations.accept(row, declarations.open_sealed(row, unlocked), manner="single", **doing)
    applying = {"word": WORD, "urgency": 1, "language": "en", "day": now.date()}
    (application,) = actions.apply(row, code, [replace(WISH, relation="self")], **applying)
    actions.prepare(application.pk, IdentityCheck("S"), unlocked, **doing)
    return code


def publish() -> None:
    """Publish what waits."""
    now = datetime.now(UTC)
    assert publish_batch(now=now, at_once=True) is not None
    trusted.install(now=now)


def test_issued_by_the_second_and_fetched_by_the_holder(
    volunteers: Logins,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The first cannot sign, the second can; the holder's files are private and verify; revoked,
    they do not. Nothing that is printed names anybody.
    """
    first, second = volunteers
    code = prepared(first)
    publish()
    assert run_command("certificate", "list", "--login", str(first)) == 0
    assert "this week   ready to be signed" in capsys.readouterr().out
    assert run_command("certificate", "issue", "--login", str(first)) == 0
    assert "Signed 0." in capsys.readouterr().out
    assert run_command("certificate", "issue", "--json", "--login", str(second)) == 0
    assert json.loads(capsys.readouterr().out) == {"signed": 1, "left": {}}
    out = tmp_path / "out"
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{code.english()}\n{WORD.upper()}\n"))
    assert run_command("certificate", "fetch", "--receipt-stdin", "--out", str(out)) == 0
    assert capsys.readouterr().out == "Wrote 5 files.\n"
    assert {path.stat().st_mode & 0o777 for path in out.iterdir()} == {0o600}
    pdf = (out / "certificate.pdf").read_bytes()
    today = datetime.now(UTC).date()
    claims = check_bytes(pdf, installed_bundle(), today=today).claims
    assert claims is not None
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{claims.number}\n"))
    words = ("certificate", "revoke", "--reason", "holder_asked", "--login", str(second))
    assert run_command(*words) == 0
    assert claims.number not in capsys.readouterr().out
    trusted.hand_down(now=datetime.now(UTC))
    assert check_bytes(pdf, installed_bundle(), today=today).outcome == "revoked"


def test_what_cannot_be_fetched(
    volunteers: Logins,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No code, a stranger's code, an empty mailbox: each is said, and nothing is written."""
    _, code = hand_in(body(), day=datetime.now(UTC).date())
    typed = {
        "hello\n": (2, "cannot be read"),
        f"{Code(bytes(11)).digits()}\n": (1, "Nobody here"),
        f"{code.digits()}\nword\n": (1, "no certificate"),
    }
    for text, (status, words) in typed.items():
        monkeypatch.setattr(sys, "stdin", io.StringIO(text))
        out = tmp_path / "out"
        assert run_command("certificate", "fetch", "--receipt-stdin", "--out", str(out)) == status
        assert words in capsys.readouterr().err
        assert not out.exists()


def test_a_number_that_is_none_is_not_revoked(
    volunteers: Logins, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip of the pen revokes nothing, and the command knows every reason but a correction's."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("0000-0000-0001\n"))
    words = ("certificate", "revoke", "--reason", "holder_asked", "--login", str(volunteers[0]))
    assert run_command(*words) == 1
    assert "No certificate has this number." in capsys.readouterr().err
    assert {*REASONS, "corrected"} == set(Certificate.Revocation.values)


def test_the_bar_fills(capsys: pytest.CaptureFixture[str]) -> None:
    """The bar on standard error says how many of how many."""
    draw = issuing._bar(4)
    for done in range(1, 5):
        draw(done)
    lines = capsys.readouterr().err.split("\r")[1:]
    assert lines[0] == f"[{'#' * 10}{'.' * 30}] 1 of 4"
    assert lines[-1] == f"[{'#' * 40}] 4 of 4\n"


def test_the_login_is_asked_for(
    volunteers: Logins, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A login that cannot be read, or is not one, opens nothing."""
    missing = tmp_path / "missing.json"
    assert run_command("certificate", "list", "--login", str(missing)) == 2
    login = json.loads(volunteers[0].read_bytes())
    volunteers[0].write_text(json.dumps(login | {"passphrase": "another"}))
    assert run_command("certificate", "issue", "--login", str(volunteers[0])) == 1
    assert "wrong" in capsys.readouterr().err
    assert Volunteer.objects.count() == 2
