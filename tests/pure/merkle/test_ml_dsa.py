# SPDX-License-Identifier: AGPL-3.0-or-later
"""ML-DSA-44 cosignatures, by the vector and by keys made here."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pure.merkle.samples import LOG, TIME, VECTORS, flip
from tuidang.pure.merkle.canonical import from_base64, to_base64
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.notes import NoteError, open_note
from tuidang.pure.merkle.policies import parse_policy
from tuidang.pure.merkle.signatures import ML_DSA_44, SignatureLine, Verifier
from tuidang.pure.merkle.subtrees import subtree_message

VECTOR = VECTORS["mldsa44"]
KEY = MLDSA44PrivateKey.from_seed_bytes(bytes.fromhex(VECTOR["seed hex"]))
W2 = Verifier("witness.example.org/w2", ML_DSA_44, KEY.public_key().public_bytes_raw())
TEXT = VECTORS["checkpoint"].partition("\n\n")[0] + "\n"
NOTE = VECTORS["checkpoint"].encode() + VECTOR["note line"].encode()
SIGNATURE = from_base64(VECTOR["note line"].split(" ")[2].strip())[4:]


def signed(time: int, text: str = TEXT) -> bytes:
    """Return the sample checkpoint with a fresh line of the sample key."""
    stamp = time.to_bytes(8, "big")
    message = subtree_message(W2.name, text, time)
    line = SignatureLine(W2.name, W2.key_id, stamp + KEY.sign(message))
    return VECTORS["checkpoint"].encode() + line.text.encode()


def test_the_key_is_that_of_the_vector() -> None:
    """Seed, public key, key id and vkey belong together."""
    assert hashlib.sha256(W2.public_key).hexdigest() == VECTOR["pk sha256"]
    assert W2.key_id.hex() == VECTOR["key id"]
    assert Verifier.parse(W2.vkey) == W2


def test_the_message_is_that_of_the_vector() -> None:
    """What is signed comes out byte for byte."""
    message = subtree_message(W2.name, TEXT, TIME)
    assert message.hex() == VECTOR["cosigned_message hex"]


def test_the_signature_of_the_vector_holds() -> None:
    """A line of this kind is verified once its key is known, and gives its time."""
    (line,) = open_note(NOTE, [W2]).verified
    assert (line.time, line.verifier, line.text) == (TIME, W2, VECTOR["note line"])


def test_a_fresh_signature_holds() -> None:
    """Another signature by the same key verifies too, at its own time."""
    note = open_note(signed(TIME + 1), [LOG.verifier, W2])
    assert [line.time for line in note.verified] == [None, TIME + 1]


@settings(max_examples=25)
@given(st.integers(0, len(SIGNATURE) * 8 - 1))
def test_a_flipped_bit_is_refused(bit: int) -> None:
    """One changed bit of time or signature spoils the line."""
    line = SignatureLine(W2.name, W2.key_id, flip(SIGNATURE, bit))
    with pytest.raises(NoteError):
        open_note(VECTORS["checkpoint"].encode() + line.text.encode(), [W2])


@pytest.mark.parametrize("length", [1, 8, 9, 72, 2427])
def test_a_short_signature_is_refused(length: int) -> None:
    """A line that was cut off is not believed."""
    line = SignatureLine(W2.name, W2.key_id, SIGNATURE[:length])
    with pytest.raises(NoteError):
        open_note(VECTORS["checkpoint"].encode() + line.text.encode(), [W2])


@pytest.mark.parametrize("time", [0, 2**63])
def test_a_tree_is_signed_at_a_time(time: int) -> None:
    """Zero, which subtrees have, and times beyond 2^63-1 are refused for a whole tree."""
    with pytest.raises(NoteError) as caught:
        open_note(signed(time), [W2])
    assert caught.value.code == "time_out_of_range"


NO_CHECKPOINTS = {
    "one line": "one line\n",
    "two lines": "o\n1\n",
    "a leading zero": "o\n01\n" + "A" * 43 + "=\n",
    "a short root": "o\n1\nAAAA\n",
    "a root without padding": "o\n1\n" + "A" * 43 + "\n",
    "no origin": "\n1\n" + "A" * 43 + "=\n",
    "a long origin": "o" * 256 + "\n1\n" + "A" * 43 + "=\n",
}


@pytest.mark.parametrize("name", NO_CHECKPOINTS)
def test_only_checkpoints_are_signed_so(name: str) -> None:
    """A text that is no checkpoint has no message of this kind."""
    with pytest.raises(FormatError):
        subtree_message(W2.name, NO_CHECKPOINTS[name], TIME)


@pytest.mark.parametrize("size", [0, 31, 32, 1311, 1313])
def test_keys_of_another_length_are_refused(size: int) -> None:
    """A vkey of type 0x06 has 1312 bytes, one of another type never."""
    with pytest.raises(NoteError):
        Verifier("w", ML_DSA_44, bytes(size))
    with pytest.raises(NoteError):
        Verifier("w", 0x04, W2.public_key)
    with pytest.raises(NoteError):
        Verifier.parse(f"w+00000000+{to_base64(bytes([ML_DSA_44]) + bytes(size))}")


def test_a_policy_can_ask_for_it() -> None:
    """A witness of a policy may have such a key."""
    policy = parse_policy(f"witness w {W2.vkey}\nquorum w\n".encode())
    assert policy.satisfied(open_note(NOTE, [W2]).verified)
    assert not policy.satisfied(open_note(NOTE, [LOG.verifier]).verified)
