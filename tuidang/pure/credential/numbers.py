# SPDX-License-Identifier: Apache-2.0
"""Numbers of certificates: eleven random characters and one that checks them.

A number must never carry a date or an order, and must be given random bytes from outside. The
check guards against slips of the pen: with a weight of its own for each place in GF(2^5), any
one wrong character and any two swapped ones are always noticed.

Source: `certificates.md` section 1. The alphabet is Crockford's base32.
"""

from tuidang.pure.merkle.errors import FormatError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
RANDOM_BYTES = 8

_POLYNOMIAL = 0b10_0101  # x^5 + x^2 + 1, of which x has order 31
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"I": 1, "L": 1, "O": 0}
_BETWEEN = str.maketrans("", "", " -\u00a0\u2010\u2011\u3000\t\r\n")


class NumberError(FormatError):
    """A text is no number of a certificate.

    `code` is number_length, number_character or number_check (one character is wrong, or two
    are swapped). The text is never repeated.
    """


def number_from(random: bytes) -> str:
    """Return the number made of 8 random bytes (55 of their bits): 12 characters, no hyphens."""
    if len(random) != RANDOM_BYTES:
        raise ValueError(f"a number comes from {RANDOM_BYTES} random bytes")
    drawn = int.from_bytes(random)
    symbols = [drawn >> 5 * place & 31 for place in range(LENGTH - 1)]
    return _text([*symbols, _check_symbol(symbols)])


def read_number(text: str) -> str:
    """Return a number as somebody typed it: any case, spaces or hyphens; I, L are 1, O is 0.

    Raises NumberError, for a slip of the pen too.
    """
    typed = text.translate(_BETWEEN).upper()
    if len(typed) != LENGTH:
        raise NumberError("number_length", "a number has twelve characters")
    try:
        symbols = [_VALUES[char] for char in typed]
    except KeyError:
        raise NumberError("number_character", "a character that no number has") from None
    if _check_symbol(symbols[:-1]) != symbols[-1]:
        raise NumberError("number_check", "a character is wrong, or two are swapped")
    return _text(symbols)


def is_number(text: str) -> bool:
    """Say whether a text is a number in its one stored spelling."""
    if len(text) != LENGTH:
        return False
    total = 0
    try:
        for weighted, char in zip(_WEIGHTED, text, strict=True):
            total ^= weighted[char]
    except KeyError:
        return False
    return total == 0


def shown(number: str) -> str:
    """Return a number as people read it: XXXX-XXXX-XXXX."""
    return "-".join(number[start : start + 4] for start in range(0, LENGTH, 4))


def _text(symbols: list[int]) -> str:
    return "".join(ALPHABET[symbol] for symbol in symbols)


def _check_symbol(symbols: list[int]) -> int:
    """Sum x^i times symbol i, i from 1, by Horner's rule from the last symbol back."""
    total = 0
    for symbol in reversed(symbols):
        doubled = (total ^ symbol) << 1
        total = doubled ^ _POLYNOMIAL if doubled > 31 else doubled
    return total


# For each place what each character adds to the sum; the check character adds itself.
_WEIGHTED = [
    {char: _check_symbol([0] * place + [value]) for value, char in enumerate(ALPHABET)}
    for place in range(LENGTH - 1)
] + [{char: value for value, char in enumerate(ALPHABET)}]
