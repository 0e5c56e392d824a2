# SPDX-License-Identifier: Apache-2.0
"""A log behind a URL, fetched over a few connections that stay open.

Redirects are not followed: the files are where their names say. It must never hold more
than a few files at once, nor unpack more of one than it may honestly have.

Source: tlog-tiles, in `transparency-log.md` section 5.
"""

import urllib.request
import zlib
from base64 import b64encode
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from queue import SimpleQueue
from urllib.parse import SplitResult, unquote, urlsplit

from tuidang.verify.errors import AuditFailed

CAP = 1_000_001  # one byte more than a checkpoint may have; no other file is as long
TIMEOUT = 30  # seconds without an answer
LINES = 8  # connections at a time
AHEAD = 32  # files that are fetched before they are asked for
_FAILURES = (OSError, ValueError, HTTPException, zlib.error)
_GZIP = 16 + zlib.MAX_WBITS


class Site:
    """The files of a log below a URL."""

    strict = False

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def read(self, path: str) -> bytes:
        """Return a file's bytes, unpacked, at most CAP of them; AuditFailed if it fails."""
        with closing(_Line(self._url)) as line:
            return line.fetch(path)

    def find(self, path: str) -> bytes | None:
        """Return a file's bytes as `read` does: nobody can see what a server does not serve."""
        return self.read(path)

    def stream(self, paths: Iterable[str]) -> Generator[bytes, None, None]:
        """Yield the bytes of these files in order, some of them fetched ahead; as `read` does."""
        lines = [_Line(self._url) for _ in range(LINES)]
        free: SimpleQueue[_Line] = SimpleQueue()
        for line in lines:
            free.put(line)

        def fetch(path: str) -> bytes:
            line = free.get()
            try:
                return line.fetch(path)
            finally:
                free.put(line)

        pool = ThreadPoolExecutor(LINES)
        coming: deque[Future[bytes]] = deque()
        try:
            for path in paths:
                coming.append(pool.submit(fetch, path))
                if len(coming) > AHEAD:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
            for line in lines:
                line.close()

    def names(self, folder: str) -> Iterator[tuple[str, str]]:
        """Yield nothing: what else a server has cannot be seen."""
        return iter(())


class _Line:
    """One connection to the host of a URL, or to the proxy that the environment names."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: HTTPConnection | None = None

    def fetch(self, path: str) -> bytes:
        """Return a file's bytes, unpacked, at most CAP of them; AuditFailed if it fails."""
        try:
            kept = self._connection is not None
            try:
                return self._fetch(path)
            except (ConnectionError, HTTPException):
                self.close()
                if not kept:
                    raise
            return self._fetch(path)  # the host had hung up on a connection that we kept
        except _FAILURES as error:
            self.close()
            raise AuditFailed(path, f"cannot be fetched: {error}") from error

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _fetch(self, path: str) -> bytes:
        if self._connection is None:
            self._connection, self._prefix, self._headers = _dial(urlsplit(self._url))
        self._connection.request("GET", f"{self._prefix}/{path}", headers=self._headers)
        with self._connection.getresponse() as answer:
            data = answer.read(CAP)
            whole = answer.isclosed()
        if not whole:  # what is left would be taken for the next answer
            self.close()
        if answer.status != 200:
            raise ValueError(f"HTTP status {answer.status}")
        return _unpacked(answer, data)


def _unpacked(answer: HTTPResponse, data: bytes) -> bytes:
    if answer.length and len(data) < CAP:
        raise ValueError("the answer is cut off")
    if answer.headers.get("Content-Encoding") != "gzip":
        return data
    return zlib.decompressobj(_GZIP).decompress(data, CAP)


def _dial(url: SplitResult) -> tuple[HTTPConnection, str, dict[str, str]]:
    """Return a connection, what goes before paths in a request, and the headers it needs."""
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    if not url.hostname:
        raise ValueError("the URL names no host")
    proxy = urllib.request.getproxies().get(url.scheme)
    if not proxy or urllib.request.proxy_bypass(url.netloc):
        return kind(url.hostname, url.port, timeout=TIMEOUT), url.path, {}
    via = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    if not via.hostname:
        raise ValueError("the proxy has no host")
    connection = kind(via.hostname, via.port or 80, timeout=TIMEOUT)
    login = f"{unquote(via.username or '')}:{unquote(via.password or '')}"
    headers = {"Proxy-Authorization": f"Basic {b64encode(login.encode()).decode()}"}
    headers = headers if via.username else {}
    if url.scheme == "https":
        connection.set_tunnel(url.hostname, url.port, headers)
        return connection, url.path, {}
    return connection, f"http://{url.netloc}{url.path}", headers
