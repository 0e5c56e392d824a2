# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where this installation keeps its log and its lock: folders, or addresses of a service."""

from functools import cache
from pathlib import Path

from django.conf import settings

from tuidang.registry.transparency.lock import LockStore, SqliteLock
from tuidang.registry.transparency.s3 import Bucket, S3Lock, S3Store
from tuidang.registry.transparency.storage import LogStore, PosixStore


def open_store() -> LogStore:
    """Return the store of the log's files; what is local to this machine lies beside LOG_FOLDER."""
    folder = Path(settings.LOG_FOLDER)
    if settings.LOG_STORE:
        return S3Store(_bucket(settings.LOG_STORE), folder)
    return PosixStore(folder)


def open_lock() -> LockStore:
    """Return the store of the newest signed checkpoint."""
    if settings.LOCK_STORE:
        return S3Lock(_bucket(settings.LOCK_STORE))
    return SqliteLock(Path(settings.LOCK_FOLDER))


@cache
def _bucket(address: str) -> Bucket:
    """A client takes a tenth of a second to make and serves all threads."""
    return Bucket(address)
