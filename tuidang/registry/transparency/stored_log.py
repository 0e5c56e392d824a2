# SPDX-License-Identifier: AGPL-3.0-or-later
"""Our own log as an auditor reads it: strictly in a folder, file by file on a service."""

from collections.abc import Generator, Iterable, Iterator

from tuidang.registry.transparency.errors import FileMissing
from tuidang.registry.transparency.storage import LogStore, PosixStore
from tuidang.verify.errors import AuditFailed
from tuidang.verify.sources import Source, open_source


def source_of(store: LogStore) -> Source:
    """Return what `tuidang.verify` audits: the public files of this store."""
    return open_source(str(store.folder)) if isinstance(store, PosixStore) else _Stored(store)


class _Stored:
    """The files of a log in a store that cannot be walked through."""

    strict = False

    def __init__(self, store: LogStore) -> None:
        self._store = store

    def read(self, path: str) -> bytes:
        try:
            return self._store.read(path)
        except FileMissing as error:
            raise AuditFailed(path, "is missing") from error

    def find(self, path: str) -> bytes | None:
        try:
            return self._store.read(path)
        except FileMissing:
            return None

    def stream(self, paths: Iterable[str]) -> Generator[bytes, None, None]:
        yield from map(self.read, paths)

    def names(self, folder: str) -> Iterator[tuple[str, str]]:
        yield from ()
