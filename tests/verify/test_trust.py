# SPDX-License-Identifier: AGPL-3.0-or-later
"""Both auditors read the same trust files and refuse the same ones."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.verify.auditors import fault
from tests.verify.sample_logs import CLOCK, LOG, STRANGER, TRUST, ends_of, sample_log
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.hashes import leaf_hash
from tuidang.pure.merkle.notes import sign_note
from tuidang.pure.merkle.signatures import Signer
from tuidang.pure.merkle.tree import root
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


def spoiled(name: str, data: st.DataObject) -> bytes:
    """Return a good trust file of which a piece was replaced."""
    good = GOOD[name][0]
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(start + 9, len(good))))
    return good[:start] + data.draw(st.binary(max_size=9)) + good[end:]


def batches(*sizes: int) -> list[dict[str, Any]]:
    """Return what a trust file says of the sample log after its batches of these sizes."""
    ends, entries = ends_of(sample_log()), [leaf_hash(each) for each in sample_log()]
    return [
        {"number": ends.index(size), "size": size, "root": to_base64(root(entries[:size]))}
        for size in sizes
    ]


KNOWN = batches(5, 256, 300, 525)
CONTRADICTIONS: dict[str, list[dict[str, Any]]] = {
    "another root": [KNOWN[0], KNOWN[1] | {"root": KNOWN[0]["root"]}],
    "another root at the end": [KNOWN[3] | {"root": KNOWN[0]["root"]}],
    "a size inside of a batch": [KNOWN[2] | {"size": 301}],
    "a longer log": [KNOWN[3] | {"number": 6, "size": 526}],
    "a log much longer": [KNOWN[3] | {"number": 9, "size": 2**62}],
}


def test_known_batches_are_found_again(whole_log: Path) -> None:
    """A log holds whose batches are those of the trust file, or some more."""
    for known in (KNOWN, KNOWN[:1], KNOWN[1:3], []):
        assert fault(whole_log, json.dumps(BUNDLE | {"batches": known}).encode()) is None


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_a_log_signed_anew_is_refused(name: str, whole_log: Path) -> None:
    """A log that is whole, but not the one that the trust file knows, fails at its checkpoint."""
    trust = json.dumps(BUNDLE | {"batches": CONTRADICTIONS[name]}).encode()
    assert fault(whole_log, trust) == "checkpoint"


@fuzzed
@given(st.binary(max_size=200) | st.builds(spoiled, st.sampled_from(sorted(GOOD)), st.data()))
def test_any_trust_file_is_read_or_refused(data: bytes) -> None:
    """Whatever the bytes, keys come out or a refusal, and the single file trusts no others."""
    keys: set[str] = set()
    with suppress(TrustError):
        trust = parse_trust(data)
        keys = {each.name for each in (trust.log, *trust.cosigners)}
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        assert {key[0] for key in read_trust(data)[0]} <= keys


def test_another_log_s_key_refuses_the_log(whole_log: Path) -> None:
    """A log is refused where another key is trusted, even one of the same name."""
    assert fault(whole_log, f"{STRANGER.vkey}\n".encode()) == "checkpoint"
