# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which words the code and the templates of a door use, without Debian's gettext.

Run as `python -m tests.web.public.used_words` it brings the catalogues up to date: new words
come in untranslated, words that nobody uses any more go.
"""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "tuidang" / "web"
ROOMS = ("public", "shared")
LOCALES = ("zh_Hans", "zh_Hant")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# A time in the source would only tell when somebody worked.
_NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)
Word = str | tuple[str, str]


def used_words(room: str) -> Iterator[tuple[str, int, Word]]:
    """Yield file (below the repository), line and msgid of each word that a door's room uses."""
    from django.utils.translation.template import templatize

    for path in sorted((WEB / room).rglob("*")):
        if path.suffix == ".py":
            source = path.read_text(encoding="utf-8")
        elif path.suffix == ".html":
            source = templatize(path.read_text(encoding="utf-8"))
        else:
            continue
        stream = io.BytesIO(source.encode())
        for line, found, _, _ in extract("python", stream, KEYWORDS):
            yield path.relative_to(ROOT).as_posix(), line, _msgid(found)


def catalogue_path(room: str, locale: str) -> Path:
    """Return where the catalogue of a room in one language lies."""
    return WEB / room / "locale" / locale / "LC_MESSAGES" / "django.po"


def read_catalogue(room: str, locale: str) -> Catalog:
    """Read the catalogue of a room in one language."""
    with catalogue_path(room, locale).open("rb") as stream:
        return read_po(stream, locale=locale)


def update(room: str, locale: str) -> None:
    """Write the catalogue anew: the words in use, with the translations known so far."""
    path = catalogue_path(room, locale)
    known = read_catalogue(room, locale) if path.exists() else Catalog(locale=locale)
    fresh = Catalog(
        locale=locale,
        project="tuidang",
        version="1",
        msgid_bugs_address=" ",
        last_translator=" ",
        language_team=" ",
        fuzzy=False,
    )
    fresh.header_comment = "# SPDX-License-Identifier: AGPL-3.0-or-later"
    fresh.creation_date = fresh.revision_date = _NO_TIME
    for file, _, msgid in used_words(room):
        before = known.get(msgid[0] if isinstance(msgid, tuple) else msgid)
        fresh.add(msgid, before.string if before else "", locations=[(file, None)])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, fresh, width=96, omit_header=False, sort_output=False)


def _msgid(found: object) -> Word:
    if isinstance(found, tuple):
        one, many = str(found[0]), str(found[1])
        return one, many
    return str(found)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tuidang.settings.public")
    for each in ROOMS:
        for tongue in LOCALES:
            update(each, tongue)
