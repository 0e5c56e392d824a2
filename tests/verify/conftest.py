# SPDX-License-Identifier: AGPL-3.0-or-later
"""A whole log on the disk, made once, and a copy for tests that change it."""

import shutil
from pathlib import Path

import pytest

from tests.verify.sample_logs import log_files, sample_log, write_files


@pytest.fixture(scope="session")
def entries() -> list[bytes]:
    """The entries of the sample log."""
    return sample_log()


@pytest.fixture(scope="session")
def files(entries: list[bytes]) -> dict[str, bytes]:
    """All files of the sample log."""
    return log_files(entries)


@pytest.fixture(scope="session")
def whole_log(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample log on the disk; tests leave it as it was."""
    return write_files(tmp_path_factory.mktemp("whole"), files)


@pytest.fixture
def log(whole_log: Path, tmp_path: Path) -> Path:
    """A copy of the sample log for one test."""
    return Path(shutil.copytree(whole_log, tmp_path / "log"))
