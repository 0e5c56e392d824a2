# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ready-made pages: the same bytes whether packed or plain, with every slot filled."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.web.public.ready import ReadyPage

MARKS = ("\0one\0", "\0two\0")
texts = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=2000)
values = st.binary(max_size=300)


@given(texts, texts, texts, values, values)
def test_packed_and_plain_are_the_same_page(
    before: str, between: str, after: str, one: bytes, two: bytes
) -> None:
    """Whatever the page and the values are, unpacking gives the plain page."""
    page = ReadyPage.cut(before + MARKS[0] + between + MARKS[1] + after, MARKS)
    plain = before.encode() + one + between.encode() + two + after.encode()
    assert page.plain(one, two) == plain
    assert gzip.decompress(page.gzipped(one, two)) == plain


def test_the_length_of_a_packed_page_tells_nothing_of_its_slots() -> None:
    """Values of one length give packed pages of one length, however they compress."""
    page = ReadyPage.cut("a" * 500 + MARKS[0] + "b" * 500, MARKS[:1])
    lengths = {len(page.gzipped(value)) for value in (b"a" * 40, b"b" * 40, bytes(range(40)))}
    assert len(lengths) == 1


@pytest.mark.parametrize("page", ["nothing", "\0one\0 and \0one\0"])
def test_a_slot_stands_exactly_once(page: str) -> None:
    """A slot that is missing or repeated is a fault when the page is made."""
    with pytest.raises(ValueError, match="exactly once"):
        ReadyPage.cut(page, MARKS[:1])


def test_every_slot_needs_its_value() -> None:
    """A page is never sent with a slot unfilled, nor with a value that is too long."""
    page = ReadyPage.cut("\0one\0", MARKS[:1])
    with pytest.raises(ValueError, match="each slot"):
        page.plain()
    with pytest.raises(ValueError, match="65,535"):
        page.gzipped(b"x" * 65_536)
