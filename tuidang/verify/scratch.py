# SPDX-License-Identifier: Apache-2.0
"""Bytes that an audit lays aside: in memory while they are few, then in a file without a name.

The file vanishes with the process, however it ends. It must never hold anything but what
can be read in the public log anyway.
"""

import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tuidang.verify.errors import ScratchError

IN_MEMORY = 1 << 20  # bytes; the last ones are held back so that writes are large


class Scratch:
    """Bytes that grow at the end, are read anywhere, and may be overwritten."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._written = 0  # bytes in the file; the others are in the tail
        self._tail = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return self._written + len(self._tail)

    def append(self, data: bytes | bytearray) -> None:
        """Add bytes at the end; raises ScratchError where there is no room for them."""
        self._tail += data
        if len(self._tail) >= IN_MEMORY:
            self._put(self._written, bytes(self._tail))
            self._written += len(self._tail)
            self._tail.clear()

    def read(self, at: int, length: int) -> bytes:
        """Return `length` bytes from `at`, fewer at the end; raises ScratchError."""
        data = self._get(at, min(length, self._written - at)) if at < self._written else b""
        start = max(at - self._written, 0)
        return data + self._tail[start : start + length - len(data)]

    def overwrite(self, at: int, byte: int) -> None:
        """Replace the byte at `at`; raises ScratchError."""
        if at < self._written:
            self._put(at, bytes([byte]))
        else:
            self._tail[at - self._written] = byte

    def close(self) -> None:
        """Forget everything."""
        self._tail.clear()
        if self._file is not None:
            self._file.close()

    def _put(self, at: int, data: bytes) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(buffering=0, dir=self._folder)  # noqa: SIM115
            self._file.seek(at)
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
        except OSError as error:
            raise self._refusal(error) from error

    def _get(self, at: int, length: int) -> bytes:
        try:
            data = b""
            if self._file is not None:
                self._file.seek(at)
                data = self._file.read(length)
        except OSError as error:
            raise self._refusal(error) from error
        if len(data) != length:
            raise self._refusal(OSError("what was written is not there"))
        return data

    def _refusal(self, error: OSError) -> ScratchError:
        folder = self._folder or Path(tempfile.gettempdir())
        return ScratchError(str(folder), error.strerror or str(error))
