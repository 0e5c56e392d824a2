# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fonts of the paper: where they are, and which characters they cannot show.

A certificate must never show a box instead of a character of somebody's name, so a name is
compared with the fonts when it is typed. Nothing here loads the typesetter.
"""

import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tuidang.registry.certificates.paper.cmap import read_ranges
from tuidang.registry.certificates.paper.errors import FontsMissing

# What has no shape of its own: controls, formats, surrogates, private use, unassigned, separators,
# and marks, which melt with the letter before them.
_SHAPELESS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Mn", "Mc", "Me"}
# Letters that nobody sees, ligatures that are drawn as their letters are, and marks that melt.
_UNTOLD = frozenset(
    "\u115f\u1160\u2800\u303f\u3164\uffa0\ufb00\ufb01\ufb02\ufb03\ufb04\uff9e\uff9f"
)
_SPACES = " \u3000"
_FROM_THE_RIGHT = {"R", "AL"}  # writing that turns what stands beside it
# Selectors ask for a variant that the fonts may not have; the paper would show another one.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_USUAL = ("gbk", "big5")  # what people type


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, the family in it that is used, and the Debian package it comes with."""

    family: str
    path: Path
    package: str
    number: int = 0  # within a collection


_NOTO = Path("/usr/share/fonts/opentype/noto")
_HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
_REGULAR = _NOTO / "NotoSerifCJK-Regular.ttc"
SIMPLIFIED = Font("Noto Serif CJK SC", _REGULAR, "fonts-noto-cjk", number=2)
TRADITIONAL = Font("Noto Serif CJK TC", _REGULAR, "fonts-noto-cjk", number=3)
BOLD = Font("Noto Serif CJK Bold", _NOTO / "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk", number=2)
# For the characters that Noto does not have, in this order.
RARE = (
    Font("HanaMinA", _HANAZONO / "HanaMinA.ttf", "fonts-hanazono"),
    Font("HanaMinB", _HANAZONO / "HanaMinB.ttf", "fonts-hanazono"),
)
FONTS = (SIMPLIFIED, BOLD, *RARE)  # one for each file
FOLDERS = (_NOTO, _HANAZONO)


def missing_fonts() -> list[str]:
    """Say in a sentence each which fonts are not installed, and what to install."""
    return [
        f"The font {font.family} is not installed ({font.path}), so no certificate can be "
        f"printed. Install the Debian package {font.package}."
        for font in FONTS
        if not font.path.is_file()
    ]


def check_fonts() -> None:
    """Raise FontsMissing unless every font is there."""
    if missing := missing_fonts():
        raise FontsMissing(fonts=tuple(missing))


def missing_characters(text: str) -> list[str]:
    """Return the characters that the paper could not show, each once, in their order.

    One without a shape of its own counts as one of them: a mark that nobody sees, or one that is
    drawn as a usual character is, such as a radical or a special hyphen, so that nobody could
    tell from the paper which of the two it was. Raises FontsMissing.
    """
    doubles = _doubles(SIMPLIFIED) | _doubles(TRADITIONAL)
    return [each for each in dict.fromkeys(text) if each in doubles or not _drawn(each)]


def look_alikes(text: str) -> list[str]:
    """Return the characters of a text that are drawn as another one of it is.

    A page with both cannot be read back exactly. Raises FontsMissing.
    """
    alike: set[str] = set()
    for noto in (SIMPLIFIED, TRADITIONAL):
        drawn: dict[tuple[str, int] | None, list[str]] = defaultdict(list)
        for character in dict.fromkeys(text):
            drawn[_glyph(ord(character), noto)].append(character)
        alike.update(each for same in drawn.values() if len(same) > 1 for each in same)
    return [each for each in dict.fromkeys(text) if each in alike]


def _drawn(character: str) -> bool:
    code, category = ord(character), unicodedata.category(character)
    if category in _SHAPELESS or any(code in s for s in _SELECTORS) or character in _UNTOLD:
        return False
    if category == "Zs":
        return character in _SPACES
    if unicodedata.bidirectional(character) in _FROM_THE_RIGHT:
        return False
    found = _glyph(code, SIMPLIFIED)  # the regions have the same characters
    return found is not None and not _taken_apart(character, found[0])


def _taken_apart(character: str, family: str) -> bool:
    """Say whether a character is set as a letter and a mark, for want of one glyph in Noto."""
    parts = unicodedata.normalize("NFD", character)
    drawn = (_glyph(ord(each), SIMPLIFIED) for each in parts)
    return (
        family != SIMPLIFIED.family
        and len(parts) > 1
        and all(each is not None and each[0] == SIMPLIFIED.family for each in drawn)
    )


def _glyph(code: int, noto: Font) -> tuple[str, int] | None:
    """Return the font that draws a code point, the first that can, and the number of its glyph."""
    for font in (noto, *RARE):
        firsts, ranges = _index(font)
        first, last, glyph = ranges[max(0, bisect_right(firsts, code) - 1)]
        if first <= code <= last:
            return font.family, glyph + code - first
    return None


@cache
def _index(font: Font) -> tuple[list[int], list[tuple[int, int, int]]]:
    check_fonts()
    ranges = read_ranges(font.path, font.number)
    return [first for first, _, _ in ranges], ranges


@cache
def _doubles(noto: Font) -> frozenset[str]:
    """Return the characters that nobody types and that are drawn as one that people do type."""
    drawn: dict[int, list[str]] = defaultdict(list)
    for first, last, glyph in _index(noto)[1]:
        for code in range(first, last + 1):
            drawn[glyph + code - first].append(chr(code))
    found: set[str] = set()
    for same in drawn.values():
        if usual := set(_usual(same)) if len(same) > 1 else set():
            found.update(set(same) - usual)
    return frozenset(found)


def _usual(characters: Iterable[str]) -> Iterable[str]:
    return (each for each in characters if any(each.encode(c, "ignore") for c in _USUAL))
