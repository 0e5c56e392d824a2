# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sealing: what `age` opens, what a size gives away, and what is refused."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.registry.vault.errors import NoRecipient, Unopenable
from tuidang.registry.vault.sealing import (
    KIB,
    LENGTH_BYTES,
    new_identity,
    pad,
    padded_size,
    seal,
    unpad,
    unseal,
)

TEXT = "样本 sample 𠮷".encode()
ONE = new_identity()
TWO = new_identity()
SEALED = seal(TEXT, [ONE[1]])


def payload_size(ciphertext: bytes) -> int:
    """Count what follows the header; the header alone varies, since age greases it."""
    _, _, rest = ciphertext.partition(b"\n--- ")
    return len(rest.partition(b"\n")[2])


@given(st.binary(max_size=3000))
def test_what_is_sealed_opens_for_each_recipient_alone(plaintext: bytes) -> None:
    """Each of two recipients opens the whole text without the other's key."""
    sealed = seal(plaintext, [ONE[1], TWO[1]])
    assert unseal(sealed, [ONE[0]]) == plaintext
    assert unseal(sealed, [TWO[0]]) == plaintext


def test_the_age_tool_opens_what_is_sealed(tmp_path: Path) -> None:
    """Debian's `age` decrypts a seal, and four bytes of length lead to the text."""
    key = tmp_path / "key.txt"
    key.write_text(ONE[0] + "\n")
    opened = subprocess.run(
        ["age", "--decrypt", "--identity", str(key)],
        input=seal(TEXT, [ONE[1]]),
        capture_output=True,
        check=True,
    ).stdout
    length = int.from_bytes(opened[:4], "big")
    assert opened[4 : 4 + length] == TEXT
    assert opened[4 + length :] == bytes(KIB - 4 - length)


def test_what_the_age_tool_seals_is_opened() -> None:
    """A padded text that Debian's `age` encrypted opens here too."""
    sealed = subprocess.run(
        ["age", "--encrypt", "--recipient", ONE[1]],
        input=pad(TEXT),
        capture_output=True,
        check=True,
    ).stdout
    assert unseal(sealed, [ONE[0]]) == TEXT


@pytest.mark.parametrize(
    ("shortest", "longest"),
    [(0, KIB - 4), (KIB - 3, 4 * KIB - 4), (64 * KIB - 3, 256 * KIB - 4), (256 * KIB - 3, 400_000)],
)
def test_a_ciphertext_tells_its_size_class_and_not_its_length(shortest: int, longest: int) -> None:
    """The shortest and the longest text of a size class give payloads of one size."""
    short, long = (seal(bytes(length), [ONE[1]]) for length in (shortest, longest))
    assert payload_size(short) == payload_size(long)
    assert payload_size(seal(bytes(longest + 200_000), [ONE[1]])) > payload_size(long)


def test_size_classes_are_those_of_the_design() -> None:
    """1, 4, 16, 64 and 256 KiB, then multiples of 256 KiB."""
    sizes = [1, 1024, 1025, 4097, 16_385, 65_536, 65_537, 262_144, 262_145, 600_000]
    assert [padded_size(size) // KIB for size in sizes] == [1, 1, 4, 16, 64, 64, 256, 256, 512, 768]


@given(st.binary(max_size=5000))
def test_padding_comes_off_again(plaintext: bytes) -> None:
    """Whatever was padded comes back byte for byte."""
    assert unpad(pad(plaintext)) == plaintext


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\0\0\0",
        bytes(KIB - 1),
        bytes(4 * KIB),
        pad(TEXT)[:-1] + b"\1",
        (KIB).to_bytes(LENGTH_BYTES) + bytes(KIB - LENGTH_BYTES),
        b"\xff" * KIB,
    ],
    ids=["empty", "no length", "short", "wide", "not zeros", "length too big", "all ones"],
)
def test_padding_that_is_not_ours_is_refused(padded: bytes) -> None:
    """A text has exactly one padded form; every other one is refused."""
    with pytest.raises(Unopenable):
        unpad(padded)


def test_every_flipped_byte_of_a_ciphertext_is_refused() -> None:
    """No byte of header or payload can change without the whole being refused."""
    sealed = seal(TEXT, [ONE[1], TWO[1]])
    accepted = []
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        try:
            unseal(changed, [ONE[0]])
        except Unopenable:
            continue
        accepted.append(at)
    assert accepted == []


@given(at=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
def test_no_flipped_bit_of_a_ciphertext_is_accepted(at: int, bit: int) -> None:
    """Any bit flipped anywhere is refused."""
    changed = SEALED[:at] + bytes([SEALED[at] ^ 1 << bit]) + SEALED[at + 1 :]
    with pytest.raises(Unopenable):
        unseal(changed, [ONE[0]])


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_part_of_a_ciphertext_is_refused(cut: int) -> None:
    """A truncated ciphertext gives no part of the text."""
    with pytest.raises(Unopenable):
        unseal(seal(TEXT, [ONE[1]])[:cut], [ONE[0]])


@pytest.mark.parametrize("identities", [[], [TWO[0]], ["not a key"]])
def test_without_the_right_key_nothing_opens(identities: list[str]) -> None:
    """No key, another's key and a broken key give the same refusal."""
    with pytest.raises(Unopenable):
        unseal(seal(TEXT, [ONE[1]]), identities)


@pytest.mark.parametrize("recipients", [[], ["age1broken"], [ONE[1], ""]])
def test_sealing_fails_closed(recipients: list[str]) -> None:
    """With no recipient, or a broken one among good ones, nothing is sealed."""
    with pytest.raises(NoRecipient):
        seal(TEXT, recipients)


def test_the_same_text_never_seals_to_the_same_bytes() -> None:
    """Two seals of one text share no payload, so equal declarations do not show."""
    assert len({seal(TEXT, [ONE[1]]) for _ in range(10)}) == 10
