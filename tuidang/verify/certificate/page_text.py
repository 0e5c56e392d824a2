# SPDX-License-Identifier: Apache-2.0
"""Whether the words on a page are those of the claims, all of them and no others.

White space says nothing, since each reader of PDFs breaks lines in another way; everything
else must be equal, in the order in which the page is set. So no other name, date or sentence
can stand on a page than in the certificate inside.

Source: `certificates.md` section 3: the face equals what the claims render to.
"""

from collections.abc import Iterator
from typing import get_args

from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.face import Face, Script, Sentence, face


def is_page_of(text: str, claims: Claims) -> bool:
    """Say whether a page with this text shows these claims, in either Chinese script."""
    found = _without_space(text)
    return any(found == page_text(face(claims, script)) for script in get_args(Script))


def page_text(said: Face) -> str:
    """Return everything that a page with a code says, without any white space."""
    return _without_space("".join(_in_order(said)))


def _in_order(said: Face) -> Iterator[str]:
    yield from _both(said.title)
    for row in said.rows:
        yield from (row.label_zh, row.value_zh, row.label_en, row.value_en)
    for sentence in (*said.dates, *said.notes):
        yield from _both(sentence)
    yield from (sentence.zh for sentence in said.code)
    yield from (sentence.en for sentence in said.code)


def _both(sentence: Sentence) -> tuple[str, str]:
    return sentence.zh, sentence.en


def _without_space(text: str) -> str:
    return "".join(text.split())
