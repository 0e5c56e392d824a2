# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes that only a word opens: a finished certificate, and the opening of a link.

The receipt code may be found with a seized phone; what says the legal name is therefore locked
once more. The key comes from the word by scrypt (RFC 7914), so that a wrong word costs the
guesser, and nobody else: there is no lockout. This room must never keep a word.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.conf import settings

from tuidang.pure.receipt import Code, contains_code
from tuidang.registry.certificates.errors import WordUnfit, WrongWord
from tuidang.registry.vault.errors import Unopenable
from tuidang.registry.vault.wrapping import KEY_BYTES, SALT_BYTES, lock, unlock

COST = 15  # 2^15 blocks of 1 KiB: 32 MiB and about 100 ms
MIN_WORD, MAX_WORD = 4, 100
_CONTEXT = b"tuidang/certificates/word-box/v1"
_BLOCK, _LANES = 8, 1


@dataclass(frozen=True, slots=True, repr=False)
class WordKey:
    """A key from a word: its 32 bytes, and the cost and salt with which it came about."""

    key: bytes
    salt: bytes
    cost: int

    @classmethod
    def new(cls, word: str) -> Self:
        """Return a key under a fresh salt."""
        return cls.of(word, secrets.token_bytes(SALT_BYTES), cost())

    @classmethod
    def of(cls, word: str, salt: bytes, cost_: int) -> Self:
        """Return the key that this word gives."""
        return cls(_stretch(plain_word(word), salt, cost_), salt, cost_)

    @classmethod
    def from_list(cls, found: Sequence[Any]) -> Self:
        """Return the key that `to_list` wrote down."""
        key, salt, cost_ = found
        return cls(bytes.fromhex(key), bytes.fromhex(salt), cost_)

    def to_list(self) -> list[Any]:
        """Write the key down, to be sealed: `[key, salt, cost]`."""
        return [self.key.hex(), self.salt.hex(), self.cost]

    def lock(self, plaintext: bytes) -> bytes:
        """Lock bytes: u8 cost, the salt, then the box."""
        return bytes([self.cost]) + self.salt + lock(self.key, plaintext, _CONTEXT)


class WordOpener:
    """Opens boxes with one word; boxes under one salt cost no more than one."""

    def __init__(self, word: str) -> None:
        self._word = word
        self._keys: dict[tuple[bytes, int], bytes] = {}

    def open(self, locked: bytes) -> bytes:
        """Return what a box holds, or raise WrongWord."""
        cost_, salt, box = locked[0], locked[1 : 1 + SALT_BYTES], locked[1 + SALT_BYTES :]
        if (salt, cost_) not in self._keys:
            self._keys[salt, cost_] = WordKey.of(self._word, salt, cost_).key
        try:
            return unlock(self._keys[salt, cost_], box, _CONTEXT)
        except Unopenable:
            raise WrongWord from None


def cost() -> int:
    """Return the cost of new boxes, as a power of two; each keeps its own."""
    return int(getattr(settings, "SECOND_WORD_COST", COST))


def plain_word(word: str) -> str:
    """Fold what typing on another keyboard changes: full-width forms, case, white space."""
    return " ".join(unicodedata.normalize("NFKC", word).casefold().split())


def check_word(word: str, code: Code) -> None:
    """Raise WordUnfit for a word of fewer than 4 characters, and for a part of the code."""
    plain = plain_word(word)
    if not MIN_WORD <= len(plain) <= MAX_WORD or contains_code(plain):
        raise WordUnfit
    spellings = (code.digits(), code.english(), code.chinese(), code.chinese(traditional=True))
    symbols = {symbol for spelling in spellings for symbol in spelling.split()}
    joined = {spelling.replace(" ", "") for spelling in spellings}
    bare = plain.replace(" ", "")
    if set(plain.split()) <= symbols or any(bare in spelling for spelling in joined):
        raise WordUnfit


def _stretch(word: str, salt: bytes, cost_: int) -> bytes:
    memory = 2 * 128 * _BLOCK << cost_  # OpenSSL asks for a little more than it says
    return hashlib.scrypt(
        word.encode(), salt=salt, n=1 << cost_, r=_BLOCK, p=_LANES, maxmem=memory, dklen=KEY_BYTES
    )
