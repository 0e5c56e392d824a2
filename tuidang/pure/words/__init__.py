# SPDX-License-Identifier: Apache-2.0
"""The two word lists in which receipt codes are spelled.

Each list has 2,048 words, one for each value of 11 bits, in an order that never changes:
a receipt that was written down years ago must still be read. The lists are part of the
program, like tables in code; nothing else may be read from here, and no word may ever be
moved, changed or replaced. Sources and licences stand in the files and in docs/words.md.
"""

from functools import cache
from importlib.resources import files

SIZE = 2048


@cache
def english() -> tuple[str, ...]:
    """Return the 2,048 English words, lower case (BIP 39)."""
    return tuple(_lines("english.txt"))


@cache
def chinese() -> tuple[tuple[str, str], ...]:
    """Return the 2,048 Chinese words as (simplified, traditional), two characters each."""
    pairs = (line.split(" ") for line in _lines("chinese.txt"))
    return tuple((simplified, traditional) for simplified, traditional in pairs)


def _lines(name: str) -> list[str]:
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
