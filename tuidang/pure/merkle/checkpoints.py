# SPDX-License-Identifier: Apache-2.0
"""Checkpoints: what a log commits to, as the text of a signed note.

Reads and writes the text and makes cosignatures. It must never sign anything as the log
itself, and never put a tally into an extension line: cosigners do not all sign those.

Source: C2SP tlog-checkpoint v1.0.0 and tlog-cosignature v1.0.1, in `transparency-log.md`
sections 7 and 8. A cosignature is verified by `notes.open_note` with a verifier of type
0x04, which gives its time.
"""

from dataclasses import dataclass

from tuidang.pure.merkle.canonical import from_base64, from_decimal, to_base64, to_utf8
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.hashes import EMPTY_ROOT, HASH_SIZE
from tuidang.pure.merkle.signatures import SignatureLine, Signer, cosignature_message

MAX_SIZE = 2**63 - 1


class CheckpointError(FormatError):
    """The text of a note is not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: origin, number of leaves, 32-byte root, and extension lines (none, by us)."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(_is_line(line) for line in (self.origin, *self.extensions)):
            raise CheckpointError("checkpoint_line", "a line is empty or holds a line break")
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise CheckpointError("checkpoint_range", "size or root is out of range")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise CheckpointError("empty_root_expected", "an empty log has the empty root")

    @property
    def text(self) -> str:
        """The text to be signed, with its final newline."""
        lines = (self.origin, str(self.size), to_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint of a note's text; CheckpointError unless canonical."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop():
        raise CheckpointError("checkpoint_lines", "a checkpoint has three lines or more")
    origin, size, root, *extensions = lines
    try:
        number, digest = from_decimal(size, MAX_SIZE), from_base64(root)
    except FormatError as error:
        raise CheckpointError(error.code, error.message) from error
    return Checkpoint(origin, number, digest, tuple(extensions))


def cosign(checkpoint_text: str, signer: Signer, posix_seconds: int) -> str:
    """Return the signature line by which a cosigner says when it saw this checkpoint.

    The line belongs to `signer.cosignature_vkey`. Whoever calls this must know that no
    larger or inconsistent checkpoint of this origin was cosigned before. Raises
    CheckpointError for a text that is no checkpoint, NoteError for a time out of range.
    """
    text = parse_checkpoint(checkpoint_text).text
    message = to_utf8(cosignature_message(text, posix_seconds))
    stamped = posix_seconds.to_bytes(8, "big") + signer.sign_bytes(message)
    return SignatureLine(signer.name, signer.cosignature_verifier.key_id, stamped).text


def _is_line(line: str) -> bool:
    """Say whether a note can hold this as a line that is not empty."""
    try:
        to_utf8(line)
    except FormatError:
        return False
    return line != "" and all(char >= " " for char in line)
