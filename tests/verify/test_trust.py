# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both auditors read the same trust files and refuse the same ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.verify.auditors import fault
from tests.verify.sample_logs import CLOCK, LOG, STRANGER, TRUST
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.verify.audit_log import read_trust
from tuidang.verify.errors import TrustError
from tuidang.verify.trust import parse_trust

WITNESS = Signer("witness.invalid/w", bytes(range(9, 41)))
BUNDLE: dict[str, Any] = {
    "version": 1,
    "sequence": 1,
    "origin": LOG.name,
    "log_vkey": LOG.vkey,
    "clock_vkey": CLOCK.cosignature_vkey,
    "witnesses": [{"name": "w", "vkey": WITNESS.cosignature_vkey, "from": "2026-11-22"}],
    "batches": [],
}
LINE = json.dumps(BUNDLE) + "\n"
ALL_KEYS = [LOG.vkey, CLOCK.cosignature_vkey, WITNESS.cosignature_vkey]

GOOD: dict[str, tuple[bytes, list[str]]] = {
    "vkey lines": (TRUST, ALL_KEYS[:2]),
    "the log alone": (f"{LOG.vkey}\n".encode(), ALL_KEYS[:1]),
    "no newline": (LOG.vkey.encode(), ALL_KEYS[:1]),
    "with comments": (b"# whom I trust\n" + TRUST, ALL_KEYS[:2]),
    "trust.json": (LINE.encode(), ALL_KEYS),
    "trust.json, indented": (json.dumps(BUNDLE, indent=1).encode(), ALL_KEYS),
    "trust.note": (sign_note(LINE, [LOG]), ALL_KEYS),
    "no clock": (json.dumps(BUNDLE | {"clock_vkey": ""}).encode(), [ALL_KEYS[0], ALL_KEYS[2]]),
}
BAD: dict[str, bytes] = {
    "empty": b"",
    "no key": b"hello\n",
    "not UTF-8": b"\xff" + TRUST,
    "the clock first": b"\n".join(TRUST.split(b"\n")[::-1]),
    "two log keys": f"{LOG.vkey}\n{STRANGER.vkey}\n".encode(),
    "a private key": LOG.private_text.encode(),
    "a wrong key id": TRUST.replace(LOG.verifier.key_id.hex().encode(), b"00000000"),
    "an upper-case key id": TRUST.replace(
        LOG.verifier.key_id.hex().encode(), LOG.verifier.key_id.hex().upper().encode()
    ),
    "another name": TRUST.replace(b"log.invalid", b"log.example"),
    "a name with a space": TRUST.replace(b"log.invalid", b"log invalid"),
    "cut off": TRUST[:-9],
    "no JSON": b"{" + TRUST,
    "JSON without keys": b"{}",
    "JSON of another shape": json.dumps(BUNDLE | {"witnesses": ["w"]}).encode(),
    "JSON with a number": json.dumps(BUNDLE | {"log_vkey": 1}).encode(),
    "a note by another key": sign_note(LINE, [STRANGER]),
    "a note that was changed": sign_note(LINE, [LOG]).replace(b'"sequence": 1', b'"sequence": 2'),
    "a note cut off": sign_note(LINE, [LOG])[:-5],
}


@pytest.mark.parametrize("name", GOOD)
def test_trust_files_are_read_alike(name: str) -> None:
    """Both auditors find the same keys in vkey lines, trust.json and trust.note."""
    data, expected = GOOD[name]
    trust = parse_trust(data)
    assert [trust.log.vkey, *(each.vkey for each in trust.cosigners)] == expected
    keys, _ = read_trust(data)
    assert [key[:2] for key in keys] == [
        (each.name, each.key_id) for each in (trust.log, *trust.cosigners)
    ]


@pytest.mark.parametrize("name", BAD)
def test_bad_trust_files_are_refused_alike(name: str) -> None:
    """What names no usable keys is refused by both, as a mistake of the command."""
    with pytest.raises(TrustError):
        parse_trust(BAD[name])
    with pytest.raises((ValueError, LookupError, TypeError, AttributeError)):
        read_trust(BAD[name])


@pytest.mark.parametrize("name", GOOD)
def test_every_good_trust_file_serves(name: str, whole_log: Path) -> None:
    """The sample log holds under each of the files above."""
    assert fault(whole_log, GOOD[name][0]) is None


def test_another_log_s_key_refuses_the_log(whole_log: Path) -> None:
    """A log is refused where another key is trusted, even one of the same name."""
    assert fault(whole_log, f"{STRANGER.vkey}\n".encode()) == "checkpoint"
