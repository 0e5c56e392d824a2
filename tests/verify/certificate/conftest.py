# SPDX-License-Identifier: AGPL-3.0-or-later
"""The common set, written once for all tests of this folder."""

import pytest

from tests.verify.certificate.cases import Case, all_cases


@pytest.fixture(scope="session")
def common_set(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Every case, and its file on the disk."""
    return all_cases(tmp_path_factory.mktemp("certificates"))
