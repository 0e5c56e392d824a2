# SPDX-License-Identifier: AGPL-3.0-or-later
"""The common set of certificates, checked as `tuidang-verify` does."""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fuzzing import NIGHTLY
from tests.verify.certificate.cases import Case, bundles
from tests.verify.certificate.code_cases import GENUINE
from tests.verify.certificate.paper_cases import original
from tuidang.pure.credential import face_code
from tuidang.verify.certificate.check import check_bytes, check_cose
from tuidang.verify.certificate.command import main
from tuidang.verify.certificate.trust import Bundle, read_bundle
from tuidang.verify.certificate.verdict import REASONS

TODAY = datetime.now(UTC).date()
# Reasons that no file of the set has: they need a file larger than a test should write, and
# a PDF that the issuer has signed and broken.
NOT_IN_THE_SET = {"file_too_large", "pdf_unreadable", "pdf_revisions", "code_unclear"}


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    """The bundle of today."""
    return read_bundle(bundles(TODAY)["main"])


def test_every_case_comes_out_as_said(common_set: list[Case]) -> None:
    """Each file gets the outcome and the reason that the set says, and is fresh where it says."""
    read = {path: read_bundle(path.read_bytes()) for path in {each.bundle for each in common_set}}
    wrong = []
    for each in common_set:
        verdict = check_bytes(each.path.read_bytes(), read[each.bundle], today=TODAY)
        fresh = verdict.fresh or verdict.outcome != "valid"
        found = (verdict.outcome, verdict.reason, fresh)
        if found != (each.expected_outcome, each.expected_reason, each.fresh):
            wrong.append((each.name, found))
    assert wrong == []


def test_the_set_has_every_reason(common_set: list[Case]) -> None:
    """There is a case for each reason but those that are tested elsewhere."""
    assert {each.expected_reason for each in common_set} == REASONS.keys() - NOT_IN_THE_SET


def test_the_set_says_itself_what_is_in_it(common_set: list[Case]) -> None:
    """Other programs find files, bundles and expectations in cases.json."""
    folder = common_set[0].path.parent
    rows = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in rows] == [each.name for each in common_set]
    assert all((folder / row[key]).is_file() for row in rows for key in ("path", "bundle"))


def test_the_command_ends_with_the_status_of_each_case(
    common_set: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    """0 valid and fresh, 3 valid as of a day, 1 all else; the outcome stands in the JSON."""
    chosen = [each for each in common_set if each.path.suffix in {".txt", ".cose", ".png"}]
    for each in chosen:
        status = main(["--json", "--bundle", str(each.bundle), str(each.path)])
        (row,) = json.loads(capsys.readouterr().out)
        said = (status, row["outcome"], row["reason"])
        assert said == (each.exit_status, each.expected_outcome, each.expected_reason), each.name


def test_no_byte_of_a_certificate_can_change(bundle: Bundle) -> None:
    """Whichever byte of the COSE bytes is flipped, the certificate is not valid any more."""
    for place in range(len(GENUINE)):
        changed = GENUINE[:place] + bytes([GENUINE[place] ^ 1]) + GENUINE[place + 1 :]
        assert check_cose(changed, None, bundle, today=TODAY).outcome != "valid", place
        assert check_bytes(changed, bundle, today=TODAY).outcome != "valid", place


def test_no_digit_of_a_code_can_change(bundle: Bundle) -> None:
    """Whichever digit of the decimal number is changed, the certificate is not valid any more."""
    digits = face_code.to_decimal(GENUINE)
    for place, digit in enumerate(digits):
        changed = f"{digits[:place]}{(int(digit) + 1) % 10}{digits[place + 1 :]}"
        assert check_bytes(changed.encode(), bundle, today=TODAY).outcome != "valid", place


def test_no_byte_of_a_pdf_can_change(bundle: Bundle) -> None:
    """Flipped bytes of a PDF, every 97th, or every one in the nightly run, are noticed."""
    data = original()
    assert check_bytes(data, bundle, today=TODAY).outcome == "valid"
    for place in range(0, len(data), 1 if NIGHTLY else 97):
        changed = data[:place] + bytes([data[place] ^ 1 << place % 8]) + data[place + 1 :]
        assert check_bytes(changed, bundle, today=TODAY).outcome != "valid", place


def test_no_byte_of_a_pdf_s_signature_can_change(bundle: Bundle) -> None:
    """Every digit of /Contents counts, and so does every zero behind the signature."""
    data = original()
    start = data.index(b"/Contents<") + 10
    end = data.index(b">", start)
    for place in range(start, end, 1 if NIGHTLY else 7):
        for digit in b"0f":
            changed = data[:place] + bytes([digit]) + data[place + 1 :]
            if changed != data:
                assert check_bytes(changed, bundle, today=TODAY).outcome != "valid", place


def test_anything_may_be_handed_in(bundle: Bundle, tmp_path: Path) -> None:
    """Beginnings of genuine files with anything behind them get a verdict that is not valid."""
    draw = random.Random(2026)
    for start in (
        b"",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"\xd2\x84",
        b"TD1:",
    ):
        for _ in range(30):
            data = start + draw.randbytes(draw.randrange(400))
            assert check_bytes(data, bundle, today=TODAY).outcome != "valid"


def test_a_file_that_is_too_large_is_not_looked_at(bundle: Bundle) -> None:
    """Beyond 20 MB nothing is read."""
    verdict = check_bytes(b"%PDF-" + bytes(20_000_000), bundle, today=TODAY)
    assert (verdict.outcome, verdict.reason) == ("unreadable", "file_too_large")
