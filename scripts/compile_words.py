# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compile every translation catalogue (.po) of the doors into the .mo that gettext reads.

With Babel, so that no Debian package is needed.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogue(source: Path) -> None:
    """Write the .mo beside `source`; untranslated and fuzzy entries are left out."""
    with source.open("rb") as stream:
        catalogue = read_po(stream)
    with source.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, catalogue)


if __name__ == "__main__":
    for path in sorted((ROOT / "tuidang").glob("**/LC_MESSAGES/*.po")):
        compile_catalogue(path)
