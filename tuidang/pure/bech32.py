# SPDX-License-Identifier: Apache-2.0
"""Bech32 text for bytes, as age writes its keys (BIP 173).

Only encoding: the registry writes keys and recipients and leaves reading them to age.
It must never cut a string at the 90 characters that BIP 173 allows to addresses; age
does not keep that limit either.
"""

from functools import reduce
from operator import xor

_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKSUM_SYMBOLS = 6


def encode(prefix: str, data: bytes) -> str:
    """Write bytes in lower-case bech32 under a human-readable prefix (BIP 173).

    The prefix is 1 to 83 printable ASCII characters without capitals; anything else
    raises ValueError.
    """
    if not 1 <= len(prefix) <= 83 or any(not 33 <= ord(c) <= 126 or c.isupper() for c in prefix):
        raise ValueError("a bech32 prefix is 1 to 83 printable ASCII characters without capitals")
    symbols = _five_bit_groups(data)
    return f"{prefix}1" + "".join(_ALPHABET[s] for s in symbols + _checksum(prefix, symbols))


def _five_bit_groups(data: bytes) -> list[int]:
    """Cut bytes into groups of five bits, the last one filled with zeros."""
    padding = -len(data) * 8 % 5
    number = int.from_bytes(data) << padding
    return [number >> shift & 31 for shift in range(len(data) * 8 + padding - 5, -1, -5)]


def _checksum(prefix: str, symbols: list[int]) -> list[int]:
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    remainder = _polymod(expanded + symbols + [0] * _CHECKSUM_SYMBOLS) ^ 1
    return [remainder >> 5 * place & 31 for place in reversed(range(_CHECKSUM_SYMBOLS))]


def _polymod(values: list[int]) -> int:
    remainder = 1
    for value in values:
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value ^ _REDUCTIONS[remainder >> 25]
    return remainder


def _reduction(top: int) -> int:
    chosen = [generator for bit, generator in enumerate(_GENERATORS) if top >> bit & 1]
    return reduce(xor, chosen, 0)


# What each of the 32 top values adds, worked out once: every mailbox key passes here.
_REDUCTIONS = tuple(_reduction(top) for top in range(32))
