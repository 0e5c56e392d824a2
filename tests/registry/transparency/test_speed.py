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
    """44,000 leaves go out in one batch in under 20 s of CPU; all their proofs take under 15."""
    arrive(range(FULL_DAY))
    began, worked = time.perf_counter(), time.process_time()
    batch = publish_on(0)
    published, effort = time.perf_counter() - began, time.process_time() - worked
    assert batch is not None
    worked = time.process_time()
    proofs = BatchProofs(batch)
    for commitment, index in Leaf.objects.values_list("commitment", "index"):
        proofs.received(bytes(commitment))
        assert index is not None
        proofs.entry(index)
    proven = time.process_time() - worked
    print(
        f"\n{FULL_DAY} leaves: published in {published:.1f} s ({effort:.1f} s of our CPU); ", end=""
    )
    print(f"two proofs each in {proven:.1f} s")
    assert effort < 20  # a marking that walks through all waiting leaves takes 80
    assert proven < 15
    assert len(stranger.look()) == FULL_DAY + 3
