# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a witness answers over HTTP: every status of the specification, in its order."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import fuzzed
from tests.verify.witness.running import RunningWitness, honest
from tests.verify.witness.samples import (
    LOG,
    ORIGIN,
    OTHER_LOG,
    Said,
    ask,
    checkpoint,
    hashes,
    post,
    submission,
)
from tuidang.pure.merkle.canonical import to_base64
from tuidang.pure.merkle.checkpoints import Checkpoint
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT
from tuidang.pure.merkle.notes import open_note, sign_note
from tuidang.pure.merkle.signatures import Signer, Verifier
from tuidang.pure.merkle.submissions import (
    MAX_SUBMISSION,
    encode_submission,
    parse_submission,
    submitted_head,
)
from tuidang.verify.witness.door import Door
from tuidang.verify.witness.memory import Memory
from tuidang.verify.witness.witness import Witness, origin_hash

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/tlog.json").read_text())
BODY = VECTORS["add-checkpoint body"].encode()


@pytest.fixture
def witness() -> Iterator[RunningWitness]:
    """An honest witness of the sample log that has seen nothing yet."""
    with honest(LOG.vkey) as running:
        yield running


def cosigned(said: Said, note: bytes, vkey: str) -> int:
    """Return the time of the one cosignature that an answer adds to a note."""
    assert said.status == 200, said
    verifier = Verifier.parse(vkey)
    (line,) = open_note(note + said.body, [verifier]).by(verifier)
    assert line.time is not None
    return line.time


def code(witness: RunningWitness, body: bytes) -> int:
    """Return the status that a body gets."""
    return post(witness.url, body).status


def test_a_log_that_grows_is_cosigned(witness: RunningWitness) -> None:
    """From nothing, then with a proof, then again at the same size for a fresh time."""
    times = [
        cosigned(post(witness.url, submission(old, size)), checkpoint(size), witness.vkey)
        for old, size in ((0, 5), (5, 300), (300, 300), (300, 1000))
    ]
    assert times == sorted(times)
    assert times[0] > 0


def test_the_published_vector_is_cosigned() -> None:
    """The add-checkpoint body of the vectors is taken by a witness that knows 300 leaves."""
    log = Signer("example.org/registry", bytes(range(32)))
    assert log.vkey == VECTORS["log vkey"]
    parts = parse_submission(BODY)
    assert encode_submission(parts.old, parts.proof, parts.note) == BODY
    with honest(VECTORS["log vkey"], name="witness.example.org/w1", seed=bytes(range(32, 64))) as w:
        assert w.vkey == VECTORS["witness vkey"]
        assert code(w, submission(0, 300, signer=log)) == 200
        cosigned(post(w.url, BODY), parts.note, w.vkey)


def test_an_unknown_origin_is_404(witness: RunningWitness) -> None:
    """A log whose key was not given is not known, however good its signature."""
    assert code(witness, submission(0, 5, signer=OTHER_LOG)) == 404


def test_another_signature_is_403(witness: RunningWitness) -> None:
    """A stranger's line, and a trusted key's line that fails, are refused."""
    text = Checkpoint(ORIGIN, 5, bytes(32)).text
    by_stranger = sign_note(text, [Signer("stranger.invalid", b"\x09" * 32)])
    assert code(witness, encode_submission(0, [], by_stranger)) == 403
    broken = checkpoint(5).replace(b"\n5\n", b"\n6\n")
    assert code(witness, encode_submission(0, [], broken)) == 403


def test_an_old_size_above_the_new_is_400(witness: RunningWitness) -> None:
    """Such a request is nonsense, whatever the witness remembers."""
    assert code(witness, encode_submission(6, [], checkpoint(5))) == 400
    assert code(witness, encode_submission(1, [], checkpoint(0))) == 400


def test_another_old_size_is_409_with_the_recorded_one(witness: RunningWitness) -> None:
    """The body says what the witness remembers: 0 if nothing, else the last size."""
    said = post(witness.url, submission(3, 5))
    assert (said.status, said.kind, said.body) == (409, "text/x.tlog.size", b"0\n")
    assert code(witness, submission(0, 5)) == 200
    said = post(witness.url, submission(0, 5))
    assert (said.status, said.kind, said.body) == (409, "text/x.tlog.size", b"5\n")


def test_a_smaller_log_is_never_cosigned(witness: RunningWitness) -> None:
    """An earlier checkpoint of the log itself gets 409 or 400, and changes nothing."""
    assert code(witness, submission(0, 300)) == 200
    assert code(witness, submission(0, 5)) == 409
    assert code(witness, encode_submission(300, [], checkpoint(5))) == 400
    assert post(witness.url, submission(0, 5)).body == b"300\n"


def test_an_empty_log_has_the_empty_root_or_is_422(witness: RunningWitness) -> None:
    """Size 0 is cosigned with the hash of nothing, and with nothing else."""
    text = Checkpoint(ORIGIN, 0, EMPTY_ROOT).text.replace(
        to_base64(EMPTY_ROOT), to_base64(bytes(32))
    )
    assert code(witness, encode_submission(0, [], sign_note(text, [LOG]))) == 422
    assert code(witness, submission(0, 0)) == 200
    assert code(witness, encode_submission(1, [], sign_note(text, [LOG]))) == 400
    assert code(witness, submission(0, 5)) == 200
    assert code(witness, encode_submission(0, [], sign_note(text, [LOG]))) == 409


def test_a_proof_that_fails_is_422(witness: RunningWitness) -> None:
    """Missing, superfluous, shortened, swapped and changed hashes prove nothing."""
    assert code(witness, encode_submission(0, hashes(1), checkpoint(5))) == 422
    assert code(witness, submission(0, 300)) == 200
    good = parse_submission(submission(300, 1000))
    proof = list(good.proof)
    for wrong in ([], proof[:-1], [*proof, proof[0]], proof[::-1], [*proof[:-1], bytes(32)]):
        assert code(witness, encode_submission(300, wrong, good.note)) == 422
    assert code(witness, encode_submission(300, proof, good.note)) == 200


def test_another_tree_is_422(witness: RunningWitness) -> None:
    """A log that shows the witness a second tree, larger or of the same size, gets nothing."""
    assert code(witness, submission(0, 300)) == 200
    assert code(witness, encode_submission(300, [], checkpoint(300, "other"))) == 422
    assert code(witness, submission(300, 1000, "other")) == 422
    assert code(witness, submission(300, 1000)) == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n\n",
        b"old 0\n",
        b"old 00\n\n" + checkpoint(5),
        b"old -1\n\n" + checkpoint(5),
        b"old 9223372036854775808\n\n" + checkpoint(5),
        b"new 0\n\n" + checkpoint(5),
        b"old 0\r\n\r\n" + checkpoint(5),
        b"old 0\nAAAA\n\n" + checkpoint(5),
        b"old 0\nnot base64\n\n" + checkpoint(5),
        b"old 0\n" + checkpoint(5),
        encode_submission(0, [bytes(32)] * 64, checkpoint(5)),
        encode_submission(0, [], b"no note\n"),
        encode_submission(0, [], checkpoint(5)[:-1]),
        encode_submission(0, [], sign_note("one line\n", [LOG])),
        encode_submission(0, [], sign_note(f"{ORIGIN}\n05\n{'A' * 43}=\n", [LOG])),
        encode_submission(0, [], sign_note(f"{ORIGIN}\n5\nAAAA\n", [LOG])),
        encode_submission(0, [], sign_note(f"{ORIGIN}\n{2**63}\n{'A' * 43}=\n", [LOG])),
        encode_submission(0, [], sign_note(f"{ORIGIN}\n5\n{'A' * 43}=\n\nmore\n", [LOG])),
    ],
)
def test_what_cannot_be_read_is_400(body: bytes, witness: RunningWitness) -> None:
    """Requests that are not canonical to the byte are refused, and change nothing."""
    assert code(witness, body) == 400
    assert code(witness, submission(0, 5)) == 200


def test_long_bodies_are_413_and_not_read(witness: RunningWitness) -> None:
    """More than the longest honest request is refused by its length alone."""
    assert code(witness, bytes(MAX_SUBMISSION)) == 400
    assert code(witness, bytes(MAX_SUBMISSION + 1)) == 413


def test_other_paths_and_methods_are_refused(witness: RunningWitness) -> None:
    """Nothing else is there."""
    here = f"/{origin_hash(ORIGIN)}/checkpoint"
    assert ask("GET", f"{witness.url}/add-checkpoint").status == 405
    assert ask("POST", witness.url + here, b"").status == 405
    for path in ("/", "/checkpoint", f"{here}/", "/add-checkpoint/", here.upper(), "/x/y"):
        assert ask("GET", witness.url + path).status == 404


def test_the_latest_checkpoint_is_served(witness: RunningWitness) -> None:
    """It carries the lines of the log and of the witness, no others; before it, 404."""
    where = f"{witness.url}/{origin_hash(ORIGIN)}/checkpoint"
    assert ask("GET", where).status == 404
    stranger = Signer("stranger.invalid", b"\x09" * 32).sign_text(
        Checkpoint(ORIGIN, 5, bytes(32)).text
    )
    note = checkpoint(5)
    log_line = note.rpartition(b"\n\n")[2]
    sent = note + stranger.encode() + log_line
    said = post(witness.url, encode_submission(0, [], sent))
    assert said.status == 200
    assert ask("GET", where).body == note + said.body
    assert ask("HEAD", where).body == b""


def test_a_hundred_lines_of_the_log_are_one(witness: RunningWitness) -> None:
    """As many signatures as a note may have leave room for the witness's own."""
    note = checkpoint(5)
    line = note.rpartition(b"\n\n")[2]
    assert code(witness, encode_submission(0, [], note + line * 99)) == 200
    assert code(witness, encode_submission(5, [], note + line * 100)) == 400


@fuzzed
@given(st.binary(max_size=300), st.integers(0, len(BODY)), st.integers(0, 60))
def test_no_bytes_make_the_parser_fail_otherwise(noise: bytes, at: int, cut: int) -> None:
    """A damaged request is refused as malformed, or is canonical to the byte."""
    body = BODY[:at] + noise + BODY[at + cut :]
    try:
        parts = parse_submission(body)
        submitted_head(parts.note)
    except FormatError:
        return
    assert encode_submission(parts.old, parts.proof, parts.note) == body


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Door:
    """The application of a witness that knows 300 leaves of the log of the vectors."""
    signer = Signer("witness.invalid/sample", bytes(32))
    log = Signer("example.org/registry", bytes(range(32)))
    memory = Memory(tmp_path_factory.mktemp("memory"), signer.vkey)
    witness = Witness(signer, [log.verifier], memory, lambda: 1_000_000)
    assert witness.add_checkpoint(submission(0, 300, signer=log)).status == 200
    return Door(witness)


def status_of(door: Door, body: bytes, length: str | None = None) -> str:
    """Return the status that the application gives a body which claims a length."""
    said: list[Any] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/add-checkpoint",
        "CONTENT_LENGTH": str(len(body)) if length is None else length,
        "wsgi.input": io.BytesIO(body),
    }
    list(door(environ, lambda *told: said.extend(told)))
    return str(said[0])[:3]


@fuzzed
@given(st.binary(max_size=100), st.integers(0, len(BODY)), st.integers(1, 60))
def test_no_bytes_make_a_witness_fail(door: Door, noise: bytes, at: int, cut: int) -> None:
    """Whatever is sent gets a status of the specification, and nothing damaged a signature."""
    damaged = BODY[:at] + noise + BODY[at + cut :]
    undamaged = {"200", "409"} if damaged == BODY else set()
    assert status_of(door, damaged) in {"400", "403", "404", "409", "422"} | undamaged
    assert status_of(door, noise) == "400"


@pytest.mark.parametrize(
    ("length", "status"),
    [("", "411"), ("-1", "411"), ("1e3", "411"), ("٣", "411"), ("9" * 30, "413"), ("9000", "400")],
)
def test_lengths_are_not_believed(length: str, status: str, door: Door) -> None:
    """A length that is missing, no number, too long or longer than the body is refused."""
    assert status_of(door, BODY, length) == status
