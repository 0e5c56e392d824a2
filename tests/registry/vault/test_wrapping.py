# SPDX-License-Identifier: AGPL-3.0-or-later
"""Boxes under a symmetric key, and the key that a passphrase gives."""

from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from tuidang.registry.vault.errors import Unopenable
from tuidang.registry.vault.wrapping import (
    lock,
    memory_cost,
    passphrase_key,
    plain_passphrase,
    unlock,
)

KEY = bytes(range(32))
MEMBER = UUID(int=7)


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_a_box_opens_under_its_key_and_context(plaintext: bytes, context: bytes) -> None:
    """What was locked comes back byte for byte."""
    assert unlock(KEY, lock(KEY, plaintext, context), context) == plaintext


@given(st.data())
def test_no_flipped_bit_of_a_box_is_accepted(data: st.DataObject) -> None:
    """Any bit flipped in nonce, text or tag is refused."""
    box = bytearray(lock(KEY, b"sample", b"context"))
    box[data.draw(st.integers(0, len(box) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unopenable):
        unlock(KEY, bytes(box), b"context")


@pytest.mark.parametrize(
    ("key", "context", "keep"),
    [(bytes(32), b"context", 99), (KEY, b"other", 99), (KEY, b"context", 5), (b"", b"context", 99)],
    ids=["other key", "other context", "cut off", "no key"],
)
def test_a_box_opens_nowhere_else(key: bytes, context: bytes, keep: int) -> None:
    """Another key, another context and a part of a box are refused alike."""
    with pytest.raises(Unopenable):
        unlock(key, lock(KEY, b"sample", b"context")[:keep], context)


def key_of(passphrase: str, member: UUID = MEMBER, salt: bytes = b"s" * 16) -> bytes:
    """Derive with the least that argon2id takes; the cost is not what these tests are about."""
    return passphrase_key(passphrase, member=member, salt=salt, memory_kib=8)


def test_a_passphrase_may_be_typed_as_people_type() -> None:
    """Capitals, hyphens, full-width letters and stray spaces give the same key."""
    spellings = [
        "abandon ability able",
        "  Abandon-ability  ABLE\n",
        "ａｂａｎｄｏｎ　ability,able",
    ]
    assert len({key_of(spelling) for spelling in spellings}) == 1


def test_words_and_their_limits_count() -> None:
    """Another word, another order or another boundary is another passphrase."""
    different = ["able abandon", "abandon able", "abandonable", "abandon abl", "样本 1", "样本 2"]
    assert len({plain_passphrase(text) for text in different}) == len(different)


def test_a_key_depends_on_member_salt_and_host(keys_folder: Path, settings: Settings) -> None:
    """The same passphrase gives unrelated keys for another member, salt or host secret."""
    keys = {key_of("a"), key_of("a", member=UUID(int=8)), key_of("a", salt=b"t" * 16)}
    settings.KEYS_FOLDER = keys_folder / "another host"
    keys.add(key_of("a"))
    assert len(keys) == 4


def test_the_cost_comes_from_the_settings(settings: Settings) -> None:
    """An installation says what argon2id may use, and 64 MiB is what it uses unless it does."""
    settings.ARGON2_MEMORY_KIB = 1234
    assert memory_cost() == 1234
    del settings.ARGON2_MEMORY_KIB
    assert memory_cost() == 65_536
