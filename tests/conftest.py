# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every test shares: property-test profiles, and which tests run where."""

import os

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("TUIDANG_HYPOTHESIS", "default"))


def pytest_configure(config: pytest.Config) -> None:
    """Name a mark for tests that run without coverage, which makes them two or three times slower.

    For tests that go many times through lines that others go through as well.
    """
    config.addinivalue_line("markers", "unmeasured: many times through lines that others cover")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL leave out what cannot touch it: tests that ask for no database."""
    if not os.environ.get("TUIDANG_TEST_DATABASE"):
        return
    left = [item for item in items if not _asks_for_database(item)]
    items[:] = [item for item in items if _asks_for_database(item)]
    config.hook.pytest_deselected(items=left)


def _asks_for_database(item: pytest.Item) -> bool:
    # pytest-django refuses every query of a test that has neither.
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None
