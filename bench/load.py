# SPDX-License-Identifier: AGPL-3.0-or-later
"""A load of declarations over HTTP on the loopback interface, bounded in count and time.

Open loop: requests start on schedule whether or not earlier ones are answered, and latency
counts from the scheduled moment, so a slow server cannot hide by slowing its clients down.
Closed loop: so many at a time, each waiting for its answer.
"""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field

HOST = "127.0.0.1"
CREATED = b"HTTP/1.1 201"


@dataclass
class Result:
    """What one run measured: seconds for each answer, and what was not answered with 201."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0

    @property
    def rate(self) -> float:
        """Return accepted requests per second."""
        return len(self.latencies) / self.seconds

    def quantile(self, share: float) -> float:
        """Return the latency in milliseconds below which `share` of the answers lie."""
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(share * len(ranked)))] * 1000


def requests(count: int, path: str = "/api/v1/declarations") -> list[bytes]:
    """Return whole HTTP requests, each a sample declaration of one person with a fresh key."""
    return [_request(path, secrets.token_urlsafe(16)) for _ in range(count)]


def _request(path: str, key: str) -> bytes:
    person = {
        "name": "样本甲",
        "kind": "alias",
        "organizations": ["league", "pioneers"],
        "declared_by": "self",
    }
    body = {"language": "zh-Hans", "show": "count", "persons": [person], "idempotency_key": key}
    data = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


class Client:
    """One kept-alive connection at a time, opened anew when the server closes it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.writer: asyncio.StreamWriter | None = None

    async def send(self, request: bytes) -> bool:
        """Send one request; True if it was answered with 201."""
        try:
            if self.writer is None:
                self._reader, self.writer = await asyncio.open_connection(HOST, self.port)
            self.writer.write(request)
            return await asyncio.wait_for(self._answer(), timeout=30)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            return False

    async def _answer(self) -> bool:
        head = await self._reader.readuntil(b"\r\n\r\n")
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                await self._reader.readexactly(int(line[15:]))
        return head.startswith(CREATED)

    def close(self) -> None:
        """Forget the connection."""
        if self.writer is not None:
            self.writer.close()
        self.writer = None


async def _closed(port: int, waiting: list[bytes], at_a_time: int) -> Result:
    result, began = Result(), time.perf_counter()

    async def one() -> None:
        client = Client(port)
        while waiting:
            request, start = waiting.pop(), time.perf_counter()
            _note(result, await client.send(request), time.perf_counter() - start)
        client.close()

    await asyncio.gather(*(one() for _ in range(at_a_time)))
    result.seconds = time.perf_counter() - began
    return result


async def _open(port: int, waiting: list[bytes], rate: float) -> Result:
    result, idle, tasks = Result(), [Client(port) for _ in range(64)], []
    began = time.perf_counter()

    async def one(request: bytes, due: float) -> None:
        client = idle.pop() if idle else Client(port)
        good = await client.send(request)
        _note(result, good, time.perf_counter() - due)
        idle.append(client)

    for number, request in enumerate(waiting):
        due = began + number / rate
        if (pause := due - time.perf_counter()) > 0:
            await asyncio.sleep(pause)
        tasks.append(asyncio.create_task(one(request, due)))
    await asyncio.gather(*tasks)
    result.seconds = time.perf_counter() - began
    for client in idle:
        client.close()
    return result


def _note(result: Result, good: bool, seconds: float) -> None:  # noqa: FBT001 -- what was answered
    if good:
        result.latencies.append(seconds)
    else:
        result.errors += 1


def closed_loop(port: int, count: int, at_a_time: int) -> Result:
    """Send `count` declarations, `at_a_time` at once."""
    return asyncio.run(_closed(port, requests(count), at_a_time))


def open_loop(port: int, rate: float, seconds: float) -> Result:
    """Send declarations at `rate` a second for `seconds`."""
    return asyncio.run(_open(port, requests(int(rate * seconds)), rate))
