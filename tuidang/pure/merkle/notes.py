# SPDX-License-Identifier: Apache-2.0
"""Signed notes: a text, and lines that say who signed it.

Opening a note raises unless at least one key that the caller trusts has signed, and as
soon as a line of a trusted key does not verify. It must never decide which keys to trust,
nor treat an unknown line as an error: others may sign too.

Source: C2SP signed-note v1.0.0, in `transparency-log.md` section 6.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tuidang.pure.merkle.canonical import from_utf8
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.signatures import (
    LINE_START,
    NoteError,
    SignatureLine,
    Signer,
    VerifiedLine,
    Verifier,
    check_name,
    check_text,
    decode_base64,
    has_control,
)

__all__ = [
    "NoteError",
    "OpenedNote",
    "SignatureLine",
    "Signer",
    "VerifiedLine",
    "Verifier",
    "assemble_note",
    "open_note",
    "sign_note",
    "split_note",
]

MAX_NOTE_SIZE = 1_000_000
MAX_SIGNATURES = 100


@dataclass(frozen=True, slots=True)
class OpenedNote:
    """The text of a note, the lines that were checked, and those of unknown keys."""

    text: str
    verified: tuple[VerifiedLine, ...]
    unknown: tuple[SignatureLine, ...]

    def by(self, verifier: Verifier) -> tuple[VerifiedLine, ...]:
        """Return this key's lines, none if it did not sign."""
        return tuple(line for line in self.verified if line.verifier == verifier)


def sign_note(text: str, signers: Iterable[Signer]) -> bytes:
    """Return the note: the text and a line of each signer; NoteError without any."""
    lines = [signer.sign_text(text) for signer in signers]
    return assemble_note(text, lines)


def assemble_note(text: str, lines: Iterable[str]) -> bytes:
    """Return the note made of a text and finished signature lines, which are not verified.

    Raises NoteError unless the result can be opened by someone who knows a key.
    """
    data = check_text(text) + b"\n" + "".join(lines).encode()
    split_note(data)
    return data


def open_note(data: bytes, verifiers: Iterable[Verifier]) -> OpenedNote:
    """Return a note that at least one of the verifiers' keys has signed.

    Raises NoteError for anything that is not canonical, for a known line that fails, and
    if nobody known has signed.
    """
    text, lines = split_note(data)
    known = {(each.name, each.key_id): each for each in verifiers}
    verified: list[VerifiedLine] = []
    unknown: list[SignatureLine] = []
    for line in lines:
        verifier = known.get((line.name, line.key_id))
        if verifier is None:
            unknown.append(line)
        else:
            verified.append(verifier.verify(text, line))
    if not verified:
        raise NoteError("signature_unknown", "nobody whose key is known has signed")
    return OpenedNote(text, tuple(verified), tuple(unknown))


def split_note(data: bytes) -> tuple[str, list[SignatureLine]]:
    """Return text and signature lines, nothing verified; NoteError unless well formed."""
    if len(data) > MAX_NOTE_SIZE:
        raise NoteError("note_too_long", "the note is too long")
    try:
        whole = from_utf8(data)
    except FormatError as error:
        raise NoteError(error.code, error.message) from error
    text, separator, block = whole.rpartition("\n\n")
    if not separator or not block.endswith("\n") or has_control(whole):
        raise NoteError("note_malformed", "not a signed note")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise NoteError("note_too_long", "the note has too many signatures")
    return text + "\n", [_parse_line(line) for line in lines]


def _parse_line(line: str) -> SignatureLine:
    name, _, encoded = line.removeprefix(LINE_START).partition(" ")
    if not line.startswith(LINE_START):
        raise NoteError("line_malformed", "not a signature line")
    check_name(name)
    data = decode_base64(encoded)
    if len(data) < 5:
        raise NoteError("line_malformed", "not a signature line")
    return SignatureLine(name, data[:4], data[4:])
