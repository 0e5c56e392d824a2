# SPDX-License-Identifier: Apache-2.0
"""The three organisations: their words in the interface, their bits in a leaf, their names.

One byte says which of them one person leaves (log spec, section 2). This module must never
say anything about membership: it records what a declaration names.
"""

import re
from collections.abc import Iterable, Mapping

from tuidang.pure.ledger.entries import LEAGUE, PARTY, PIONEERS, UNSPECIFIED

ALL_THREE = PARTY | LEAGUE | PIONEERS
UNSPECIFIED_WORD = "unspecified"

ORGANIZATIONS: Mapping[str, int] = {"party": PARTY, "league": LEAGUE, "pioneers": PIONEERS}

_SPELLINGS: Mapping[str, int] = {
    **ORGANIZATIONS,
    "young pioneers": PIONEERS,
    "youth league": LEAGUE,
    "all three": ALL_THREE,
    "共产党": PARTY,
    "共產黨": PARTY,
    "中共": PARTY,
    "共青团": LEAGUE,
    "共青團": LEAGUE,
    "少先队": PIONEERS,
    "少先隊": PIONEERS,
    "三退": ALL_THREE,
}
_UNSPECIFIED_SPELLINGS = {UNSPECIFIED_WORD, "未注明", "未註明", "不详", "不詳"}
_SHORT: Mapping[str, int] = {
    "党": PARTY,
    "黨": PARTY,
    "团": LEAGUE,
    "團": LEAGUE,
    "队": PIONEERS,
    "隊": PIONEERS,
}
_BETWEEN = re.compile(r"[\s、，,;；/+＋&]+")


def organization_byte(words: Iterable[str]) -> int:
    """Join interface words ("party", …, or "unspecified" alone) to the byte of a leaf."""
    byte = UNSPECIFIED
    for word in words:
        if word != UNSPECIFIED_WORD:
            byte |= ORGANIZATIONS[word]
    return byte


def organization_words(byte: int) -> tuple[str, ...]:
    """Name the organisations of a byte (0 to 7) in the words of the interface."""
    if not 0 <= byte <= ALL_THREE:
        raise ValueError("the organisations of a declaration are 0 to 7")
    named = tuple(word for word, bit in ORGANIZATIONS.items() if byte & bit)
    return named or (UNSPECIFIED_WORD,)


def parse_organizations(text: str) -> int | None:
    """Read organisations as people write them in a list: "党 团", "退党团队", "party/league".

    The answer is None where any part is not understood or is said twice, so that a name in
    the wrong column is noticed and not taken for organisations.
    """
    plain = text.strip().lower()
    if plain in _UNSPECIFIED_SPELLINGS:
        return UNSPECIFIED
    if plain in _SPELLINGS:
        return _SPELLINGS[plain]
    byte = UNSPECIFIED
    for part in filter(None, _BETWEEN.split(plain)):
        bits = _read_part(part)
        if not bits or bits & byte:
            return None
        byte |= bits
    return byte or None


def _read_part(part: str) -> int:
    """Read one word or a run of short forms; 0 where it is neither."""
    if part in _SPELLINGS:
        return _SPELLINGS[part]
    bits = 0
    for sign in part.removeprefix("退"):
        bit = _SHORT.get(sign, 0)
        if not bit or bit & bits:
            return 0
        bits |= bit
    return bits
