# SPDX-License-Identifier: AGPL-3.0-or-later
"""A log in memory behind HTTP, so that a test can take a file away or change one."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Files:
    """What is served below `url`, and what was asked for so far."""

    url: str
    content: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Files]:
    """Serve files until the block ends; bundles are packed, as a log may do unasked."""
    files = Files("")

    class Served(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            """Answer with a file or 404."""
            path = self.path.removeprefix("/")
            files.asked.append(path)
            data = files.content.get(path)
            self.send_response(404 if data is None else 200)
            if path.startswith("tile/entries/"):
                data = gzip.compress(data, 1) if data is not None else None
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(data or b"")))
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Served) as http:
        http.daemon_threads = True
        http.block_on_close = False
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        files.url = f"http://127.0.0.1:{http.server_port}"
        yield files
        http.shutdown()
        thread.join()
