# SPDX-License-Identifier: Apache-2.0
"""Reading a receipt code as people type it, and finding one in a free text.

Read are the three spellings, one at a time: digits with or without gaps, Chinese words in
either script or both, English words in any case. Between symbols anything may stand that
is neither a letter nor a digit. Nothing here may repeat a text, not even in an error.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from itertools import product

from tuidang.pure import words
from tuidang.pure.receipt.codes import SYMBOLS, Code, CodeError, check_holds

# Far beyond the longest code with generous gaps, and too short to keep a server busy.
MAX_TYPED = 1_000

_GROUP = 4
# Marks that pages and chats leave inside words, where the eye cannot see them.
_INVISIBLE = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])
_TOKEN = re.compile(r"[^\W_]+")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_NOT_HAN = re.compile("[^\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]+")
_NUMBERS_IN_A_ROW = re.compile(r"[0-9]+(?:[\W_]+[0-9]+){8,}")


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
        _contains_digits(plain)
        or _contains_chinese(_NOT_HAN.sub("", plain))
        or _holds_code(_english_numbers().get(token) for token in _LATIN.findall(plain))
    )


def _plain(text: str) -> str:
    """Fold full-width forms, case and invisible marks; nothing else is like another."""
    return unicodedata.normalize("NFKC", text).translate(_INVISIBLE).lower()


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


def _contains_digits(plain: str) -> bool:
    digits = _NOT_DIGITS.sub("", plain)
    symbols = [_digit_symbol(digits[at : at + _GROUP]) for at in range(len(digits) - _GROUP + 1)]
    if any(_holds_code(symbols[start::_GROUP]) for start in range(_GROUP)):
        return True
    rows = (_TOKEN.findall(row) for row in _NUMBERS_IN_A_ROW.findall(plain))
    return any(_holds_code(_plausible_symbol(number) for number in row) for row in rows)


def _plausible_symbol(number: str) -> int | None:
    """Read a number without leading zeros; a row of small numbers is a table, not a code."""
    return _digit_symbol(number) if len(number) > 1 else None


def _contains_chinese(han: str) -> bool:
    return any(_holds_code(_read_chinese(han[start:])) for start in range(2))


def _holds_code(symbols: Iterable[int | None]) -> bool:
    """Say whether nine symbols in a row agree with their check symbol."""
    row: list[int] = []
    for symbol in symbols:
        if symbol is None:
            row.clear()
            continue
        row.append(symbol)
        if len(row) >= SYMBOLS and check_holds(row[-SYMBOLS:]):
            return True
    return False


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
