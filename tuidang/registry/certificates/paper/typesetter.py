# SPDX-License-Identifier: AGPL-3.0-or-later
"""The typesetter, a warm one for each process: a page in, a PDF or a picture out.

The same page gives the same bytes. It reads its own template and the paper's fonts, nothing else
on the machine, and no clock. Its errors quote the text at which it stopped, so they must not get
out of here.

Source: `certificates.md` section 3 (PDF/A-3a, PDF/UA-1).
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from tuidang.registry.certificates.paper.errors import (
    CharactersAlike,
    CharactersMissing,
    NotTypeset,
    PageFull,
)
from tuidang.registry.certificates.paper.fonts import (
    FOLDERS,
    check_fonts,
    look_alikes,
    missing_characters,
)

TEMPLATE = Path(__file__).with_name("page.typ")
STANDARDS = ("a-3a", "ua-1")
SCALES = (1, 0.95, 0.9, 0.85, 0.8)
_ONE_PAGE = b"<</Type/Pages/Count 1/"
_PNG = b"\x89PNG"
_LOCK = Lock()  # a compiler does one page at a time


def set_pdf(sheet: Mapping[str, Any]) -> bytes:
    """Return a page as PDF/A-3a and PDF/UA-1.

    Raises FontsMissing, CharactersMissing, CharactersAlike, PageFull, or NotTypeset.
    """
    return _set(sheet, format="pdf", pdf_standards=list(STANDARDS), timestamp=0)


def set_png(sheet: Mapping[str, Any], dots: int) -> bytes:
    """Return a page as PNG with so many dots an inch; raises as `set_pdf` does."""
    return _set(sheet, format="png", ppi=dots)


def _set(sheet: Mapping[str, Any], **how: Any) -> bytes:
    """Set a page in the largest size in which it is one page."""
    _check_characters(sheet)
    for scale in SCALES:
        made = _compile({**sheet, "scale": scale}, **how)
        if isinstance(made, bytes) and (made.startswith(_PNG) or _ONE_PAGE in made):
            return made
    raise PageFull


def _check_characters(sheet: Mapping[str, Any]) -> None:
    """Raise if a word could not be shown, or not be read back from the page by a checker."""
    words = {key: value for key, value in sheet.items() if key != "files"}
    text = json.dumps(words, ensure_ascii=False)
    if missing := missing_characters(text):
        raise CharactersMissing(count=len(missing))
    if alike := look_alikes(text):
        raise CharactersAlike(count=len(alike))


def _compile(sheet: Mapping[str, Any], **how: Any) -> bytes | list[bytes] | None:
    with _LOCK:
        try:
            return _compiler().compile(sys_inputs={"sheet": json.dumps(sheet)}, **how)
        except typst.TypstError:
            raise NotTypeset from None


@cache
def _compiler() -> typst.Compiler:
    check_fonts()
    fonts = [str(folder) for folder in FOLDERS]
    return typst.Compiler(str(TEMPLATE), ignore_system_fonts=True, font_paths=fonts)
