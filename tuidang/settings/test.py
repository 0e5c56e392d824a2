# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings of the tests: the office's, with a data folder that is thrown away.

TUIDANG_TEST_DATABASE chooses the database; empty means SQLite.
"""

import os
import tempfile

os.environ.setdefault("TUIDANG_DATA", tempfile.mkdtemp(prefix="tuidang-test-"))
os.environ.setdefault("TUIDANG_MEMORY", tempfile.mkdtemp(prefix="tuidang-memory-"))
os.environ.setdefault("TUIDANG_ORIGIN", "example.org/registry")
os.environ["TUIDANG_DATABASE"] = os.environ.get("TUIDANG_TEST_DATABASE", "")

from tuidang.settings.office import *  # noqa: F403

ARGON2_MEMORY_KIB = 8 * 1024  # the tests make many members
RECIPIENT_CACHE_SECONDS = 0  # each test rolls its ring keys back
