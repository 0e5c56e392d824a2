# SPDX-License-Identifier: Apache-2.0
"""Near-duplicate statements, so that a reviewer sees them together (intake spec, section 3).

A simhash of 64 bits over 3-grams, under a key: without it the value says nothing about a
text. Clusters order the queue; they must never refuse anything, and names take no part.
"""

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

NEAR = 8
# Below this many letters two texts are alike by chance ("自愿退出").
SHORTEST = 12

_GRAM = 3
_BYTES = 8
_BITS = 8 * _BYTES
# One more band than differing bits: two near hashes agree in at least one band entirely.
_BANDS = NEAR + 1
_BAND_BITS = -(-_BITS // _BANDS)
# A one in the lowest bit of each of many digests laid end to end.
_LOWEST_BIT = b"\0" * (_BYTES - 1) + b"\1"

_Id = TypeVar("_Id", bound=Hashable)


class Hasher:
    """Simhashes under one key, which ends with the session that unlocked the texts."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._digests: dict[str, bytes] = {}

    def simhash(self, text: str) -> int | None:
        """Hash a text to 64 bits; None where it is too short.

        A bit is set where more than half of the text's different grams have it set.
        """
        plain = _letters(text)
        if len(plain) < SHORTEST:
            return None
        grams = {plain[at : at + _GRAM] for at in range(len(plain) - _GRAM + 1)}
        digests = int.from_bytes(b"".join(map(self._digest, grams)))
        column = int.from_bytes(_LOWEST_BIT * len(grams))
        counts = ((digests >> bit & column).bit_count() for bit in range(_BITS))
        return sum(1 << bit for bit, count in enumerate(counts) if 2 * count > len(grams))

    def _digest(self, gram: str) -> bytes:
        """Hash one gram, or remember it: statements share many."""
        digest = self._digests.get(gram)
        if digest is None:
            digest = hashlib.blake2b(gram.encode(), digest_size=_BYTES, key=self._key).digest()
            self._digests[gram] = digest
        return digest


def clusters(items: Sequence[tuple[_Id, str]], key: bytes) -> list[list[_Id]]:
    """Group the ids of texts that are near one another, directly or through others.

    Near means at most 8 of 64 bits apart. Texts that are alone or too short are in no
    group. Groups and ids keep the order of the items; `key` is at most 64 bytes.
    """
    hasher = Hasher(key)
    by_hash: dict[int, list[_Id]] = defaultdict(list)
    for identity, text in items:
        value = hasher.simhash(text)
        if value is not None:
            by_hash[value].append(identity)
    leaders = {value: value for value in by_hash}
    for one, other in _near_pairs(list(by_hash)):
        leaders[_leader(leaders, other)] = _leader(leaders, one)
    groups: dict[int, list[_Id]] = defaultdict(list)
    for value, identities in by_hash.items():
        groups[_leader(leaders, value)] += identities
    order = {identity: at for at, (identity, _) in enumerate(items)}
    found = [sorted(group, key=order.__getitem__) for group in groups.values() if len(group) > 1]
    return sorted(found, key=lambda group: order[group[0]])


def _near_pairs(values: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Give all pairs at most NEAR bits apart, some of them more than once."""
    for band in range(_BANDS):
        buckets: dict[int, list[int]] = defaultdict(list)
        for value in values:
            buckets[value >> (band * _BAND_BITS) & ((1 << _BAND_BITS) - 1)].append(value)
        for bucket in buckets.values():
            for one, other in combinations(bucket, 2):
                if (one ^ other).bit_count() <= NEAR:
                    yield one, other


def _leader(leaders: dict[int, int], value: int) -> int:
    """Follow a hash to the one that stands for its group, shortening the way."""
    while leaders[value] != value:
        leaders[value] = leaders[leaders[value]]
        value = leaders[value]
    return value


def _letters(text: str) -> str:
    """Keep letters and digits alone, in one width and case: spacing hides no copy."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(sign for sign in folded if sign.isalnum())
