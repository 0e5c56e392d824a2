# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ports for servers that are told theirs before they listen."""

import os
import socket
from itertools import count

# Below what the kernel gives to connections that go out, so that none of them comes between the
# look and the use; and each worker of a test run has ports of its own.
FIRST, EACH = 20_000, 1_000
_numbers = count(os.getpid())


def free_port() -> int:
    """Return a port of the loopback interface that nothing uses now, another one each time."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 10
    for _ in range(EACH):
        port = FIRST + worker * EACH + next(_numbers) % EACH
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise AssertionError("every port is in use")
