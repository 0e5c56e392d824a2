# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a parser is fuzzed: 500 cases in every run of the tests, 10,000 in the nightly one."""

import os
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

CASES, NIGHTLY_CASES = 500, 10_000
NIGHTLY = os.environ.get("TUIDANG_HYPOTHESIS") == "nightly"

Test = TypeVar("Test", bound=Callable[..., object])


def fuzzed(test: Test) -> Test:
    """Run a property test of a parser with as many cases as parsers get; goes above `given`."""
    cases = NIGHTLY_CASES if NIGHTLY else CASES
    slow = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    many = settings(max_examples=cases, deadline=None, suppress_health_check=slow)
    marked: Test = pytest.mark.fuzzed(many(test))
    return marked
