# SPDX-License-Identifier: AGPL-3.0-or-later
"""Numbers of certificates: random, read as people type them, every slip noticed."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzzing import NIGHTLY
from tuidang.pure.credential.numbers import (
    ALPHABET,
    LENGTH,
    NumberError,
    is_number,
    number_from,
    read_number,
    shown,
)

RANDOM = st.binary(min_size=8, max_size=8)
NUMBER = number_from(b"sample 1")
FEW = settings(max_examples=1000 if NIGHTLY else 15)


@given(RANDOM)
def test_numbers_round_trip(random: bytes) -> None:
    """A number is read back from how it is shown, in small letters, and from O, I and L."""
    number = number_from(random)
    assert len(number) == LENGTH
    assert set(number) <= set(ALPHABET)
    assert is_number(number)
    assert read_number(number) == number
    assert read_number(f" {shown(number).lower()}\n") == number
    typed = number.replace("0", "o").replace("1", "l")
    assert read_number(typed) == number == read_number(typed.replace("l", "I"))
    assert is_number(typed) == (typed == number)


@given(st.integers(0, 2**55 - 1))
def test_every_random_bit_is_in_the_number(drawn: int) -> None:
    """Numbers differ where one of 55 bits does, and so are not fewer than they seem."""
    number = number_from(drawn.to_bytes(8))
    others = {number_from((drawn ^ 1 << bit).to_bytes(8)) for bit in range(55)}
    assert len(others | {number}) == 56
    assert number_from((drawn | 0xFF << 56).to_bytes(8)[:8]) not in others


@FEW
@given(RANDOM)
def test_every_single_slip_is_noticed(random: bytes) -> None:
    """One wrong character, at any place, is never another number."""
    number = number_from(random)
    for place in range(LENGTH):
        for char in ALPHABET.replace(number[place], ""):
            wrong = number[:place] + char + number[place + 1 :]
            assert not is_number(wrong)
            with pytest.raises(NumberError, match="wrong"):
                read_number(wrong)


@FEW
@given(RANDOM)
def test_every_swap_is_noticed(random: bytes) -> None:
    """Two swapped characters, wherever they stand, are never another number."""
    number = number_from(random)
    for first, second in combinations(range(LENGTH), 2):
        swapped = list(number)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        assert is_number("".join(swapped)) == (number[first] == number[second])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "number_length"),
        (NUMBER[:-1], "number_length"),
        (NUMBER + "0", "number_length"),
        ("U" + NUMBER[1:], "number_character"),
        ("é" + NUMBER[1:], "number_character"),
        ("１" + NUMBER[1:], "number_character"),
        (NUMBER[1:] + NUMBER[0], "number_check"),
    ],
)
def test_other_texts_are_refused(text: str, code: str) -> None:
    """What is no number is refused by name, and not repeated."""
    assert not is_number(text)
    with pytest.raises(NumberError) as refusal:
        read_number(text)
    assert refusal.value.code == code
    assert NUMBER[1:] not in str(refusal.value)


def test_a_number_takes_eight_bytes() -> None:
    """Fewer random bytes than that are refused, not filled up."""
    with pytest.raises(ValueError, match="8 random bytes"):
        number_from(bytes(7))
