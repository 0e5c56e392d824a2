# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the typesetter is given: the words of the face, the code as a drawing, the attachments.

Everything that is printed comes from `pure.credential.face` and stands here in its order; a word
added here would make every checker refuse the page.

Source: `certificates.md` section 3.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.face import Face, Script, Sentence, face
from tuidang.pure.credential.face_code import to_url
from tuidang.pure.credential.qr import Qr, qr

Pieces = list[tuple[str, str]]

# At 1/50 inch (0.508 mm) a module is 3 dots at 150 dpi and 6 at 300: no printer has to round.
_MODULE = 1.44  # points
_QUIET_ZONE = 4  # modules of white around the code, which a reader needs
_LARGE = 24  # letters that stand on one line in large type
_KEPT = re.compile(
    r"(?P<chinese>\d+年\d+月\d+日)|(?P<english>\d+ [A-Z][a-z]+ \d{4})|(?P<long>[!-~À-ɏ]{25,})"
)
_DARK = re.compile(b"\1+")
_PARTS = re.compile(r".{1,12}")
_REGIONS = {
    "Hans": {"font": "Noto Serif CJK SC", "region": "CN", "script": "hans"},
    "Hant": {"font": "Noto Serif CJK TC", "region": "TW", "script": "hant"},
}
SAMPLE = {"Hans": "样本 SAMPLE", "Hant": "樣本 SAMPLE"}


def sheet(claims: Claims, script: Script) -> dict[str, Any]:
    """Return a page without electronics: the words, and what else the typesetter must know."""
    said = face(claims, script)
    return _REGIONS[script] | {
        "issued": _day(claims.issued),
        "title": asdict(said.title),
        "rows": _rows(claims, said),
        "dates": _sentences(said.dates),
        "notes": _sentences(said.notes),
        "foot": _sentences(said.plain),
        "code": None,
        "files": [],
        "sample": None,
        "scale": 1,
    }


def sheet_with_code(claims: Claims, script: Script, cose: bytes, host: str) -> dict[str, Any]:
    """Return the same page with its code, whose address names the host."""
    symbol = qr(to_url(cose, host))
    quiet, dark = _QUIET_ZONE * _MODULE, len(symbol.rows) * _MODULE
    return sheet(claims, script) | {
        "foot": _sentences(face(claims, script).code),
        "code": {
            "svg": svg(symbol),
            "side": dark + 2 * quiet,
            "quiet": quiet,
            "alt": "QR code: the signed certificate",
        },
    }


def attachments(cose: bytes, proof: bytes | None) -> list[dict[str, Any]]:
    """Return the files that a PDF carries: always the certificate, the proof where there is one."""
    files: list[dict[str, Any]] = [
        {
            "name": "certificate.cose",
            "content": _content(cose),
            "relationship": "data",
            "type": "application/cose",
            "description": "The certificate: claims signed by the issuer",
        }
    ]
    if proof is not None:
        files.append(
            {
                "name": "certificate.tlog-proof",
                "content": _content(proof),
                "relationship": "supplement",
                "type": "text/plain",
                "description": "The proof of the dates from the public log",
            }
        )
    return files


def _content(data: bytes) -> str | list[int]:
    """Return bytes as the typesetter takes them; as a text, where they are one, it is quicker."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return list(data)


def svg(symbol: Qr) -> str:
    """Return a code with its quiet zone as one path: a run of dark modules is one rectangle."""
    runs = [
        f"M{run.start() + _QUIET_ZONE} {y}h{len(run[0])}v1h-{len(run[0])}z"
        for y, row in enumerate(symbol.rows, _QUIET_ZONE)
        for run in _DARK.finditer(bytes(row))
    ]
    side = len(symbol.rows) + 2 * _QUIET_ZONE
    box = f'viewBox="0 0 {side} {side}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{"".join(runs)}"/></svg>'


def _rows(claims: Claims, said: Face) -> list[dict[str, Any]]:
    """Return the rows; number and names, which stand first, are large if they fit so."""
    first = 2 if claims.chinese_name is None else 3
    return [
        {
            "label_zh": row.label_zh,
            "value_zh": pieces(row.value_zh),
            "label_en": row.label_en,
            "value_en": pieces(row.value_en),
            "large": index < first and len(row.value_en) <= _LARGE,
        }
        for index, row in enumerate(said.rows)
    ]


def _sentences(sentences: Iterable[Sentence]) -> list[dict[str, Pieces]]:
    return [{"zh": pieces(each.zh), "en": pieces(each.en)} for each in sentences]


def pieces(text: str) -> Pieces:
    """Cut a text where the typesetter needs help with breaking lines; nothing is lost or added.

    Each piece has a kind: `text`; `day`, a day in Chinese, and `word`, which both stay on one
    line. A word without any place at which it could break comes as several.
    """
    found: Pieces = []
    end = 0
    for match in _KEPT.finditer(text):
        found.append(("text", text[end : match.start()]))
        found.extend(_kept(match))
        end = match.end()
    return [piece for piece in (*found, ("text", text[end:])) if piece[1]]


def _kept(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    if match.lastgroup == "long":
        yield from (("word", part) for part in _PARTS.findall(match[0]))
    else:
        yield ("day" if match.lastgroup == "chinese" else "word"), match[0]


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}
