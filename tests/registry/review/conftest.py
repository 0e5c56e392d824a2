# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same installation and desk as the tests of declarations have."""

from tests.registry.declarations.conftest import desk, installation, shared_database

__all__ = ["desk", "installation", "shared_database"]
