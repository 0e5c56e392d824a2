# SPDX-License-Identifier: AGPL-3.0-or-later
"""Near-duplicate texts stand together in the queue."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuidang.pure.intake.simhash import NEAR, Hasher, clusters

KEY = b"sample key for tests"
SAMPLE = (
    "这是一段样本文字，用来说明两份几乎相同的声明会被放在一起。它只是样本，不是任何人的声明。"
    "样本文字需要有一定的长度，这样改动一两个字的时候，多数的三字片段仍然相同，结果也就相近。"
)
OTHER = (
    "A second sample, written in another script, has nothing in common with the first one; "
    "it is here so that the test can fail when unlike texts are thrown together by mistake."
)


def test_copies_with_small_changes_are_one_cluster() -> None:
    """A few changed characters, other spacing and width do not hide a copy."""
    items = [
        (1, SAMPLE),
        (2, OTHER),
        (3, SAMPLE.replace("任何人", "任何一人")),
        (4, SAMPLE.replace("，", ",  ")),
    ]
    assert clusters(items, KEY) == [[1, 3, 4]]


def test_short_and_empty_texts_never_cluster() -> None:
    """Two people who write "自愿退出" have not copied from each other."""
    assert clusters([(1, ""), (2, ""), (3, "自愿退出"), (4, "自愿退出"), (5, "……" * 20)], KEY) == []


def test_hash_says_nothing_without_its_key() -> None:
    """Under another key the same text has an unrelated hash."""
    one, other = Hasher(KEY).simhash(SAMPLE), Hasher(b"another").simhash(SAMPLE)
    assert one is not None
    assert other is not None
    assert (one ^ other).bit_count() > NEAR


def test_hash_is_fixed() -> None:
    """The same text and key give the same 64 bits in every release."""
    assert Hasher(KEY).simhash("Sample text that is fixed.") == 0x13129FFF22CB3A4E


@given(
    st.lists(
        st.builds(
            lambda base, at, sign: base[:at] + sign + base[at + 1 :],
            st.sampled_from([SAMPLE, OTHER]),
            st.integers(0, 80),
            st.sampled_from("样本xyz"),
        ),
        max_size=12,
    )
)
def test_clusters_are_exactly_the_chains_of_near_pairs(texts: list[str]) -> None:
    """The quick search finds every pair that a search through all pairs finds."""
    hasher = Hasher(KEY)
    hashes = [hasher.simhash(text) or 0 for text in texts]
    groups = [{at} for at in range(len(texts))]
    for one in range(len(texts)):
        for other in range(one):
            if (hashes[one] ^ hashes[other]).bit_count() <= NEAR:
                merged = next(g for g in groups if one in g) | next(g for g in groups if other in g)
                groups = [group for group in groups if not group & merged] + [merged]
    expected = sorted(sorted(group) for group in groups if len(group) > 1)
    assert clusters(list(enumerate(texts)), KEY) == expected


@pytest.mark.unmeasured
def test_full_queue_is_clustered_in_seconds() -> None:
    """2,000 texts, as a full queue has, take seconds at most, even while coverage is measured."""
    chance = random.Random(1)
    signs = [chr(0x4E00 + at) for at in range(300)]
    items = [(at, SAMPLE[:60] + "".join(chance.choices(signs, k=60))) for at in range(2_000)]
    start = time.process_time()
    clusters(items, KEY)
    assert time.process_time() - start < 10
