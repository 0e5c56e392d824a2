# SPDX-License-Identifier: AGPL-3.0-or-later
"""A full day's batch, measured."""

import time

import pytest

from tests.registry.transparency.samples import arrive, publish_on
from tests.registry.transparency.stranger import Stranger
from tuidang.registry.transparency.models import Leaf
from tuidang.registry.transparency.proofs import BatchProofs

FULL_DAY = 44_000


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_full_day_is_published_in_seconds(stranger: Stranger) -> None:
    """44,000 leaves go out in one batch, and all their proofs are made, in well under a minute."""
    arrive(range(FULL_DAY))
    began = time.perf_counter()
    batch = publish_on(0)
    published = time.perf_counter() - began
    assert batch is not None
    began = time.perf_counter()
    proofs = BatchProofs(batch)
    for commitment, index in Leaf.objects.values_list("commitment", "index"):
        proofs.received(bytes(commitment))
        assert index is not None
        proofs.entry(index)
    proven = time.perf_counter() - began
    print(f"\n{FULL_DAY} leaves: published in {published:.1f} s, 2 proofs each in {proven:.1f} s")
    assert published < 30
    assert proven < 15
    assert len(stranger.look()) == FULL_DAY + 3
