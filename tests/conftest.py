# SPDX-License-Identifier: AGPL-3.0-or-later
"""What every test shares: the property-test profiles."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "default", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", max_examples=10_000, deadline=None)
settings.load_profile(os.environ.get("TUIDANG_HYPOTHESIS", "default"))
