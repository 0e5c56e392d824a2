# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings of the tests: the office's, with a data folder that is thrown away.

TUIDANG_TEST_DATABASE chooses the database; empty means SQLite.
"""

import atexit
import os
import shutil
import tempfile

for _name in ("TUIDANG_DATA", "TUIDANG_MEMORY"):
    if _name not in os.environ:
        os.environ[_name] = tempfile.mkdtemp(prefix="tuidang-test-")
        atexit.register(shutil.rmtree, os.environ[_name], ignore_errors=True)
os.environ.setdefault("TUIDANG_ORIGIN", "example.org/registry")
os.environ["TUIDANG_DATABASE"] = os.environ.get("TUIDANG_TEST_DATABASE", "")

from tuidang.settings.office import *  # noqa: E402, F403
from tuidang.settings.office import TEMPLATES  # noqa: E402

LOGGING_CONFIG = None  # a handler would keep the output of the test in which it was made
ARGON2_MEMORY_KIB = 8 * 1024  # the tests make many members
SECOND_WORD_COST = 4  # and try many words
RECIPIENT_CACHE_SECONDS = 0  # each test rolls its ring keys back
TEMPLATES[0]["OPTIONS"]["debug"] = True  # type: ignore[index]  # coverage of templates asks for it
