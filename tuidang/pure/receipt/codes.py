# SPDX-License-Identifier: Apache-2.0
"""One receipt code: nine symbols of 11 bits, the last of which checks the others.

The check is a sum over GF(2^11), in which position i weighs x^i. The nine weights differ,
so one wrong symbol and two swapped ones never pass (intake spec, section 2). It guards
against slips of the pen and must never be taken for a secret.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tuidang.pure import words

SYMBOLS = 9
SYMBOL_BITS = 11
RANDOM_BYTES = 11

_FIELD_SIZE = 1 << SYMBOL_BITS
_POLYNOMIAL = 0b1000_0000_0101  # x^11 + x^2 + 1


class CodeError(ValueError):
    """A text that is no receipt code.

    `code` is "unreadable" (not nine symbols in any spelling) or "check_failed" (nine
    symbols, but one of them is wrong or two are swapped). The text is never repeated.
    """

    def __init__(self, code: Literal["unreadable", "check_failed"]) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class Code:
    """A receipt code, held as its 11 random bytes; the check symbol follows from them.

    Its repr and str show nothing, so that no log line or error page can.
    """

    random: bytes

    def __post_init__(self) -> None:
        if len(self.random) != RANDOM_BYTES:
            raise ValueError(f"a receipt code comes from {RANDOM_BYTES} random bytes")

    def __repr__(self) -> str:
        return "Code(…)"

    @classmethod
    def from_symbols(cls, symbols: Sequence[int]) -> "Code":
        """Join nine symbols (0 to 2047) to a code, or raise CodeError.

        The error is check_failed where the ninth does not agree with the others.
        """
        if len(symbols) != SYMBOLS or not all(0 <= s < _FIELD_SIZE for s in symbols):
            raise CodeError("unreadable")
        if _check_symbol(symbols[:-1]) != symbols[-1]:
            raise CodeError("check_failed")
        number = 0
        for symbol in symbols[:-1]:
            number = number << SYMBOL_BITS | symbol
        return cls(number.to_bytes(RANDOM_BYTES))

    @property
    def symbols(self) -> tuple[int, ...]:
        """The nine symbols, each 0 to 2047, the check symbol last."""
        number = int.from_bytes(self.random)
        shifts = range(SYMBOL_BITS * (SYMBOLS - 2), -1, -SYMBOL_BITS)
        data = tuple(number >> shift & (_FIELD_SIZE - 1) for shift in shifts)
        return (*data, _check_symbol(data))

    def digits(self) -> str:
        """Spell the code as nine groups of four digits, 0001 to 2048, for the phone."""
        return " ".join(f"{symbol + 1:04}" for symbol in self.symbols)

    def english(self) -> str:
        """Spell the code as nine English words."""
        return _join(words.english()[symbol] for symbol in self.symbols)

    def chinese(self, *, traditional: bool = False) -> str:
        """Spell the code as nine Chinese words of two characters, simplified unless asked."""
        return _join(words.chinese()[symbol][traditional] for symbol in self.symbols)


class CheckedRow:
    """A row of symbols of any length that notices where a code ends in it.

    Each symbol costs the same however long the row is, so that a text full of symbols is
    no way to keep a server busy.
    """

    def __init__(self) -> None:
        self._last: deque[int] = deque(maxlen=SYMBOLS - 1)
        self._sum = 0

    def closes_code(self, symbol: int | None) -> bool:
        """Add a symbol, or None for a gap; say whether the last nine symbols are a code."""
        if symbol is None:
            self._last.clear()
            self._sum = 0
            return False
        full = len(self._last) == SYMBOLS - 1
        closes = full and self._sum == symbol
        # Each kept symbol moves from x^i to x^(i-1), the oldest from x^1 out of the sum.
        oldest = self._last[0] if full else 0
        self._last.append(symbol)
        self._sum = _HALF[self._sum] ^ oldest ^ _TIMES_X8[symbol]
        return closes


def _check_symbol(data: Sequence[int]) -> int:
    """Sum x^i times symbol i, i from 1, by Horner's rule from the last symbol back."""
    total = 0
    for symbol in reversed(data):
        total = _times_x(total ^ symbol)
    return total


def _times_x(element: int) -> int:
    doubled = element << 1
    return doubled ^ _POLYNOMIAL if doubled >= _FIELD_SIZE else doubled


# The two steps of CheckedRow: division by x and multiplication by x^8, for every element.
_HALF = tuple((e ^ _POLYNOMIAL) >> 1 if e & 1 else e >> 1 for e in range(_FIELD_SIZE))
_TIMES_X8 = tuple(_check_symbol((0,) * 7 + (e,)) for e in range(_FIELD_SIZE))


def _join(spelled: Iterable[str]) -> str:
    return " ".join(spelled)
