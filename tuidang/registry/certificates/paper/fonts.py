# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fonts of the paper: where they are, and which characters none of them has.

A certificate must never show a box instead of a character of somebody's name, so a name is
compared with the fonts when it is typed. Nothing here loads the typesetter.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tuidang.registry.certificates.paper.cmap import read_ranges
from tuidang.registry.certificates.paper.errors import FontsMissing

# What has no shape of its own: controls, formats, surrogates, private use, unassigned, separators.
_SHAPELESS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Selectors ask for a variant that the fonts may not have; the paper would show another one.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@dataclass(frozen=True, slots=True)
class Font:
    """A font file, the family in it that is used, and the Debian package it comes with."""

    family: str
    path: Path
    package: str
    number: int = 0  # within a collection


_NOTO = Path("/usr/share/fonts/opentype/noto")
_HANAZONO = Path("/usr/share/fonts/truetype/hanazono")
# The collections hold the same characters for each region; only the shapes differ.
FONTS = (
    Font("Noto Serif CJK", _NOTO / "NotoSerifCJK-Regular.ttc", "fonts-noto-cjk", number=2),
    Font("Noto Serif CJK Bold", _NOTO / "NotoSerifCJK-Bold.ttc", "fonts-noto-cjk", number=2),
    Font("HanaMinA", _HANAZONO / "HanaMinA.ttf", "fonts-hanazono"),
    Font("HanaMinB", _HANAZONO / "HanaMinB.ttf", "fonts-hanazono"),
)
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

    A character without a shape of its own counts as one of them. Raises FontsMissing.
    """
    return [character for character in dict.fromkeys(text) if not _drawn(character)]


def _drawn(character: str) -> bool:
    code = ord(character)
    if unicodedata.category(character) in _SHAPELESS or any(code in s for s in _SELECTORS):
        return False
    firsts, lasts = _ranges()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]


@cache
def _ranges() -> tuple[list[int], list[int]]:
    check_fonts()
    drawn = [r for font in FONTS for r in read_ranges(font.path, font.number)]
    return _merged(sorted(drawn))


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Join ranges, ascending by their first, that touch or overlap."""
    firsts: list[int] = []
    lasts: list[int] = []
    for first, last in ranges:
        if lasts and first <= lasts[-1] + 1:
            lasts[-1] = max(lasts[-1], last)
        else:
            firsts.append(first)
            lasts.append(last)
    return firsts, lasts
