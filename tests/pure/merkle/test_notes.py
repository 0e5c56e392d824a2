# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signed notes and the keys that sign them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pure.merkle.samples import (
    LOG,
    NEUMANN,
    NEUMANN_PRIVATE,
    VECTORS,
    WITNESS,
    flip,
)
from tuidang.pure.merkle.notes import (
    NoteError,
    Signer,
    Verifier,
    assemble_note,
    open_note,
    sign_note,
    split_note,
)

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfX"
    "ppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
ML_DSA_LINE = VECTORS["mldsa44"]["note line"]
NOTE = sign_note("sample\n", [LOG])
TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60).map(
    lambda text: text + "\n"
)
SEEDS = st.binary(min_size=32, max_size=32)


def code_of(data: bytes, *verifiers: Verifier) -> str:
    """Return why a note is refused."""
    with pytest.raises(NoteError) as caught:
        open_note(data, verifiers)
    return caught.value.code


def test_the_published_example_opens() -> None:
    """The example of the signed-note specification opens with its published key."""
    note = open_note(EXAMPLE.encode(), [Verifier.parse(EXAMPLE_KEY)])
    assert note.text == "This is an example message.\n"
    assert [line.text for line in note.verified] == [EXAMPLE.split("\n\n")[1]]


def test_keys_are_those_of_other_implementations() -> None:
    """Go's private key text gives Go's vkey, and ours give those of the vectors."""
    signer = Signer.parse(NEUMANN_PRIVATE)
    assert signer.vkey == Verifier.parse(NEUMANN).vkey == NEUMANN
    assert signer.private_text == NEUMANN_PRIVATE
    assert LOG.vkey == VECTORS["log vkey"]
    assert WITNESS.cosignature_vkey == VECTORS["witness vkey"]


@pytest.mark.parametrize("vkey", [NEUMANN, VECTORS["log vkey"], VECTORS["witness vkey"]])
def test_no_part_of_a_vkey_is_a_vkey(vkey: str) -> None:
    """Every substring and every single-character increment of a vkey is refused."""
    for changed in damaged(vkey):
        with pytest.raises(NoteError):
            Verifier.parse(changed)


def test_no_part_of_a_private_key_is_one() -> None:
    """Every substring and every single-character increment of a private key is refused."""
    for changed in damaged(NEUMANN_PRIVATE):
        with pytest.raises(NoteError):
            Signer.parse(changed)


def damaged(text: str) -> list[str]:
    """Return all proper substrings and single-character increments."""
    length = len(text)
    parts = [text[a:b] for a in range(length) for b in range(a, length + 1) if b - a < length]
    bumped = [text[:at] + chr(ord(text[at]) + 1) + text[at + 1 :] for at in range(length)]
    return [*parts, *bumped]


def test_the_seed_is_never_printed() -> None:
    """A signer that ends up in a message does not give its key away."""
    shown = repr(Signer.parse(NEUMANN_PRIVATE))
    assert "seed" not in shown
    assert "PeterNeumann" in shown


@given(TEXTS, SEEDS)
def test_notes_round_trip(text: str, seed: bytes) -> None:
    """Any text a note can hold comes back unchanged, with its signer."""
    signer = Signer("sample.example/key", seed)
    note = open_note(sign_note(text, [signer, LOG]), [signer.verifier])
    assert note.text == text
    assert [line.verifier for line in note.verified] == [signer.verifier]
    assert [line.name for line in note.unknown] == [LOG.name]
    assert note.by(signer.verifier) == note.verified
    assert note.by(LOG.verifier) == ()


@given(st.integers(0, len(NOTE) * 8 - 1))
def test_every_flipped_bit_of_a_note_is_refused(bit: int) -> None:
    """A note with one bit changed anywhere no longer opens."""
    with pytest.raises(NoteError):
        open_note(flip(NOTE, bit), [LOG.verifier])


@pytest.mark.parametrize("cut", range(len(NOTE)))
def test_no_beginning_of_a_note_is_a_note(cut: int) -> None:
    """A note that was cut off anywhere is refused."""
    with pytest.raises(NoteError):
        open_note(NOTE[:cut], [LOG.verifier])


def test_lines_of_unknown_keys_are_ignored() -> None:
    """An ML-DSA cosignature, which is not read here, does no harm and is reported."""
    data = VECTORS["checkpoint"].encode() + ML_DSA_LINE.encode()
    note = open_note(data, [LOG.verifier])
    assert [line.name for line in note.unknown] == [WITNESS.name, "witness.example.org/w2"]
    assert note.unknown[1].text == ML_DSA_LINE


def test_a_known_line_that_fails_spoils_the_note() -> None:
    """A bad line of a trusted key is an error even beside a good one of another."""
    other = Signer(LOG.name, bytes(32))
    foreign = sign_note("another text\n", [LOG]).decode().split("\n\n")[1]
    data = assemble_note("sample\n", [other.sign_text("sample\n"), foreign])
    assert code_of(data, other.verifier, LOG.verifier) == "signature_invalid"
    assert open_note(data, [other.verifier]).text == "sample\n"


def test_a_note_needs_a_known_signature() -> None:
    """Without a key that the caller knows nothing is opened."""
    assert code_of(NOTE, WITNESS.verifier) == "signature_unknown"
    assert code_of(NOTE) == "signature_unknown"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"sample\n", "note_malformed"),
        (b"sample\n\n", "note_malformed"),
        (NOTE[:-1], "note_malformed"),
        (NOTE.replace(b"sample", b"sam\rle"), "note_malformed"),
        (NOTE.replace(b"sample", b"sam\xffle"), "utf8_invalid"),
        (NOTE.replace("—".encode(), b"-"), "line_malformed"),
        (b"sample\n\n" + "— name AAAAAA==\n".encode(), "line_malformed"),
        (b"sample\n\n" + "— na+me AAAAAAAA\n".encode(), "key_name"),
        (b"sample\n\n" + "—  AAAAAAAA\n".encode(), "key_name"),
        (b"sample\n\n" + "— name AAAAAAB=\n".encode(), "base64_not_canonical"),
        (b"sample\n\n" + "— name AAAA AAAA\n".encode(), "base64_invalid"),
        (NOTE + NOTE.split(b"\n\n")[1] * 100, "note_too_long"),
        (b"x" * 1_000_001, "note_too_long"),
    ],
)
def test_malformed_notes_say_what_is_wrong(data: bytes, code: str) -> None:
    """Each way of being no note is refused with its own code."""
    assert code_of(data, LOG.verifier) == code


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "bell\a\n", "\ud800\n"])
def test_texts_that_no_note_can_hold_are_not_signed(text: str) -> None:
    """Control characters, lone surrogates and a missing last newline are refused."""
    with pytest.raises(NoteError):
        LOG.sign_text(text)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\n", "a\u3000b", "\ud800"])
def test_names_that_no_key_can_have(name: str) -> None:
    """Names that could be mistaken in a note or a vkey are refused."""
    with pytest.raises(NoteError) as caught:
        Signer(name, bytes(32))
    assert caught.value.code == "key_name"


def test_a_note_is_not_made_without_signatures() -> None:
    """A note that nobody could open is not made."""
    with pytest.raises(NoteError):
        sign_note("sample\n", [])


def test_keys_of_other_types_are_refused() -> None:
    """A key type that is not supported here is not taken for another one."""
    with pytest.raises(NoteError) as caught:
        Verifier("sample", 0x02, bytes(32))
    assert caught.value.code == "key_type"
    with pytest.raises(NoteError) as caught:
        Signer("sample", bytes(31))
    assert caught.value.code == "seed_length"


def test_a_text_with_empty_lines_is_split_at_the_last() -> None:
    """Empty lines belong to the text; only the last one ends it."""
    text = "one\n\n\ntwo\n\n"
    assert split_note(sign_note(text, [LOG]))[0] == text


def test_what_is_just_large_enough_is_read() -> None:
    """A hundred lines, a signature of one byte and a note of a million bytes are no error."""
    text, line = NOTE.decode().split("\n\n")
    short = "— sample AAAAAAA=\n"
    assert len(split_note(f"{text}\n\n{short}{line * 99}".encode())[1]) == 100
    filled = NOTE.replace(b"sample", b"x" * (1_000_006 - len(NOTE)))
    assert len(filled) == 1_000_000
    assert split_note(filled)[1][0].text == line
