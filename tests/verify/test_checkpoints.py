# SPDX-License-Identifier: AGPL-3.0-or-later
"""Only one spelling of a checkpoint passes, with one line of each key that is needed."""

from base64 import b64encode
from pathlib import Path

import pytest

from tests.verify.auditors import by_package, by_single_file, fault
from tests.verify.sample_logs import (
    CLOCK,
    LOG,
    ORIGIN,
    STRANGER,
    TIME,
    TRUST,
    checkpoint_of,
    log_files,
    sample_log,
    signed,
    write_files,
)
from tuidang.pure.merkle.checkpoints import cosign, parse_checkpoint
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.pure.merkle.signatures import SignatureLine, Signer

GOOD = checkpoint_of(sample_log())
TEXT, _, LINES = GOOD.decode().partition("\n\n")
TEXT += "\n"
OWN, CLOCKED = LINES.splitlines(keepends=True)
ROOT = TEXT.splitlines()[2]
WITNESS = Signer("witness.invalid/w", bytes(range(9, 41)))


def resigned(text: str) -> bytes:
    """Return a note over any text, even one that is none, signed by the log and its clock."""
    own = SignatureLine(LOG.name, LOG.verifier.key_id, LOG.sign_bytes(text.encode()))
    message = f"cosignature/v1\ntime {TIME}\n{text}".encode()
    signature = TIME.to_bytes(8, "big") + CLOCK.sign_bytes(message)
    clock = SignatureLine(CLOCK.name, CLOCK.cosignature_verifier.key_id, signature)
    return f"{text}\n{own.text}{clock.text}".encode()


def stamped(time: int) -> bytes:
    """Return the checkpoint with a valid cosignature of any time."""
    message = f"cosignature/v1\ntime {time}\n{TEXT}".encode()
    signature = time.to_bytes(8, "big") + CLOCK.sign_bytes(message)
    return signed(
        TEXT, SignatureLine(CLOCK.name, CLOCK.cosignature_verifier.key_id, signature).text
    )


OTHER_TEXT = TEXT.replace("525", "515")
FALSE: dict[str, bytes] = {
    "another origin": resigned(TEXT.replace(ORIGIN, "log.invalid/other")),
    "another key": signed(TEXT, CLOCKED, signer=STRANGER),
    "signed by nobody": f"{TEXT}\n".encode(),
    "only the log": signed(TEXT),
    "only the clock": f"{TEXT}\n{CLOCKED}".encode(),
    "cosignature of another checkpoint": signed(TEXT, cosign(OTHER_TEXT, CLOCK, TIME)),
    "signature of another checkpoint": f"{TEXT}\n{LOG.sign_text(OTHER_TEXT)}{CLOCKED}".encode(),
    "the log twice": f"{TEXT}\n{OWN}{OWN}{CLOCKED}".encode(),
    "the clock twice": f"{TEXT}\n{OWN}{CLOCKED}{cosign(TEXT, CLOCK, TIME + 1)}".encode(),
    "a false line beside a good one": f"{TEXT}\n{OWN}{CLOCKED}{LOG.sign_text(OTHER_TEXT)}".encode(),
    "time 0": stamped(0),
    "time in the year 10000": stamped(253_402_300_800),
    "time out of range": stamped(2**63),
    "leading zero in size": resigned(TEXT.replace("525", "0525")),
    "plus before size": resigned(TEXT.replace("525", "+525")),
    "underscore in size": resigned(TEXT.replace("525", "5_25")),
    "space after size": resigned(TEXT.replace("525", "525 ")),
    "full-width digits": resigned(TEXT.replace("525", "５２５")),
    "negative size": resigned(TEXT.replace("525", "-525")),
    "no number": resigned(TEXT.replace("525", "all")),
    "a size beyond 2^63": resigned(TEXT.replace("525", str(2**63))),
    "extension line": resigned(f"{TEXT}total 1\n"),
    "a line missing": resigned(TEXT.replace("525\n", "")),
    "no padding in root": resigned(TEXT.replace("=", "")),
    "stray bits in root": resigned(TEXT.replace(ROOT, ROOT[:-2] + "h=")),
    "short root": resigned(TEXT.replace(ROOT, b64encode(bytes(31)).decode())),
    "url-safe root": resigned(TEXT.replace("+", "-")),
    "another root": resigned(TEXT.replace(ROOT, b64encode(bytes(32)).decode())),
    "empty root": resigned(TEXT.replace(ROOT, b64encode(EMPTY_ROOT).decode())),
    "size 0 with a root": resigned(TEXT.replace("525", "0")),
    "CRLF": GOOD.replace(b"\n", b"\r\n"),
    "CRLF, signed": resigned(TEXT.replace("\n", "\r\n")),
    "no newline at the end": GOOD[:-1],
    "a newline more": GOOD + b"\n",
    "a hyphen for the dash": GOOD.replace("—".encode(), b"-"),
    "two spaces": GOOD.replace("— ".encode(), "—  ".encode()),
    "no base64": GOOD.replace(CLOCKED.split(" ")[2].encode(), b"====\n"),
    "stray bits in a signature": f"{TEXT}\n{OWN}{CLOCKED[:-4]}R==\n".encode(),
    "a short signature": f"{TEXT}\n{OWN}{CLOCKED}— w.invalid AAAAAA==\n".encode(),
    "an unknown line that is no line": f"{TEXT}\n{OWN}{CLOCKED}w.invalid AAAAAAA=\n".encode(),
    "a name with a plus": f"{TEXT}\n{OWN}{CLOCKED}— w+x AAAAAAA=\n".encode(),
    "a hundred and one lines": (
        f"{TEXT}\n{OWN}{CLOCKED}" + "— w.invalid/n AAAAAAA=\n" * 99
    ).encode(),
    "not UTF-8": GOOD + b"\xff",
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "too long": GOOD + b"x" * 1_000_000,
}


@pytest.mark.parametrize("name", FALSE)
def test_false_checkpoints_are_refused(name: str, log: Path) -> None:
    """A checkpoint that is not signed as it must be, or spelled otherwise, is named."""
    assert FALSE[name] != GOOD
    (log / "checkpoint").write_bytes(FALSE[name])
    assert fault(log) == "checkpoint"


def test_lines_of_unknown_keys_are_ignored(log: Path) -> None:
    """Others may sign too; only the lines of trusted keys count."""
    more = f"{GOOD.decode()}{cosign(TEXT, WITNESS, TIME)}— w.invalid/x AAAAAAA=\n"
    (log / "checkpoint").write_text(more)
    assert fault(log) is None
    assert "witness" not in by_package(log)


def test_a_trusted_witness_is_shown_with_its_time(log: Path) -> None:
    """The line of a witness that is trusted is verified and printed, the same by both."""
    (log / "checkpoint").write_text(GOOD.decode() + cosign(TEXT, WITNESS, TIME + 60))
    trust = TRUST + f"{WITNESS.cosignature_vkey}\n".encode()
    assert fault(log, trust) is None
    assert by_package(log, trust) == by_single_file(log, trust)
    assert "witness.invalid/w at 2026-11-22 00:01:00 UTC" in by_package(log, trust)


def test_a_false_line_of_a_trusted_witness_is_refused(log: Path) -> None:
    """A witness need not sign, but its line must not fail."""
    trust = TRUST + f"{WITNESS.cosignature_vkey}\n".encode()
    assert fault(log, trust) is None
    (log / "checkpoint").write_text(GOOD.decode() + cosign(OTHER_TEXT, WITNESS, TIME))
    assert fault(log, trust) == "checkpoint"


def test_without_a_trusted_clock_the_log_alone_is_enough(log: Path) -> None:
    """Who trusts only the log's key needs no clock, and a false clock line does not matter."""
    (log / "checkpoint").write_bytes(FALSE["only the log"])
    assert fault(log, f"{LOG.vkey}\n".encode()) is None


def test_a_shorter_checkpoint_leaves_files_over(log: Path) -> None:
    """An honest but older checkpoint does not fit a folder that has grown."""
    (log / "checkpoint").write_bytes(checkpoint_of(sample_log()[:515]))
    assert fault(log) not in (None, "checkpoint")


def test_an_empty_log_has_the_empty_root(tmp_path: Path) -> None:
    """A log of size 0 with another root is refused."""
    text = f"{ORIGIN}\n0\n{b64encode(bytes(32)).decode()}\n"
    assert fault(write_files(tmp_path, {**log_files([]), "checkpoint": resigned(text)})) == (
        "checkpoint"
    )


def test_the_good_checkpoint_is_what_the_package_reads() -> None:
    """The checkpoint that is spoiled above is canonical itself."""
    assert parse_checkpoint(TEXT).text == TEXT
