# SPDX-License-Identifier: Apache-2.0
"""Keys with names, and the lines by which they sign notes.

A verifier raises for a line that does not hold. Nothing here decides whom to trust, and a
seed must never appear in a `repr` or an error.

Source: C2SP signed-note v1.0.0 and tlog-cosignature v1.0.1, in `transparency-log.md`
sections 6 and 8. The text of private keys is that of Go's golang.org/x/mod/sumdb/note.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from tuidang.pure.merkle.canonical import from_base64, to_base64, to_utf8
from tuidang.pure.merkle.errors import FormatError
from tuidang.pure.merkle.subtrees import PUBLIC_KEY_SIZE, subtree_message
from tuidang.pure.merkle.subtrees import verify as verify_ml_dsa

ED25519 = 0x01
COSIGNATURE = 0x04
ML_DSA_44 = 0x06
KEY_SIZES = {ED25519: 32, COSIGNATURE: 32, ML_DSA_44: PUBLIC_KEY_SIZE}
MAX_TIME = 2**63 - 1
_PRIVATE = "PRIVATE+KEY+"
_KEY_ID = re.compile(r"[0-9a-f]{8}\Z")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
LINE_START = "— "


class NoteError(FormatError):
    """A note, a key or a signature was refused."""


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line below a note: who claims to have signed, and the signature bytes."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def text(self) -> str:
        """The line as it stands in the note, with its newline."""
        return f"{LINE_START}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class VerifiedLine(SignatureLine):
    """A line whose signature was checked; `time` (POSIX seconds) on cosignatures only."""

    verifier: "Verifier"
    time: int | None


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key with a name: Ed25519 (0x01), or of timestamped cosignatures, which are
    Ed25519 (0x04) or ML-DSA-44 (0x06)."""

    name: str
    kind: int
    public_key: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        if KEY_SIZES.get(self.kind) != len(self.public_key):
            raise NoteError("key_type", "not a key type that is supported here")

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Return the verifier of a vkey text; NoteError unless canonical and supported."""
        name, _, rest = vkey.partition("+")
        key_id, _, encoded = rest.partition("+")
        kind, public_key = _parse_key(encoded)
        verifier = cls(name, kind, public_key)
        if not _KEY_ID.match(key_id) or verifier.key_id.hex() != key_id:
            raise NoteError("key_id", "key id and key do not belong together")
        return verifier

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name, newline, type, public key)."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public_key
        return hashlib.sha256(named).digest()[:4]

    @property
    def vkey(self) -> str:
        """The text by which this key is published."""
        encoded = to_base64(bytes([self.kind]) + self.public_key)
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def verify(self, text: str, line: SignatureLine) -> VerifiedLine:
        """Return the line as verified, with its time if it has one; NoteError if it fails."""
        signature, time = line.signature, None
        if self.kind != ED25519:
            time = check_time(int.from_bytes(signature[:8], "big"))
            signature = signature[8:]
        try:
            self._check(text, time, signature)
        except (InvalidSignature, ValueError) as error:
            raise NoteError("signature_invalid", "the line of a known key fails") from error
        return VerifiedLine(line.name, line.key_id, line.signature, self, time)

    def _check(self, text: str, time: int | None, signature: bytes) -> None:
        if time is not None and self.kind == ML_DSA_44:
            verify_ml_dsa(self.public_key, signature, subtree_message(self.name, text, time))
            return
        message = text if time is None else cosignature_message(text, time)
        public = Ed25519PublicKey.from_public_bytes(self.public_key)
        public.verify(signature, to_utf8(message))


@dataclass(frozen=True, slots=True)
class Signer:
    """A named Ed25519 key that signs notes; `seed` is 32 bytes, and never printed."""

    name: str
    seed: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        if len(self.seed) != 32:
            raise NoteError("seed_length", "a seed is 32 bytes long")

    @classmethod
    def parse(cls, private_text: str) -> Self:
        """Return the signer of a `PRIVATE+KEY+…` text; NoteError unless canonical."""
        if not private_text.startswith(_PRIVATE):
            raise NoteError("private_key", "not the text of a private key")
        name, _, rest = private_text.removeprefix(_PRIVATE).partition("+")
        key_id, _, encoded = rest.partition("+")
        kind, seed = _parse_key(encoded)
        signer = cls(name, seed)
        if kind != ED25519 or signer.verifier.key_id.hex() != key_id:
            raise NoteError("key_id", "key id and key do not belong together")
        return signer

    @property
    def private_text(self) -> str:
        """The secret text from which `parse` makes this signer again."""
        encoded = to_base64(bytes([ED25519]) + self.seed)
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{encoded}"

    @property
    def verifier(self) -> Verifier:
        """The public half, for `sign_text`."""
        return Verifier(self.name, ED25519, self._public_key)

    @property
    def cosignature_verifier(self) -> Verifier:
        """The public half, for cosignatures: another type, so another key id."""
        return Verifier(self.name, COSIGNATURE, self._public_key)

    @property
    def vkey(self) -> str:
        """The text by which the key for `sign_text` is published."""
        return self.verifier.vkey

    @property
    def cosignature_vkey(self) -> str:
        """The text by which the key for cosignatures is published."""
        return self.cosignature_verifier.vkey

    @property
    def _public_key(self) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()

    def sign_bytes(self, message: bytes) -> bytes:
        """Return the bare 64-byte signature; the caller keeps messages apart by a prefix."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)

    def sign_text(self, text: str) -> str:
        """Return the signature line for a note's text; NoteError for text a note cannot hold."""
        signature = self.sign_bytes(check_text(text))
        return SignatureLine(self.name, self.verifier.key_id, signature).text


def cosignature_message(text: str, time: int) -> str:
    """Return what a cosigner signs; NoteError for a time that is zero or out of range."""
    return f"cosignature/v1\ntime {check_time(time)}\n{text}"


def check_time(time: int) -> int:
    """Return the time of a cosignature on a whole tree; NoteError if zero or out of range."""
    if not 0 < time <= MAX_TIME:
        raise NoteError("time_out_of_range", "the time of a cosignature is out of range")
    return time


def _parse_key(encoded: str) -> tuple[int, bytes]:
    data = decode_base64(encoded)
    if not data:
        raise NoteError("key_length", "a key of no bytes")
    return data[0], data[1:]


def decode_base64(encoded: str) -> bytes:
    """Return the bytes of canonical base64; NoteError for any other text."""
    try:
        return from_base64(encoded)
    except FormatError as error:
        raise NoteError(error.code, error.message) from error


def check_name(name: str) -> None:
    """Check that a key can have this name; raises NoteError."""
    bad = any(char.isspace() or char == "+" or char < " " for char in name)
    if not name or bad or not _is_utf8(name):
        raise NoteError("key_name", "not the name of a key")


def check_text(text: str) -> bytes:
    """Return the UTF-8 of a text that a note can hold; NoteError for any other."""
    if not text.endswith("\n") or has_control(text) or not _is_utf8(text):
        raise NoteError("note_malformed", "not a text that a note can hold")
    return text.encode()


def _is_utf8(text: str) -> bool:
    try:
        to_utf8(text)
    except FormatError:
        return False
    return True


def has_control(text: str) -> bool:
    """Say whether a text holds a control character that is not a line feed."""
    return _CONTROL.search(text) is not None
