# SPDX-License-Identifier: AGPL-3.0-or-later
"""An installation in a folder of its own, and a certificate office in it."""

from pathlib import Path

import pytest

from tests.registry.certificates.office import Office, make_office
from tests.registry.declarations.conftest import installation, shared_database

__all__ = ["installation", "office", "shared_database"]


@pytest.fixture
def office(db: None, installation: Path) -> Office:
    """Make an office with two volunteers."""
    return make_office()
