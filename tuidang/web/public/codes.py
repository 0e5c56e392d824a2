# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that show a receipt code or a pick-up code, the only ones that ever do.

Ready-made bytes with slots, of one length whatever the code is: how long an answer is can be
seen from outside, and the words of a code differ in length.
"""

from functools import cache

from tuidang.pure.receipt import Code
from tuidang.web.public.answers import rendered
from tuidang.web.public.ready import ReadyPage

_SLOTS = ("\0own\0", "\0digits\0", "\0other\0", "\0padding\0")
_LONGEST_WORD = 8  # of the English list
_SYMBOLS = 9


@cache
def code_page(language: str) -> ReadyPage:
    """Render the page, in the active language, for good."""
    own, digits, other, padding = _SLOTS
    spelled = {"own": own, "digits": digits, "other": other, "padding": padding}
    return ReadyPage.cut(rendered("code", language, "declare/", spelled=spelled), _SLOTS)


@cache
def pickup_page(language: str) -> ReadyPage:
    """Render the page of a pick-up code, in the active language, for good."""
    own, digits, other, padding = _SLOTS
    spelled = {"own": own, "digits": digits, "other": other, "padding": padding}
    page = rendered("certificate_pickup_code", language, "certificate/", spelled=spelled)
    return ReadyPage.cut(page, _SLOTS)


def spellings(code: Code, language: str) -> tuple[bytes, bytes, bytes, bytes]:
    """Fill the page's slots: the language's own spelling, digits, the other one, padding."""
    english = code.english()
    chinese = code.chinese(traditional=language == "zh-hant")
    own, other = (english, chinese) if language == "en" else (chinese, english)
    padding = " " * (_SYMBOLS * (_LONGEST_WORD + 1) - len(english))
    return _items(own), _items(code.digits()), _items(other), padding.encode()


def _items(spelled: str) -> bytes:
    return "".join(f"<li>{word}</li>" for word in spelled.split()).encode()
