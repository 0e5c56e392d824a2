# SPDX-License-Identifier: Apache-2.0
"""Reading a receipt code as people type it, and finding one in a free text.

Read are the three spellings, one at a time: digits with or without gaps, Chinese words in
either script or both, English words in any case. Between symbols anything may stand that
is neither a letter nor a digit. Nothing here may repeat a text, not even in an error.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product

from tuidang.pure import words
from tuidang.pure.receipt.codes import SYMBOLS, CheckedRow, Code, CodeError

# Far beyond the longest code with generous gaps, and too short to keep a server busy.
MAX_TYPED = 1_000

_GROUP = 4
# Marks that pages and chats leave inside words, where the eye cannot see them.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
# Arabic ligatures grow up to eighteenfold when they are unfolded, and stand in no spelling.
_LIGATURES = re.compile("[\ufb50-\ufdff]+")
_TOKEN = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_NOT_HAN = re.compile("[^\u3400-\u9fff]+")


def parse_code(text: str) -> Code:
    """Read a receipt code in any of its spellings, or raise CodeError."""
    if len(text) > MAX_TYPED:
        raise CodeError("unreadable")
    tokens = _TOKEN.findall(_plain(text))
    joined = "".join(tokens)
    if not joined.isascii():
        symbols = _read_chinese(joined)
    elif joined.isdigit():
        symbols = _read_digits(tokens)
    else:
        symbols = [_english_numbers().get(token) for token in tokens]
    read = [symbol for symbol in symbols if symbol is not None]
    if len(read) != len(symbols):
        raise CodeError("unreadable")
    return Code.from_symbols(read)


def contains_code(text: str) -> bool:
    """Say whether a free text holds a receipt code in any of its spellings.

    Each spelling is looked for by itself and skips what belongs to the others, so that
    numbering, punctuation or a remark between two groups hides nothing. Prose passes: nine
    listed words in a row are rare in it, and then the check symbol would have to agree too.
    """
    plain = _plain(text)
    return (
        _holds_code(map(_english_numbers().get, _LATIN.findall(plain)))
        or _holds_code(map(_bare_numbers().get, _TOKEN.findall(plain)))
        or _holds_groups(_NOT_HAN.sub("", plain), 2, _chinese_numbers())
        or _holds_groups(_NOT_DIGITS.sub("", plain), _GROUP, _four_digit_numbers())
    )


def _plain(text: str) -> str:
    """Fold full-width forms, case and invisible marks; nothing else is like another."""
    unfolded = unicodedata.normalize("NFKC", _LIGATURES.sub("?", text))
    return _INVISIBLE.sub("", unfolded).lower()


def _read_digits(tokens: list[str]) -> list[int | None]:
    """Read 36 digits however they are cut, or nine numbers whose leading zeros were left out."""
    joined = "".join(tokens)
    if len(joined) == SYMBOLS * _GROUP:
        tokens = [joined[at : at + _GROUP] for at in range(0, len(joined), _GROUP)]
    return [_digit_symbol(token) for token in tokens]


def _digit_symbol(token: str) -> int | None:
    if len(token) > _GROUP or not 1 <= int(token) <= words.SIZE:
        return None
    return int(token) - 1


def _read_chinese(joined: str) -> list[int | None]:
    numbers = _chinese_numbers()
    return [numbers.get(joined[at : at + 2]) for at in range(0, len(joined), 2)]


def _holds_groups(letters: str, width: int, numbers: Mapping[str, int]) -> bool:
    """Look for a code in letters cut into groups, wherever the first group starts."""
    groups = [numbers.get(letters[at : at + width]) for at in range(len(letters))]
    return any(_holds_code(groups[start::width]) for start in range(width))


def _holds_code(symbols: Iterable[int | None]) -> bool:
    """Say whether nine symbols in a row agree with their check symbol."""
    row = CheckedRow()
    return any(row.closes_code(symbol) for symbol in symbols)


@cache
def _english_numbers() -> dict[str, int]:
    return {word: number for number, word in enumerate(words.english())}


@cache
def _chinese_numbers() -> dict[str, int]:
    """Number each word in both scripts, and in a mixture of them inside one word."""
    return {
        first + second: number
        for number, (simplified, traditional) in enumerate(words.chinese())
        for first, second in product(*zip(simplified, traditional, strict=True))
    }


@cache
def _four_digit_numbers() -> dict[str, int]:
    return {f"{number + 1:04}": number for number in range(words.SIZE)}


@cache
def _bare_numbers() -> dict[str, int]:
    """Number groups that stand apart, with their leading zeros or without.

    One digit alone is left out: rows of them are counting, not codes.
    """
    bare = {str(number + 1): number for number in range(9, words.SIZE)}
    return bare | _four_digit_numbers()
