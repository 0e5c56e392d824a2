# SPDX-License-Identifier: AGPL-3.0-or-later
"""`tuidang-verify` at the keyboard: where it finds a bundle, what it says, how it ends."""

import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.verify.certificate.cases import Case, bundles
from tests.verify.certificate.code_cases import GENUINE
from tests.verify.certificate.sample_log import LOG, signer
from tuidang.pure.credential.face_code import to_text
from tuidang.verify.certificate.command import main

TODAY = datetime.now(UTC).date()
KEPT = Path("home") / ".config" / "tuidang" / "trust.note"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a certificate in which the command is run; its user keeps today's bundle."""
    kept = tmp_path / "home" / ".config" / "tuidang"
    kept.mkdir(parents=True)
    (kept / "trust.note").write_bytes(bundles(TODAY)["main"])
    (tmp_path / "code.txt").write_text(to_text(GENUINE), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("TUIDANG_DATA", raising=False)
    return tmp_path


def test_one_line_and_then_the_details(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Outcome, reason, name, both date sentences' days, check, key and bundle are printed."""
    assert main(["code.txt"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "code.txt: VALID · 有效 (dates_stated)"
    text = "\n".join(rest)
    for said in ("ZHANG, SAN", "29 February 1980", "1 March 2025", "2025年3月1日", str(TODAY)):
        assert said in text
    assert "does not show who its bearer is" in text
    assert "the issuer's statement" in text


def test_traditional_script_on_wish(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Chinese comes in the script that was asked for."""
    assert main(["--traditional", "code.txt"]) == 0
    assert "證明書是真的" in capsys.readouterr().out


def test_json_has_everything_and_no_commitments(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The JSON has claims, dates, key and words, and nothing that only proofs need."""
    assert main(["--json", "code.txt"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["claims"]["latin_name"] == "ZHANG<<SAN"
    assert row["claims"]["received"] == {"day": "2025-03-01", "witnessed": True}
    assert row["dates"]["kind"] == "stated"
    assert "commitments" not in row["claims"]
    assert set(row["words"]) == {"en", "zh-Hans", "zh-Hant"}


def test_the_worst_file_decides(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of several files each has its line, and the exit status is that of the worst."""
    (desk / "other.txt").write_text("no code", encoding="utf-8")
    assert main(["code.txt", "other.txt"]) == 1
    said = capsys.readouterr().out
    assert "code.txt: VALID" in said
    assert "other.txt: CANNOT BE READ" in said


def test_an_old_bundle_is_said_and_ends_with_3(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Valid as of the bundle's day, in the line and in the status."""
    (desk / KEPT).write_bytes(bundles(TODAY)["old"])
    day = TODAY - timedelta(days=45)
    assert main(["code.txt"]) == 3
    assert f"code.txt: VALID as of {day} · 有效" in capsys.readouterr().out


def test_without_a_bundle_it_says_where_to_get_one(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No bundle, no verdict: status 2, and where bundles come from."""
    (desk / KEPT).unlink()
    assert main(["code.txt"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "trust.note" in said.err


def test_an_installation_s_bundle_is_found(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundle of the installation that TUIDANG_DATA names is used, before the kept one."""
    place = desk / "data" / "trust"
    place.mkdir(parents=True)
    (place / "trust.note").write_bytes(bundles(TODAY)["old"])
    monkeypatch.setenv("TUIDANG_DATA", "data")
    assert main(["code.txt"]) == 3


def test_a_bundle_beside_the_certificate_is_not_taken(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who forges a certificate sends a bundle along; it is used only if the user names it."""
    for path in (Path("trust.note"), Path("var") / "trust" / "trust.note"):
        (desk / path).parent.mkdir(parents=True, exist_ok=True)
        (desk / path).write_bytes(bundles(TODAY)["main"])
    (desk / KEPT).unlink()
    assert main(["code.txt"]) == 2
    assert capsys.readouterr().out == ""


def test_the_name_of_a_file_cannot_say_a_verdict(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line breaks, escapes and turned writing in a name are told, and not done."""
    name = "a.txt\nb.txt: VALID \x1b[2K\u202e\udc80"
    (desk / name).write_text("no code", encoding="utf-8")
    assert main([name]) == 1
    said = capsys.readouterr().out
    assert said.startswith(r"a.txt\nb.txt: VALID \x1b[2K\u202e\udc80: CANNOT BE READ")
    assert main([f"{name}."]) == 2
    assert capsys.readouterr().err.startswith(r"tuidang-verify: a.txt\nb.txt")


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_terminal_of_few_characters_gets_its_verdict(desk: Path, words: list[str]) -> None:
    """Where Chinese cannot be printed the certificate is as valid as elsewhere."""
    program = "from tuidang.verify.certificate.command import main\nraise SystemExit(main())\n"
    done = subprocess.run(
        [sys.executable, "-c", program, *words, "code.txt"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3]), "PYTHONUTF8": "0"}
        | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_whoever_reads_one_line_and_goes_gets_the_status(desk: Path) -> None:
    """A pipe that is closed before the details changes nothing of the verdict."""
    reads, writes = os.pipe()
    os.close(reads)
    program = "from tuidang.verify.certificate.command import main\nraise SystemExit(main())\n"
    done = subprocess.run(
        [sys.executable, "-c", program, "code.txt"],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writes)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("data", [b"", b"{}", b"{}\n\n", b'{"version":1}\n', bytes(300)])
def test_a_file_that_is_no_bundle_is_refused(
    desk: Path, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is not a signed bundle ends with 2 and no verdict."""
    (desk / KEPT).write_bytes(data)
    assert main(["code.txt"]) == 2
    assert capsys.readouterr().out == ""


def test_the_key_that_the_user_has_decides(desk: Path) -> None:
    """With --vkey a bundle signed by another key is refused."""
    (desk / "right").write_text(f"{LOG.vkey}\n", encoding="utf-8")
    (desk / "wrong").write_text(f"{signer(LOG.name + '/x').vkey}\n", encoding="utf-8")
    assert main(["--vkey", "right", "code.txt"]) == 0
    assert main(["--vkey", "wrong", "code.txt"]) == 2


def test_an_older_bundle_than_one_seen_is_refused(desk: Path) -> None:
    """With --seen the newest bundle is kept, and none with a lower number is taken any more."""
    made = bundles(TODAY)
    (desk / "older").write_bytes(made["old"])
    assert main(["--seen", "seen", "--bundle", "older", "code.txt"]) == 3
    assert main(["--seen", "seen", "code.txt"]) == 0
    assert (desk / "seen").read_bytes() == made["main"]
    assert main(["--seen", "seen", "code.txt"]) == 0
    assert main(["--seen", "seen", "--bundle", "older", "code.txt"]) == 2


def test_two_bundles_of_one_number_are_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A bundle made for one person alone has another's number, and is refused."""
    assert main(["--seen", "seen", "code.txt"]) == 0
    (desk / KEPT).write_bytes(bundles(TODAY - timedelta(days=1))["main"])
    assert main(["--seen", "seen", "code.txt"]) == 2
    assert "two different bundles 2" in capsys.readouterr().err


def test_a_missing_file_ends_with_2(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is told, and the others are checked all the same."""
    assert main(["nowhere.pdf", "code.txt"]) == 2
    said = capsys.readouterr()
    assert "nowhere.pdf" in said.err
    assert "code.txt: VALID" in said.out


def test_it_opens_no_connection(
    desk: Path, common_set: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """PDF, picture and text are checked where any socket is an error."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "socket", refused)
    chosen = {"pdf-proven", "page-photo", "code-td1"}
    files = [str(each.path) for each in common_set if each.name in chosen]
    assert len(files) == len(chosen)
    assert main(files) == 0


def test_it_runs_where_django_cannot_be_imported(desk: Path, common_set: list[Case]) -> None:
    """The command needs neither Django nor anything of the registry."""
    by_name = {each.name: str(each.path) for each in common_set}
    pdf, photo = by_name["pdf-proven"], by_name["page-photo"]
    program = (
        "import sys\n"
        "for name in ('django', 'typst', 'pyhanko', 'numpy', 'tuidang.registry'):\n"
        "    sys.modules[name] = None\n"
        "from tuidang.verify.certificate.command import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", program, pdf, photo, "code.txt"],
        env={"HOME": str(desk / "home"), "PATH": os.defpath, "PYTHONPATH": str(root)}
        | {"PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{pdf}: VALID · 有效 (dates_proven)" in done.stdout
