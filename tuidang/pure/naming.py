# SPDX-License-Identifier: Apache-2.0
"""What one name may be.

A name is kept exactly as typed, but for white space around it: rare characters, masks and
aliases are welcome. This module finds what cannot be a name or hides something in one. It
must never convert a name, fold it to another form, or hold that two equal names are one
person (intake spec, section 1).
"""

import re
import unicodedata

MAX_NAME = 60

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
MASKS = "×✕✖╳*＊○●□■▢"
# Between the names of a list; in the field for one name they mean that there are several.
SEPARATORS = "、，,;；/／|｜﹑､。"

# Spaces that part words; they can stand inside a character class.
SPACES = (
    " \u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Not of the category "format", and yet nobody sees them.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_LINE_BREAKS = frozenset("\n\r\u2028\u2029\u0085\x0b\x0c")
# These have a canonical twin, but in names people mean the very character they typed.
_COMPATIBILITY_HAN = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_MARKS_IN_A_ROW = 4

_MASKED = re.compile(f"[{MASKS}某]|〇〇|[{HAN}][xX]{{1,3}}$|_{{2,}}|＿|[?？]")
_DIGITS_ONLY = re.compile(r"[\d\s.,()（）-]*\d[\d\s.,()（）-]*")
_URL = re.compile(
    r"https?:|www\.|://|\b[a-z0-9-]{1,63}\.(?:com|net|org|cn|info|me|io|tv|xyz|onion)\b",
    re.IGNORECASE,
)
_MAIL_OR_LONG_NUMBER = re.compile(r"\S@[^\s@]{1,80}\.\S|\+?\d(?:[\s-]?\d){6,}")
_TIME = re.compile(
    r"(?<!\d)\d{1,2}[:：]\d{2}(?!\d)|(?<!\d)\d{4}\s{0,4}[-/.年]\s{0,4}\d{1,2}|\d{1,2}月\d{1,2}[日号號]"
)
_NUMERAL = "(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_NUMBERING = re.compile(
    rf"\d{{1,3}}\s*[.．、)）](?!\d)|[(（\[【]\s*(?:\d{{1,3}}|{_NUMERAL})\s*[)）\]】]"
    rf"|[①-⑳㉑-㉟㊱-㊿⒈-⒛⑴-⒇❶-❿㈠-㈩]|{_NUMERAL}[、.．]|\d{{1,3}}\s+(?=\D)|#\d"
)
_BULLET = re.compile(r"[•‣▪▫◦◆◇★☆►▶✓✔☑⁃∙・]|[-–—·>](?!$)|[*＊●○□■](?=\s)")


def trim(text: str) -> str:
    """Take white space off both ends, and leave everything else as it was typed."""
    return text.strip(SPACES + "\t\r\n")


def is_masked(name: str) -> bool:
    """Say whether a part of the name is hidden, as in 张××, 李某 or 王**; such is an alias."""
    return _MASKED.search(name) is not None


def name_problem(name: str) -> str | None:
    """Find what keeps a trimmed text from being one name: a code "name_…", or None.

    The first thing found is told, the plainest first; a name has 1 to 60 code points.
    """
    if not name:
        return "name_empty"
    if len(name) > MAX_NAME:
        return "name_too_long"
    return _character_problem(name) or _content_problem(name)


def _character_problem(name: str) -> str | None:
    for sign in name:
        problem = _sign_problem(sign)
        if problem:
            return problem
    if not unicodedata.is_normalized("NFC", _COMPATIBILITY_HAN.sub("一", name)):
        return "name_not_composed"
    return "name_marks" if _heaps_marks(name) else None


def _sign_problem(sign: str) -> str | None:
    """Judge one character. Unassigned ones pass: new ideographs are added every few years."""
    if sign in _LINE_BREAKS:
        return "name_line_break"
    if sign in _BIDI:
        return "name_bidi"
    if sign in _BLANK_LETTERS:
        return "name_invisible"
    if is_noncharacter(sign):
        return "name_broken"
    by_category = {
        "Cc": "name_control",
        "Cf": "name_invisible",
        "Co": "name_private_use",
        "Cs": "name_broken",
    }
    return by_category.get(unicodedata.category(sign))


def is_noncharacter(sign: str) -> bool:
    """Say whether Unicode promises never to assign this code point (Unicode, section 23.7)."""
    point = ord(sign)
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF


def _heaps_marks(name: str) -> bool:
    run = 0
    for sign in name:
        run = run + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if run >= _MARKS_IN_A_ROW:
            return True
    return False


def foreign_matter(text: str) -> str | None:
    """Find what stands beside names in chats and tables: a code "name_…", or None."""
    if text.startswith(("=", "＝")):
        return "name_formula"
    found = {"name_url": _URL, "name_timestamp": _TIME, "name_contact": _MAIL_OR_LONG_NUMBER}
    for code, pattern in found.items():
        if pattern.search(text):
            return code
    return None


def leading_mark(text: str) -> str | None:
    """Find the number or bullet of a list before a name: a code "name_…", or None."""
    if _NUMBERING.match(text):
        return "name_numbering"
    return "name_bullet" if _BULLET.match(text) else None


def _content_problem(name: str) -> str | None:
    problem = foreign_matter(name)
    if problem:
        return problem
    if _DIGITS_ONLY.fullmatch(name):
        return "name_digits"
    return leading_mark(name) or _sign_between(name)


def _sign_between(name: str) -> str | None:
    """Find the signs of a list or a label, or nothing but signs."""
    if any(sign in name for sign in SEPARATORS):
        return "name_several"
    if ":" in name or "：" in name:
        return "name_label"
    if not any(_is_letter(sign) for sign in name):
        return "name_no_letters"
    return None


def _is_letter(sign: str) -> bool:
    """Letters, letter-like numbers (〇), masks and pictures can make a name; signs cannot."""
    return sign in MASKS or unicodedata.category(sign) in (
        "Lu", "Ll", "Lt", "Lm", "Lo", "Nl", "So", "Cn",
    )  # fmt: skip
